package models

import "trackly/rules/experiment"

// VariantReport counts what one variant did.
type VariantReport struct {
	Variant     int
	Name        string
	Percent     int
	CreativeID  CreativeID
	Planned     int64
	Sent        int64 // accepted by the provider, whatever came later
	Delivered   int64
	Undelivered int64
	Failed      int64
	Skipped     int64
	Unknown     int64
	Segments    int64 // of accepted messages
	Clicks      int64 // messages that a person followed a link of
	Bots        int64 // requests of machines
	Unsure      int64 // requests of which nobody can tell; counted with neither
	OptOuts     int64 // contacts who said STOP after this message
}

// ReasonCount counts the messages of one state and reason.
type ReasonCount struct {
	State  MessageState
	Reason string
	Count  int64
}

// Arms are the variants as a test between them sees them. What they earn is not known yet.
func (r Report) Arms() []experiment.Arm {
	arms := make([]experiment.Arm, len(r.Variants))
	for i, v := range r.Variants {
		arms[i] = experiment.Arm{Name: v.Name, Sends: v.Sent, Clicks: v.Clicks}
	}
	return arms
}

// Report is what came of a campaign.
type Report struct {
	Progress Progress
	Variants []VariantReport
	Reasons  []ReasonCount
}
