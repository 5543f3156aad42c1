package models

import (
	"time"

	"trackly/rules/verdict"
)

// Revised counts what a later look at clicks changed.
type Revised struct {
	Judged  int64 // clicks that were looked at, most of them again
	Changed int64 // whose verdict is another now
	More    bool  // it stopped before the present
}

// Plus adds up.
func (r Revised) Plus(o Revised) Revised {
	return Revised{Judged: r.Judged + o.Judged, Changed: r.Changed + o.Changed, More: o.More}
}

// ClickTold is a click as a message's story tells it. Own is what its request alone says.
type ClickTold struct {
	At         time.Time
	Link       int
	Verdict    verdict.Is
	Reason     verdict.Reason
	OwnVerdict verdict.Is
	OwnReason  verdict.Reason
	Counts     bool // it is the one that counts for the message
}

// Revised reports whether more than its request speaks for the verdict.
func (c ClickTold) Revised() bool { return c.Verdict != c.OwnVerdict || c.Reason != c.OwnReason }
