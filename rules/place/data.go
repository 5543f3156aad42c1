package place

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/*.csv
var files embed.FS

const longestPrefix = 5

// tables are read once and never written again.
type tables struct {
	areas  map[string]ground // by area code
	postal map[string]ground // by beginning
	states map[string]state  // by two letters
	names  map[string]string // upper-case name to letters
}

type state struct {
	ground
	name string
}

// data holds what the program was built with. A test reads every row, so a mistake in the
// files cannot leave the workshop.
var data = sync.OnceValue(func() *tables {
	t, _ := load()
	return t
})

// StateName is the English name of a state or province, or its letters when there is none.
func StateName(letters string) string {
	if s, ok := data().states[letters]; ok {
		return s.name
	}
	return letters
}

// KnownState reports whether country ("US", "CA") has a state or province of these letters.
func KnownState(country, letters string) bool {
	s, ok := data().states[letters]
	return ok && s.country == country
}

func load() (*tables, error) {
	t := &tables{
		areas: map[string]ground{}, postal: map[string]ground{},
		states: map[string]state{}, names: map[string]string{"WASHINGTON DC": "DC", "WASHINGTON D.C.": "DC", "D.C.": "DC", "QUÉBEC": "QC"},
	}
	for name, each := range map[string]func([]string) error{
		"data/areas.csv":  func(row []string) error { return spread(t.areas, row) },
		"data/postal.csv": func(row []string) error { return spread(t.postal, row) },
		"data/states.csv": func(row []string) error {
			t.states[row[1]] = state{ground{row[0], []string{row[1]}, strings.Fields(row[3])}, row[2]}
			t.names[strings.ToUpper(row[2])] = row[1]
			return nil
		},
	} {
		if err := read(name, each); err != nil {
			return t, fmt.Errorf("%s: %w", name, err)
		}
	}
	return t, nil
}

func read(name string, each func([]string) error) error {
	f, err := files.Open(name)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // memory, opened for reading
	r := csv.NewReader(f)
	r.Comment, r.FieldsPerRecord = '#', 4
	rows, err := r.ReadAll()
	if err != nil {
		return err
	}
	for _, row := range rows[1:] {
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

// spread enters one row under each of its codes; "350-352" stands for three of them.
func spread(into map[string]ground, row []string) error {
	g := ground{row[0], strings.Fields(row[1]), strings.Fields(row[2])}
	for code := range strings.FieldsSeq(row[3]) {
		from, to, several := strings.Cut(code, "-")
		if !several {
			to = from
		}
		for code := from; ; {
			if _, ok := into[code]; ok || len(code) > longestPrefix {
				return fmt.Errorf("%q is there twice or too long", code)
			}
			into[code] = g
			if code == to {
				break
			}
			next, err := strconv.Atoi(code)
			if err != nil || len(from) != len(to) || code > to {
				return fmt.Errorf("%q is not a range", row[3])
			}
			code = fmt.Sprintf("%0*d", len(from), next+1)
		}
	}
	return nil
}
