package models

import "trackly/rules/experiment"

// VariantReport is what one variant did.
type VariantReport struct {
	Variant    int
	Name       string
	Percent    int
	Spare      bool // it has no share: it takes over when an offer is full
	CreativeID CreativeID
	Planned    int64
	Metrics
}

// ReasonCount counts the messages of one state and reason.
type ReasonCount struct {
	State  MessageState
	Reason string
	Count  int64
}

// Arms are the variants as a test between them sees them. A spare variant got its people
// when the others had to stop, not by chance, so it is no part of the test.
func (r Report) Arms() []experiment.Arm {
	arms := make([]experiment.Arm, 0, len(r.Variants))
	for _, v := range r.Variants {
		if !v.Spare {
			arms = append(arms, experiment.Arm{
				Name: v.Name, Sends: v.Sends, Clicks: v.Clicks, Conversions: v.Conversions - v.Reversals,
				Revenue: v.Revenue.Units(), Cost: v.Cost.Units(),
			})
		}
	}
	return arms
}

// Total adds the variants up.
func (r Report) Total() (m Metrics) {
	for _, v := range r.Variants {
		m = m.Plus(v.Metrics)
	}
	return m
}

// Report is what came of a campaign.
type Report struct {
	Progress Progress
	Variants []VariantReport
	Reasons  []ReasonCount
}
