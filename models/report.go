package models

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
	Clicks      int64 // messages with at least one click
	OptOuts     int64 // contacts who said STOP after this message
}

// ReasonCount counts the messages of one state and reason.
type ReasonCount struct {
	State  MessageState
	Reason string
	Count  int64
}

// Report is what came of a campaign.
type Report struct {
	Progress Progress
	Variants []VariantReport
	Reasons  []ReasonCount
}
