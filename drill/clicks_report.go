package main

import (
	"fmt"
	"strings"
)

// tapsTally is the figures of the stage of taps and sales.
type tapsTally struct {
	Kills     int     `json:"kills"`
	Taps      int     `json:"taps_answered"`
	Broken    int     `json:"taps_broken_off"` // after they reached the API
	Clicks    int     `json:"clicks_stored"`
	Postbacks int     `json:"events_told"` // many by two requests at once
	Seconds   float64 `json:"seconds"`
	tapsVerdict
}

// String is the stage in one readable line, and its findings below.
func (t *tapsTally) String() string {
	text := fmt.Sprintf("taps      %d kills: %d answered and %d broken off, %d clicks stored: lost %d, too many %d, wrong %d, off the cap %d; "+
		"%d sales and returns told: lost %d, twice %d, wrong %d, unanswered %d; wrong sums %d; %.1f s",
		t.Kills, t.Taps, t.Broken, t.Clicks, t.LostClicks, t.DoubledClicks, t.WrongClicks, t.CapMissed,
		t.Postbacks, t.LostSales, t.DoubledSales, t.WrongSales, t.UnansweredSales, t.WrongSums, t.Seconds)
	if len(t.Findings) > 0 {
		text += "\n  " + strings.Join(t.Findings, "\n  ")
	}
	return text
}
