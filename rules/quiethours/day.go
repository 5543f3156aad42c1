package quiethours

import "time"

// day is a local calendar day, counted from 1970-01-01 wherever that was.
type day int64

const (
	daySeconds = 24 * 60 * 60
	dayMinutes = 24 * 60
	// reach is more than any zone is away from UTC.
	reach = 26 * 60 * 60
)

func dayOf(year int, month time.Month, d int) day {
	return day(time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix() / daySeconds)
}

// localDay is what the calendar on a wall in loc shows at the instant.
func localDay(loc *time.Location, unix int64) day {
	_, offset := time.Unix(unix, 0).In(loc).Zone()
	local := unix + int64(offset)
	d := local / daySeconds
	if local%daySeconds < 0 {
		d--
	}
	return day(d)
}

// weekday: 1970-01-01 was a Thursday.
func (d day) weekday() time.Weekday { return time.Weekday(((d+4)%7 + 7) % 7) }

func (d day) date() time.Time { return time.Unix(int64(d)*daySeconds, 0).UTC() }

func (d day) year() int { return d.date().Year() }

// wall is the reading of a clock in seconds, minute minutes into the day.
func (d day) wall(minute int) int64 { return int64(d)*daySeconds + int64(minute)*60 }

// begins is the instant from which on the clocks in loc never read earlier than wall. When
// they are put back over it, that is the second time they read it; when they jump over
// it, it is the jump.
func begins(loc *time.Location, wall int64) int64 {
	t := time.Unix(wall+reach, 0).In(loc)
	for {
		start, end := t.ZoneBounds()
		_, offset := t.Zone()
		if at := wall - int64(offset); start.IsZero() || start.Unix() < at {
			if !end.IsZero() && end.Unix() < at {
				return end.Unix()
			}
			return at
		}
		t = start.Add(-1)
	}
}

// ends is the first instant at which the clocks in loc read wall or later.
func ends(loc *time.Location, wall int64) int64 {
	t := time.Unix(wall-reach, 0).In(loc)
	for {
		start, end := t.ZoneBounds()
		_, offset := t.Zone()
		if at := wall - int64(offset); end.IsZero() || end.Unix() > at {
			if !start.IsZero() && start.Unix() > at {
				return start.Unix()
			}
			return at
		}
		t = end
	}
}
