package quiethours

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed data/holidays.csv
var holidaysCSV string

// holiday is a day that comes back every year.
type holiday struct {
	name     string
	month    time.Month
	date     int // of the month, when nth is 0
	nth      int // weekday of the month; lastOfMonth for the last
	weekday  time.Weekday
	easter   bool
	shift    int  // days after that
	even     bool // only in even years
	observed bool // closes the neighbouring weekday too
}

const lastOfMonth = 5

// calendar is the holidays of a country ("US") or what a state ("US-LA") adds to them.
type calendar []holiday

// on names the holiday of a day. A holiday observed on another day closes both: which of
// them a regulator means is not worth a fine. New Year's Day may be observed in the year
// before.
func (c calendar) on(d day) (string, bool) {
	// Of the year to come only the first day can be observed today.
	first, last := d.year(), (d + 1).year()
	for i := range c {
		for y := first; y <= last; y++ {
			h, ok := c[i].in(y)
			if ok && (h == d || c[i].observed && observed(h) == d) {
				return c[i].name, true
			}
		}
	}
	return "", false
}

func (h *holiday) in(year int) (day, bool) {
	if h.even && year%2 != 0 {
		return 0, false
	}
	switch {
	case h.easter:
		return easter(year) + day(h.shift), true
	case h.nth == 0:
		return dayOf(year, h.month, h.date) + day(h.shift), true
	case h.nth == lastOfMonth:
		last := dayOf(year, h.month+1, 1) - 1
		return last - day((7+last.weekday()-h.weekday)%7) + day(h.shift), true
	}
	first := dayOf(year, h.month, 1)
	return first + day((7+h.weekday-first.weekday())%7) + day(7*(h.nth-1)) + day(h.shift), true
}

func observed(d day) day {
	switch d.weekday() {
	case time.Saturday:
		return d - 1
	case time.Sunday:
		return d + 1
	default:
		return d
	}
}

// easter is Sunday after the first full moon of spring, as the Gregorian calendar reckons
// it (the algorithm of Meeus, Jones and Butcher).
func easter(year int) day {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return dayOf(year, time.Month(n/31), n%31+1)
}

func readCalendars(text string) (map[string]calendar, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment, r.FieldsPerRecord = '#', 5
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	out := map[string]calendar{}
	for _, row := range rows[1:] {
		h, err := readHoliday(row[2])
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", row[1], row[0], err)
		}
		h.name, h.observed = row[1], row[3] == "yes"
		out[row[0]] = append(out[row[0]], h)
	}
	return out, nil
}

// readHoliday understands "07-04", "3 mon 01", "last mon 05", "4 thu 11 +1" and "easter -47".
func readHoliday(s string) (h holiday, err error) {
	words := strings.Fields(s)
	if n := len(words); n > 0 && words[n-1] == "even" {
		h.even, words = true, words[:n-1]
	}
	if n := len(words); n > 1 && (words[n-1][0] == '+' || words[n-1][0] == '-') {
		if h.shift, err = strconv.Atoi(words[n-1]); err != nil {
			return h, err
		}
		words = words[:n-1]
	}
	switch len(words) {
	case 1:
		if h.easter = words[0] == "easter"; h.easter {
			return h, nil
		}
		t, err := time.Parse("01-02", words[0])
		h.month, h.date = t.Month(), t.Day()
		return h, err
	case 3:
		nth, weekday := slices.Index([]string{"", "1", "2", "3", "4", "last"}, words[0]), slices.Index(weekdays(), words[1])
		month, err := strconv.Atoi(words[2])
		if nth < 1 || weekday < 0 || err != nil || month < 1 || month > 12 {
			return h, fmt.Errorf("%q is not a day of the year", s)
		}
		h.nth, h.weekday, h.month = nth, time.Weekday(weekday), time.Month(month)
		return h, nil
	}
	return h, fmt.Errorf("%q is not a day of the year", s)
}

func weekdays() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }
