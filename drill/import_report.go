package main

import (
	"fmt"
	"io"
	"time"
)

// importOutcome is what came of an import.
type importOutcome struct {
	errand  errand
	rows    int
	at      string // how far it was when it was hit
	took    time.Duration
	verdict importVerdict
}

// String is the import in one readable line.
func (r importOutcome) String() string {
	v := r.verdict
	return fmt.Sprintf("import %2d  %s (%s): %d rows; lost %d, twice %d, wrong %d, revived %d, refusals %d, counters %d, leftovers %d; %.1f s",
		r.errand.Number, r.errand, r.at, r.rows, v.Lost, v.Doubled, v.WrongValues, v.Revived, v.WrongRefusal, v.WrongCounter, v.Leftovers,
		r.took.Seconds())
}

// print shows the import, and its broken promises.
func (r importOutcome) print(out io.Writer) {
	_, _ = fmt.Fprintln(out, r)
	for _, line := range r.verdict.Findings {
		_, _ = fmt.Fprintln(out, "  ", line)
	}
}

// importTally is the figures of all imports.
type importTally struct {
	Imports int `json:"imports"`
	Kills   int `json:"kills"`
	Rows    int `json:"rows"`
	importVerdict
}

func tallyImports(all []importOutcome) *importTally {
	if len(all) == 0 {
		return nil
	}
	t := &importTally{Imports: len(all), Kills: len(all)}
	for _, r := range all {
		v := r.verdict
		t.Rows += r.rows
		t.Lost += v.Lost
		t.Doubled += v.Doubled
		t.WrongValues += v.WrongValues
		t.Revived += v.Revived
		t.WrongRefusal += v.WrongRefusal
		t.WrongCounter += v.WrongCounter
		t.Leftovers += v.Leftovers
		for _, line := range v.Findings {
			t.Findings = append(t.Findings, fmt.Sprintf("import %d: %s", r.errand.Number, line))
		}
	}
	return t
}

// String is all imports in one readable line.
func (t *importTally) String() string {
	return fmt.Sprintf("imports   %d of %d rows in all, %d kills: lost %d, twice %d, wrong values %d, revived %d, wrong refusals %d, wrong counters %d, leftovers %d",
		t.Imports, t.Rows, t.Kills, t.Lost, t.Doubled, t.WrongValues, t.Revived, t.WrongRefusal, t.WrongCounter, t.Leftovers)
}
