package api

import (
	"strconv"
	"time"

	"trackly/models"
)

// inboundView is a text of a person as clients read it.
type inboundView struct {
	ID         string     `json:"id"`
	ListID     string     `json:"list_id"`
	Phone      string     `json:"phone" doc:"Empty after an erasure."`
	Body       string     `json:"body"`
	Verdict    string     `json:"verdict" enum:"none,stop,start,help,ambiguous" doc:"What it was read as."`
	Tier       string     `json:"tier,omitempty" doc:"How sure the reading is: a keyword, a phrase, or unclear."`
	Matched    string     `json:"matched,omitempty" doc:"The rule that decided."`
	Version    string     `json:"version" doc:"Of the rules."`
	Review     string     `json:"review,omitempty" enum:"open,kept,opted_out" doc:"Of an unclear answer. While it is open the person gets no marketing."`
	ReviewBy   string     `json:"review_by,omitempty"`
	ReviewedAt *time.Time `json:"reviewed_at,omitempty"`
	TookMS     int        `json:"took_ms" doc:"Milliseconds from its arrival until it was heeded."`
	ReceivedAt time.Time  `json:"received_at"`
}

func inboundViewOf(i models.Inbound) inboundView {
	return inboundView{
		ID: strconv.FormatInt(i.ID, 10), ListID: string(i.ListID), Phone: i.Phone, Body: i.Body, Verdict: string(i.Verdict),
		Tier: string(i.Tier), Matched: i.Matched, Version: i.Version, Review: string(i.Review), ReviewBy: i.ReviewBy,
		ReviewedAt: utc(i.ReviewedAt), TookMS: i.TookMS, ReceivedAt: i.ReceivedAt.UTC(),
	}
}
