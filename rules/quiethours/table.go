package quiethours

import (
	"bytes"
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"trackly/internal/fault"
)

//go:embed data/rules.csv
var shipped embed.FS

// Limits of a table somebody uploads.
const (
	mostBytes    = 1 << 20
	mostRows     = 2000
	mostProblems = 50
)

// others is the country of the rule for all countries without one.
const others = "*"

// Table is a set of dated rules. It is never written after Parse and safe for concurrent
// use.
type Table struct {
	version string
	rows    []Row
	laws    map[string]*law // by Row.Name
}

// law is all rows of one country or state.
type law struct {
	name      string
	rows      []lawRow
	calendars []calendar // the country's, then the state's
}

type lawRow struct {
	Row
	first, last day
}

// Default is the table the program was built with.
func Default() (*Table, error) {
	f, err := shipped.Open("data/rules.csv")
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // memory, opened for reading
	return Parse(f)
}

// Version is the date of the table, by which two of them can be told apart.
func (t *Table) Version() string { return t.version }

// Rows are the rules as they were written, for a list. They belong to the caller.
func (t *Table) Rows() []Row {
	rows := slices.Clone(t.rows)
	for i := range rows {
		rows[i].Days = slices.Clone(rows[i].Days)
	}
	return rows
}

// Parse reads a table in the format of data/rules.csv: a first line "# version: ...", the
// names of the columns, a rule a line. It returns fault.Invalid with every complaint and
// its line. A table without a rule for other countries is refused, because somebody
// would be texted at night.
func Parse(r io.Reader) (*Table, error) {
	text, err := io.ReadAll(io.LimitReader(r, mostBytes+1))
	if err != nil {
		return nil, fault.Wrap(err, fault.Broken, "the table of quiet hours could not be read")
	}
	if len(text) > mostBytes {
		return nil, fault.New(fault.Invalid, "the table of quiet hours is larger than %d bytes", mostBytes)
	}
	calendars, err := readCalendars(holidaysCSV)
	if err != nil {
		return nil, err
	}
	var problems fault.Problems
	t := &Table{version: version(text, &problems), laws: map[string]*law{}}
	t.read(text, calendars, &problems)
	t.complete(&problems)
	if len(problems) > mostProblems {
		problems = append(problems[:mostProblems], fault.Problem{Where: "table", Message: "and more"})
	}
	if err := problems.Err("the table of quiet hours"); err != nil {
		return nil, err
	}
	return t, nil
}

func version(text []byte, problems *fault.Problems) string {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	v, ok := strings.CutPrefix(string(line), "# version:")
	v = strings.TrimSpace(v)
	if _, err := time.Parse(time.DateOnly, v); !ok || err != nil {
		problems.Add("line 1", "must be \"# version: \" and a date such as 2026-11-24")
	}
	return v
}

func (t *Table) read(text []byte, calendars map[string]calendar, problems *fault.Problems) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comment, r.FieldsPerRecord = '#', len(columns())
	for first := true; len(*problems) <= mostProblems; first = false {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		line := 1
		if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
			line = wrong.StartLine
		} else if len(cells) > 0 {
			line, _ = r.FieldPos(0)
		}
		where := fmt.Sprintf("line %d", line)
		switch {
		case errors.Is(err, csv.ErrFieldCount):
			problems.Add(where, "has %d cells, not %d", len(cells), len(columns()))
		case err != nil:
			problems.Add(where, "is not CSV: quotes do not match")
			return
		case first && !slices.Equal(cells, columns()):
			problems.Add(where, "the columns must be %s", strings.Join(columns(), ","))
			return
		case !first:
			t.enter(readRows(cells, where, problems), calendars, where, problems)
		}
	}
}

func (t *Table) enter(rows []Row, calendars map[string]calendar, where string, problems *fault.Problems) {
	for _, r := range rows {
		if len(t.rows) >= mostRows {
			problems.Add(where, "there are more than %d rules", mostRows)
			return
		}
		t.rows = append(t.rows, r)
		l := t.laws[r.Name()]
		if l == nil {
			l = &law{name: r.Name()}
			t.laws[r.Name()] = l
		}
		l.add(r, calendars, where, problems)
	}
}

func (l *law) add(r Row, calendars map[string]calendar, where string, problems *fault.Problems) {
	n := lawRow{Row: r, first: -1 << 40, last: 1 << 40}
	if !r.Effective.IsZero() {
		n.first = dayOf(r.Effective.Date())
	}
	if !r.Until.IsZero() {
		n.last = dayOf(r.Until.Date())
	}
	for _, o := range l.rows {
		if n.first <= o.last && o.first <= n.last && slices.ContainsFunc(r.Days, o.on) {
			problems.Add(where, "%s already has hours for one of these days", r.Name())
			break
		}
	}
	l.rows = append(l.rows, n)
	l.calendars = []calendar{calendars[r.Country], nil}
	if r.State != "" {
		l.calendars[1] = calendars[r.Name()]
	}
	if r.Holidays != HolidaysNone && l.calendars[0] == nil || r.Holidays == HolidaysState && l.calendars[1] == nil {
		problems.Add(where, "the %s holidays of %s are not known", r.Holidays, r.Name())
	}
}

// complete refuses a table that says nothing about some country on some day.
func (t *Table) complete(problems *fault.Problems) {
	if l := t.laws[others]; l != nil {
		for _, r := range l.rows {
			if r.Effective.IsZero() && r.Until.IsZero() {
				return
			}
		}
	}
	problems.Add("table", "needs a rule without dates for all other countries (*)")
}
