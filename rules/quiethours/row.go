package quiethours

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/rules/place"
)

// Which holidays close a day.
const (
	HolidaysNone    = "none"
	HolidaysFederal = "federal" // of the country
	HolidaysState   = "state"   // of the country and of the state
)

// Row is one rule as it was written down, for lists. Days it does not name are closed
// unless another row of the same country and state names them.
type Row struct {
	Country   string // ISO; "*" for all countries without a row
	State     string // two letters; empty for the whole country
	Days      []time.Weekday
	From, To  int // minutes of the local day; To is exclusive and at most 1440
	Holidays  string
	Cap       int       // texts within 24 hours; 0 is none
	Effective time.Time // first local day, zero when open-ended
	Until     time.Time // last local day, zero when open-ended
	Source    string
	Reviewed  time.Time
	Note      string
}

// Name is how verdicts call the rule: "US-FL", "US".
func (r Row) Name() string {
	if r.State == "" {
		return r.Country
	}
	return r.Country + "-" + r.State
}

func (r Row) on(w time.Weekday) bool { return slices.Contains(r.Days, w) }

func columns() []string {
	return []string{
		"country", "state", "days", "from", "to", "holidays", "cap",
		"effective_from", "effective_until", "source", "reviewed", "note",
	}
}

// mostText keeps one cell readable in a list.
const mostText = 500

// readRows reads one line; several countries may share it.
func readRows(cells []string, where string, problems *fault.Problems) []Row {
	before := len(*problems)
	c := reader{cells: cells, where: where, problems: problems}
	r := Row{
		State: c.text("state"), Days: c.days(), From: c.minute("from"), To: c.minute("to"), Holidays: c.text("holidays"),
		Cap: c.number("cap"), Effective: c.date("effective_from"), Until: c.date("effective_until"),
		Source: c.text("source"), Reviewed: c.date("reviewed"), Note: c.text("note"),
	}
	countries := strings.Fields(c.text("country"))
	c.check(r, countries)
	if len(*problems) > before {
		return nil
	}
	rows := make([]Row, 0, len(countries))
	for _, r.Country = range countries {
		r.Days = slices.Clone(r.Days)
		rows = append(rows, r)
	}
	return rows
}

type reader struct {
	cells    []string
	where    string
	problems *fault.Problems
}

func (c *reader) complain(format string, args ...any) { c.problems.Add(c.where, format, args...) }

func (c *reader) check(r Row, countries []string) {
	for _, country := range countries {
		if country != "*" && (len(country) != 2 || strings.Trim(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
			c.complain("%q is not a country's two upper letters", country)
		}
	}
	switch {
	case len(countries) == 0:
		c.complain("the country is missing")
	case r.State != "" && len(countries) > 1:
		c.complain("a state belongs to one country")
	case r.State != "" && !place.KnownState(countries[0], r.State):
		c.complain("%q is not a state of %s", r.State, countries[0])
	}
	if r.From >= r.To {
		c.complain("the hours must begin before they end")
	}
	switch r.Holidays {
	case HolidaysNone, HolidaysFederal, HolidaysState:
	default:
		c.complain("holidays is none, federal or state")
	}
	if !r.Until.IsZero() && r.Until.Before(r.Effective) {
		c.complain("it ends before it takes effect")
	}
	if r.Source == "" || r.Reviewed.IsZero() {
		c.complain("a rule needs a source and the day it was reviewed")
	}
}

func (c *reader) text(column string) string {
	s := c.cells[slices.Index(columns(), column)]
	if len(s) > mostText {
		c.complain("%s is longer than %d bytes", column, mostText)
		return ""
	}
	return strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
}

func (c *reader) number(column string) int {
	s := c.text(column)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 1000 {
		c.complain("%s is a number from 1 to 1000 or empty", column)
	}
	return n
}

func (c *reader) date(column string) time.Time {
	s := c.text(column)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		c.complain("%s is a date such as 2026-11-24", column)
	}
	return t
}

// minute reads 08:00 to 24:00.
func (c *reader) minute(column string) int {
	s := c.text(column)
	if s == "24:00" {
		return dayMinutes
	}
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		c.complain("%s is a time of day such as 08:00", column)
	}
	return t.Hour()*60 + t.Minute()
}

// days reads "daily", "mon-sat" or "mon wed fri". A range may run over the end of the week.
func (c *reader) days() []time.Weekday {
	s := c.text("days")
	if s == "daily" {
		s = "sun-sat"
	}
	var set [7]bool
	for word := range strings.FieldsSeq(s) {
		first, last, several := strings.Cut(word, "-")
		if !several {
			last = first
		}
		from, to := slices.Index(weekdays(), first), slices.Index(weekdays(), last)
		if from < 0 || to < 0 {
			c.complain("%q is not a day of the week", word)
			return nil
		}
		for d := from; ; d = (d + 1) % 7 {
			set[d] = true
			if d == to {
				break
			}
		}
	}
	var days []time.Weekday
	for d, in := range set {
		if in {
			days = append(days, time.Weekday(d))
		}
	}
	if days == nil {
		c.complain("the days are missing")
	}
	return days
}
