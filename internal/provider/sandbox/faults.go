package sandbox

import (
	"time"

	"trackly/internal/fault"
)

// Spell is how often a fault strikes, and for those that take time, how long.
type Spell struct {
	Percent    float64 `json:"percent"`               // of requests, 0 to 100
	MinMS      int     `json:"min_ms,omitempty"`      // milliseconds
	MaxMS      int     `json:"max_ms,omitempty"`      // milliseconds
	RetryAfter int     `json:"retry_after,omitempty"` // seconds, for throttled
}

// CodeShare refuses a share of phones with one of Twilio's codes; only Twilio's format
// heeds it. A phone keeps its fate.
type CodeShare struct {
	Code    int     `json:"code"`
	Percent float64 `json:"percent"` // of phones, 0 to 100
}

// Faults are the ways to misbehave; the zero value is none. "Before" means that nothing
// was accepted, "after" that the text was accepted and will be delivered.
type Faults struct {
	Latency     Spell       `json:"latency"`      // before anything else
	Throttled   Spell       `json:"throttled"`    // 429
	FailBefore  Spell       `json:"fail_before"`  // 500 with the provider's JSON
	PageBefore  Spell       `json:"page_before"`  // 502 with a page of a proxy
	DropBefore  Spell       `json:"drop_before"`  // the connection is closed
	FailAfter   Spell       `json:"fail_after"`   // 500 with the provider's JSON
	GarbleAfter Spell       `json:"garble_after"` // 201, or the provider's own 2xx, with something that is not JSON
	DropAfter   Spell       `json:"drop_after"`   // the connection is closed
	Codes       []CodeShare `json:"codes"`

	Refusals []RefusalShare `json:"refusals"`

	CallbacksLost      Spell `json:"callbacks_lost"`
	CallbacksTwice     Spell `json:"callbacks_twice"`
	CallbacksReordered Spell `json:"callbacks_reordered"` // the final one first
	CallbacksEarly     Spell `json:"callbacks_early"`     // before create is answered
	CallbacksLate      Spell `json:"callbacks_late"`      // by min_ms to max_ms
}

// SetFaults replaces all faults; requests under way keep theirs. Shares outside 0 to
// 100 are an Invalid fault.
func (s *Sandbox) SetFaults(f Faults) error {
	if err := f.check(); err != nil {
		return err
	}
	s.faults.Store(&f)
	return nil
}

func (f *Faults) named() map[string]Spell {
	return map[string]Spell{
		"latency": f.Latency, "throttled": f.Throttled, "fail_before": f.FailBefore,
		"page_before": f.PageBefore, "drop_before": f.DropBefore, "fail_after": f.FailAfter,
		"garble_after": f.GarbleAfter, "drop_after": f.DropAfter,
		"callbacks_lost": f.CallbacksLost, "callbacks_twice": f.CallbacksTwice,
		"callbacks_reordered": f.CallbacksReordered, "callbacks_early": f.CallbacksEarly,
		"callbacks_late": f.CallbacksLate,
	}
}

func (f *Faults) check() error {
	var bad fault.Problems
	for name, spell := range f.named() {
		if spell.Percent < 0 || spell.Percent > 100 {
			bad.Add(name+".percent", "must be from 0 to 100")
		}
		if spell.MinMS < 0 || spell.MaxMS < spell.MinMS {
			bad.Add(name+".max_ms", "must not be below min_ms")
		}
	}
	for _, c := range f.Codes {
		if c.Percent < 0 || c.Percent > 100 || c.Code <= 0 {
			bad.Add("codes", "wants a positive code and a percentage from 0 to 100")
		}
	}
	for _, c := range f.Refusals {
		if c.Percent < 0 || c.Percent > 100 || !refusable(c.Class) {
			bad.Add("refusals", "wants a known class and a percentage from 0 to 100")
		}
	}
	return bad.Err("the faults")
}

// strikes reports whether the fault happens to request n.
func (s *Sandbox) strikes(kind string, f Spell, n uint64) bool {
	return f.Percent > 0 && s.dice.rollN(kind, n) < f.Percent
}

// span is how long a fault that takes time takes for request n.
func (s *Sandbox) span(kind string, f Spell, n uint64) time.Duration {
	extra := s.dice.rollN(kind+" span", n) / 100 * float64(f.MaxMS-f.MinMS)
	return time.Duration((float64(f.MinMS) + extra) * float64(time.Millisecond))
}

// doom is the code a phone is refused with, 0 for most. Shares add up: 2 % of one code
// and 3 % of another are 5 % of phones.
func (s *Sandbox) doom(f *Faults, phone string) int {
	if len(f.Codes) == 0 {
		return 0
	}
	left := s.dice.roll("code", phone)
	for _, c := range f.Codes {
		if left -= c.Percent; left < 0 {
			return c.Code
		}
	}
	return 0
}
