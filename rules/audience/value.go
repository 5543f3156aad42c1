package audience

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"trackly/internal/fault"
)

const (
	micros       = 6  // digits of a currency unit that are kept
	wholeDigits  = 12 // of money: a trillion
	longestDays  = 36500
	minutesOfDay = 24 * 60
)

var (
	whole    = regexp.MustCompile(`^\d{1,15}$`)
	money    = regexp.MustCompile(`^(-?)(\d{1,12})(?:\.(\d{1,6}))?$`)
	relative = regexp.MustCompile(`^(\d{1,8})([mhd])$`)
	id       = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

// ParseCount reads how many times: 0, 1, 2.
func ParseCount(s string) (int64, error) {
	if !whole.MatchString(s) {
		return 0, fault.New(fault.Invalid, "is no count; write it as 3")
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err
}

// ParseMoney reads an amount of the account's currency, 12.50, as micro-units.
func ParseMoney(s string) (int64, error) {
	m := money.FindStringSubmatch(s)
	if m == nil {
		return 0, fault.New(fault.Invalid, "is no amount; write it as 12.50, with at most %d digits before the point and %d behind", wholeDigits, micros)
	}
	n, err := strconv.ParseInt(m[1]+m[2]+m[3]+strings.Repeat("0", micros-len(m[3])), 10, 64)
	return n, err
}

// ParseAge reads a relative time: 90m, 12h, 30d.
func ParseAge(s string) (time.Duration, error) {
	m := relative.FindStringSubmatch(s)
	if m == nil {
		return 0, fault.New(fault.Invalid, "is no relative time; write it as 90m, 12h or 30d")
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return 0, err
	}
	n *= map[string]int64{"m": 1, "h": 60, "d": minutesOfDay}[m[2]]
	if n > longestDays*minutesOfDay {
		return 0, fault.New(fault.Invalid, "is longer than %d days", longestDays)
	}
	return time.Duration(n) * time.Minute, nil
}

// ParseMoment reads when: so long ago (30d), at an RFC 3339 time, or on a day of UTC. The
// moment is from..to, both included, which differ for a day only. It is as exact as
// Postgres: to the microsecond.
func ParseMoment(s string, now time.Time) (from, to time.Time, err error) {
	if age, err := ParseAge(s); err == nil {
		at := now.Add(-age).Truncate(time.Microsecond)
		return at, at, nil
	}
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return day, day.AddDate(0, 0, 1).Add(-time.Microsecond), nil
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return from, to, fault.New(fault.Invalid, "is no time; write it as 30d for so long ago, as 2026-11-23, or as 2026-11-23T09:00:00Z")
	}
	at = at.Truncate(time.Microsecond)
	return at, at, nil
}
