// Package fault is the one error vocabulary of the product. A Kind says what the
// caller can do about a failure; each border (Postgres, HTTP, Temporal) translates to
// or from it in one place. It is not a logging package and knows no transport.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what the caller can do about a failure.
type Kind string

// The kinds, from the caller's fault to ours.
const (
	Invalid   Kind = "invalid"   // the request can never work; fix it
	NotFound  Kind = "not_found" // no such thing, or not yours to see
	Conflict  Kind = "conflict"  // the thing is in another state now
	Forbidden Kind = "forbidden" // consent, standing or role forbids it
	Throttled Kind = "throttled" // come back after RetryAfter
	Broken    Kind = "broken"    // a dependency failed; retrying may help
	Internal  Kind = "internal"  // our bug; details are for the log only
)

// Final reports whether trying the same thing again can never help.
func (k Kind) Final() bool {
	switch k {
	case Invalid, NotFound, Conflict, Forbidden:
		return true
	case Throttled, Broken, Internal:
		return false
	}
	return false
}

// Problem is one complaint about one place of a request.
type Problem struct {
	Where   string // path in the client's words, such as "variants[1].percent"
	Message string
}

// Fault is an error with a Kind. Message is safe to show to the caller; the cause is not.
type Fault struct {
	Kind       Kind
	Message    string
	Problems   []Problem     // every complaint at once, for Invalid
	RetryAfter time.Duration // for Throttled: how long to stay away
	cause      error
}

// New makes a fault without a cause.
func New(kind Kind, format string, args ...any) *Fault {
	return &Fault{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Wrap makes a fault that keeps its cause for the log.
func Wrap(cause error, kind Kind, format string, args ...any) *Fault {
	return &Fault{Kind: kind, Message: fmt.Sprintf(format, args...), cause: cause}
}

// After is a Throttled fault that says how long to stay away.
func After(wait time.Duration, format string, args ...any) *Fault {
	f := New(Throttled, format, args...)
	f.RetryAfter = wait
	return f
}

// Error gives the message and, behind it, the cause.
func (f *Fault) Error() string {
	msg := f.Message
	for _, p := range f.Problems {
		msg += "; " + p.Where + ": " + p.Message
	}
	if f.cause != nil {
		return msg + ": " + f.cause.Error()
	}
	return msg
}

// Unwrap gives the cause, for errors.Is and errors.As.
func (f *Fault) Unwrap() error { return f.cause }

// KindOf returns Internal for anything nobody classified.
func KindOf(err error) Kind {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.Kind
	}
	return Internal
}

// Problems collects complaints so that a caller hears all of them at once.
type Problems []Problem

// Add notes one complaint.
func (p *Problems) Add(where, format string, args ...any) {
	*p = append(*p, Problem{Where: where, Message: fmt.Sprintf(format, args...)})
}

// Err is nil when there was nothing to complain about.
func (p Problems) Err(what string) error {
	if len(p) == 0 {
		return nil
	}
	f := New(Invalid, "%s cannot be accepted", what)
	f.Problems = p
	return f
}
