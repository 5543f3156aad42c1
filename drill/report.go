package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"
)

// tally is the figures of some rounds.
type tally struct {
	Rounds           int   `json:"rounds"`
	Kills            int   `json:"kills"`
	Planned          int   `json:"planned"`
	Accepted         int   `json:"accepted"`
	Duplicates       int   `json:"duplicates"`
	Lost             int   `json:"lost"`
	NeverAccepted    int   `json:"never_accepted"` // counted in Lost too
	UnknownUnsettled int   `json:"unknown_unsettled"`
	Waiting          int   `json:"unknown_waiting"`          // nobody can be asked, and no callback came
	WaitingSent      int   `json:"unknown_waiting_accepted"` // of those, texts that the provider did take
	SentAfterStop    int   `json:"sent_after_stop"`
	GreatestDelayMS  int64 `json:"greatest_delay_after_stop_ms"`
	Stops            int   `json:"stops"`
	SentAfterDoubt   int   `json:"sent_after_doubtful_reply"`
	DoubtDelayMS     int64 `json:"greatest_delay_after_doubtful_reply_ms"`
	Doubts           int   `json:"doubtful_replies"`
	Singles          int   `json:"single_texts"`        // confirmations and the like, in no campaign's book
	Exits            int   `json:"exits_by_themselves"` // processes that ended although nobody killed them
	Trouble          int   `json:"trouble"`
}

func (t *tally) add(r outcome) {
	v := r.verdict
	t.Rounds++
	t.Kills += r.kills
	t.Planned += v.Planned
	t.Accepted += v.Accepted
	t.Duplicates += len(v.Duplicates)
	t.Lost += len(v.Lost)
	t.NeverAccepted += v.NeverAccepted
	t.UnknownUnsettled += len(v.Unsettled)
	t.SentAfterStop += len(v.AfterStop)
	t.GreatestDelayMS = max(t.GreatestDelayMS, v.GreatestDelay.Milliseconds())
	t.Stops += r.stops
	t.Waiting += v.Waiting
	t.WaitingSent += v.WaitingSent
	t.SentAfterDoubt += len(v.AfterDoubt)
	t.DoubtDelayMS = max(t.DoubtDelayMS, v.DoubtDelay.Milliseconds())
	t.Doubts += r.doubts
	t.Singles += v.Singles
	t.Exits += r.exits
	t.Trouble += len(v.Trouble)
}

// summary is the whole drill's figures.
type summary struct {
	tally
	Seed       uint64            `json:"seed"`
	Seconds    float64           `json:"seconds"`
	Pace       *paceVerdict      `json:"pace,omitempty"`
	Imports    *importTally      `json:"imports,omitempty"`
	Taps       *tapsTally        `json:"taps,omitempty"`
	ByKind     map[kind]*tally   `json:"by_kind"`
	ByProvider map[string]*tally `json:"by_provider"`
	Findings   []string          `json:"findings,omitempty"` // ids and causes, never phones
}

// clean reports whether the drill ends with success.
func (s summary) clean() bool {
	broken := s.Duplicates + s.Lost + s.UnknownUnsettled + s.SentAfterStop + s.SentAfterDoubt + s.Trouble
	return s.Rounds+s.importsDone()+s.tapsDone() > 0 && broken == 0 && (s.Pace == nil || s.Pace.kept()) &&
		(s.Imports == nil || s.Imports.clean()) && (s.Taps == nil || s.Taps.clean())
}

func (s summary) importsDone() int {
	if s.Imports == nil {
		return 0
	}
	return s.Imports.Imports
}

func (s summary) tapsDone() int {
	if s.Taps == nil {
		return 0
	}
	return s.Taps.Taps
}

func summarise(seed uint64, rounds []outcome, took time.Duration) summary {
	s := summary{Seed: seed, Seconds: took.Seconds(), ByKind: map[kind]*tally{}, ByProvider: map[string]*tally{}}
	for _, r := range rounds {
		s.add(r)
		addTo(s.ByKind, r.round.Kind, r)
		addTo(s.ByProvider, r.round.Provider, r)
		s.Findings = append(s.Findings, r.findings()...)
	}
	return s
}

func addTo[K comparable](tallies map[K]*tally, k K, r outcome) {
	if tallies[k] == nil {
		tallies[k] = &tally{}
	}
	tallies[k].add(r)
}

// findings puts every broken promise in a line.
func (r outcome) findings() []string {
	var lines []string
	for _, part := range []struct {
		what string
		all  []finding
	}{
		{"twice", r.verdict.Duplicates},
		{"lost", r.verdict.Lost},
		{"unsettled", r.verdict.Unsettled},
		{"after STOP", r.verdict.AfterStop},
		{"after a doubtful reply", r.verdict.AfterDoubt},
	} {
		for _, f := range part.all {
			lines = append(lines, fmt.Sprintf("round %d, campaign %s: %s: message %d %s %s",
				r.round.Number, r.campaign, part.what, f.Message, f.SID, f.Why))
		}
	}
	for _, t := range r.verdict.Trouble {
		lines = append(lines, fmt.Sprintf("round %d, campaign %s: %s", r.round.Number, r.campaign, t))
	}
	return lines
}

// String is the round in one readable line.
func (r outcome) String() string {
	v := r.verdict
	paused := ""
	if r.round.Pause > 0 {
		paused = ", paused"
	}
	return fmt.Sprintf("round %2d  %-7s  %-10s killed at %s%s: planned %d, accepted %d, stops %d, doubtful %d; "+
		"twice %d, lost %d, unsettled %d, waiting %d, after STOP %d (latest %d ms), after doubt %d (latest %d ms); %.1f s",
		r.round.Number, r.round.Provider, r.round.Kind, r.round.when(), paused, v.Planned, v.Accepted, r.stops, r.doubts,
		len(v.Duplicates), len(v.Lost), len(v.Unsettled), v.Waiting, len(v.AfterStop), v.GreatestDelay.Milliseconds(),
		len(v.AfterDoubt), v.DoubtDelay.Milliseconds(), r.took.Seconds())
}

// print shows the round, and the first few of its broken promises.
func (r outcome) print(out io.Writer) {
	_, _ = fmt.Fprintln(out, r)
	for _, line := range head(r.findings(), 10) {
		_, _ = fmt.Fprintln(out, "  ", line)
	}
}

func (r round) when() string {
	text := ""
	for i, b := range r.Blows {
		if i > 0 {
			text += " and "
		}
		if b.At == 0 {
			text += "launch"
			continue
		}
		text += fmt.Sprintf("%.0f %%", b.At*100)
	}
	return text
}

const findingsShown = 30

func (s summary) print(out io.Writer) {
	for _, f := range head(s.Findings, findingsShown) {
		_, _ = fmt.Fprintln(out, f)
	}
	if more := len(s.Findings) - findingsShown; more > 0 {
		_, _ = fmt.Fprintf(out, "and %d more, all of them in the report\n", more)
	}
	_, _ = fmt.Fprintln(out)
	if s.Rounds > 0 {
		s.table(out)
	}
	if s.Pace != nil {
		_, _ = fmt.Fprintln(out, s.Pace)
	}
	if s.Imports != nil {
		_, _ = fmt.Fprintln(out, s.Imports)
	}
	if s.Taps != nil {
		_, _ = fmt.Fprintln(out, s.Taps)
	}
	_, _ = fmt.Fprintf(out, "%d rounds, %d kills in %.0f s; %d confirmations and other single texts besides; "+
		"of the unknown that wait, the provider took %d\n", s.Rounds, s.Kills, s.Seconds, s.Singles, s.WaitingSent)
	if s.clean() {
		_, _ = fmt.Fprintln(out, "every promise was kept")
	}
}

// table has a line for each provider. "waiting" is unknown for good: no answer came, no
// callback came, and the provider cannot be asked.
func (s summary) table(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(w, "\trounds\tplanned\taccepted\ttwice\tlost\tunsettled\twaiting\tstops\tafter STOP\tlatest ms\tdoubtful\tafter doubt\tlatest ms\t")
	line := func(name string, t tally) {
		_, _ = fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", name, t.Rounds, t.Planned, t.Accepted,
			t.Duplicates, t.Lost, t.UnknownUnsettled, t.Waiting, t.Stops, t.SentAfterStop, t.GreatestDelayMS,
			t.Doubts, t.SentAfterDoubt, t.DoubtDelayMS)
	}
	for _, name := range slices.Sorted(maps.Keys(s.ByProvider)) {
		line(name, *s.ByProvider[name])
	}
	line("all", s.tally)
	_ = w.Flush()
}

func (s summary) write(path string) error {
	raw, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // figures are no secret
		return err
	}
	return os.WriteFile(path, append(raw, '\n'), 0o644) //nolint:gosec // see above
}
