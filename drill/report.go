package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
	SentAfterStop    int   `json:"sent_after_stop"`
	GreatestDelayMS  int64 `json:"greatest_delay_after_stop_ms"`
	Stops            int   `json:"stops"`
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
	t.Exits += r.exits
	t.Trouble += len(v.Trouble)
}

// summary is the whole drill's figures.
type summary struct {
	tally
	Seed     uint64          `json:"seed"`
	Seconds  float64         `json:"seconds"`
	ByKind   map[kind]*tally `json:"by_kind"`
	Findings []string        `json:"findings,omitempty"` // ids and causes, never phones
}

// clean reports whether the drill ends with success.
func (s summary) clean() bool {
	return s.Rounds > 0 && s.Duplicates+s.Lost+s.UnknownUnsettled+s.SentAfterStop+s.Trouble == 0
}

func summarise(seed uint64, rounds []outcome, took time.Duration) summary {
	s := summary{Seed: seed, Seconds: took.Seconds(), ByKind: map[kind]*tally{}}
	for _, r := range rounds {
		s.add(r)
		if s.ByKind[r.round.Kind] == nil {
			s.ByKind[r.round.Kind] = &tally{}
		}
		s.ByKind[r.round.Kind].add(r)
		s.Findings = append(s.Findings, r.findings()...)
	}
	return s
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
	return fmt.Sprintf("round %2d  %-10s killed at %s%s: planned %d, accepted %d, stops %d; twice %d, lost %d, unsettled %d, after STOP %d (latest %d ms); %.1f s",
		r.round.Number, r.round.Kind, r.round.when(), paused, v.Planned, v.Accepted, r.stops,
		len(v.Duplicates), len(v.Lost), len(v.Unsettled), len(v.AfterStop), v.GreatestDelay.Milliseconds(), r.took.Seconds())
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

func (s summary) print(out io.Writer) {
	for _, f := range s.Findings {
		_, _ = fmt.Fprintln(out, f)
	}
	_, _ = fmt.Fprintf(out, "\n%d rounds, %d kills in %.0f s: planned %d, accepted %d; twice %d, lost %d (never accepted %d), unsettled %d, after STOP %d (latest %d ms after the answer)\n",
		s.Rounds, s.Kills, s.Seconds, s.Planned, s.Accepted, s.Duplicates, s.Lost, s.NeverAccepted, s.UnknownUnsettled, s.SentAfterStop, s.GreatestDelayMS)
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
