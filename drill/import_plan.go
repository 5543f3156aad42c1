package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// moment is what an import is at when its kill comes.
type moment string

const (
	uploading moment = "uploading" // half of the file is on its way
	staging   moment = "staging"   // the file is being read
	merging   moment = "merging"   // rows go into the list
)

// errand is one import and its kill.
type errand struct {
	Number int
	Kind   kind
	When   moment
	Share  float64       // of the upload, or of the rows merged
	Jitter time.Duration // after that
	Down   time.Duration // until it is started again
}

// importDeck is what is dealt again and again.
func importDeck() []errand {
	return []errand{
		{Kind: killAPI, When: uploading},
		{Kind: killPostgres, When: merging},
		{Kind: killWorker, When: staging},
		{Kind: killTemporal, When: uploading},
		{Kind: killWorkers, When: merging},
		{Kind: killPostgres, When: staging},
		{Kind: killTemporal, When: merging},
		{Kind: killPostgres, When: uploading},
		{Kind: killStandalone, When: uploading},
		{Kind: killStandalone, When: merging},
	}
}

// planImports deals the imports; those in one process come last.
func planImports(n int, seed uint64, only string) ([]errand, error) {
	kinds, err := choose(deck(), only)
	if err != nil {
		return nil, err
	}
	cards := slices.DeleteFunc(importDeck(), func(e errand) bool { return !slices.Contains(kinds, e.Kind) })
	random := rand.New(rand.NewPCG(seed, 0x696d706f7274)) //nolint:gosec // a plan that can be repeated
	all := make([]errand, n)
	for i := range all {
		e := cards[i%len(cards)]
		e.Share = 0.05 + 0.85*random.Float64()
		e.Down = time.Duration(random.IntN(1500)) * time.Millisecond
		e.Jitter = time.Duration(random.IntN(40)) * time.Millisecond
		if e.When == staging { // its progress shows only every second
			e.Jitter = time.Duration(random.IntN(700)) * time.Millisecond
		}
		all[i] = e
	}
	slices.SortStableFunc(all, func(a, b errand) int { return a.stage() - b.stage() })
	for i := range all {
		all[i].Number = i + 1
	}
	return all, nil
}

func (e errand) stage() int { return round{Kind: e.Kind}.stage() }

// split parts the imports of many processes from those of one.
func splitErrands(all []errand) (apart, together []errand) {
	i := slices.IndexFunc(all, func(e errand) bool { return e.stage() > 0 })
	if i < 0 {
		return all, nil
	}
	return all[:i], all[i:]
}

func (e errand) String() string {
	if e.When == staging {
		return fmt.Sprintf("%-10s killed while %s", e.Kind, e.When)
	}
	return fmt.Sprintf("%-10s killed while %s, %.0f %%", e.Kind, e.When, 100*e.Share)
}
