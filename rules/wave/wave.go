// Package wave says when a time on the wall comes where a contact lives. It knows no
// campaigns, and not whether that is an hour at which anybody may be texted.
//
// Zone data differs between machines, so the answers belong into activities and the
// store, never into a workflow.
package wave

import (
	"time"

	"trackly/internal/fault"
	"trackly/rules/place"
)

// form is how a time on the wall is written, such as 2026-11-26T09:00.
const form = "2006-01-02T15:04"

// Wall is a day and a time on a clock on the wall, wherever that hangs.
type Wall struct {
	face time.Time // as if the clock hung in Greenwich
}

// Parse reads what String writes, and nothing else.
func Parse(text string) (Wall, error) {
	face, err := time.Parse(form, text)
	if err != nil || face.Format(form) != text || face.Year() < 2000 || face.Year() > 2200 {
		return Wall{}, fault.New(fault.Invalid, "must be a time on the wall without a zone, such as 2026-11-26T09:00")
	}
	return Wall{face}, nil
}

// String writes the time, without a zone.
func (w Wall) String() string { return w.face.Format(form) }

// The furthest clocks on earth.
const (
	east = 14 * time.Hour
	west = 12 * time.Hour
)

// First is when the first clock on earth shows the time.
func (w Wall) First() time.Time { return w.face.Add(-east) }

// Last is when the last clock on earth shows it: from then on it has passed everywhere.
func (w Wall) Last() time.Time { return w.face.Add(west) }

// In is the earliest instant from which on the zone's clock never shows an earlier time.
// A time that the clock leaps over in spring comes with the leap. One that it shows twice
// in autumn comes with the second: after the first, the clock would go back behind it.
func (w Wall) In(zone *time.Location) time.Time {
	var at time.Time
	// A zone keeps one distance to Greenwich for months; between its changes the clock
	// shows earlier times until face less the distance.
	for t, far := w.face.Add(-2*east), w.face.Add(2*east); t.Before(far); {
		local := t.In(zone)
		start, end := local.ZoneBounds()
		_, offset := local.Zone()
		if until := w.face.Add(-time.Duration(offset) * time.Second); start.IsZero() || until.After(start) {
			at = until
			if !end.IsZero() && end.Before(until) {
				at = end
			}
		}
		if end.IsZero() {
			break
		}
		t = end
	}
	return at.UTC()
}

// Of is when the time has come wherever a contact may be: the latest of the candidate
// zones counts, so that nobody is too early. Without a candidate that stands for a place
// on earth the home zone counts, and Greenwich where that is none either.
func (w Wall) Of(zones []string, home string) time.Time {
	latest, known := time.Time{}, false
	for _, name := range zones {
		if zone, ok := place.Location(name); ok {
			if at := w.In(zone); !known || at.After(latest) {
				latest, known = at, true
			}
		}
	}
	if known {
		return latest
	}
	if zone, ok := place.Location(home); ok {
		return w.In(zone)
	}
	return w.face
}
