package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// kind is what a round kills.
type kind string

const (
	killWorker     kind = "worker"     // one of the two
	killWorkers    kind = "workers"    // both at once
	killAPI        kind = "api"        // while callbacks and STOPs arrive
	killPostgres   kind = "postgres"   // at once, leaving recovery to the next start
	killTemporal   kind = "temporal"   // the workflow engine
	killStandalone kind = "standalone" // everything in one process, its Postgres left behind
)

// deck is what is dealt again and again: what dies most in production dies most here.
func deck() []kind {
	return []kind{
		killWorker, killAPI, killPostgres, killStandalone, killTemporal,
		killWorkers, killAPI, killStandalone, killWorker, killPostgres,
	}
}

// blow is one kill.
type blow struct {
	Kind   kind          // empty: the round's
	At     float64       // share of the texts accepted before it; 0 is while the campaign is launched
	Jitter time.Duration // after that
	Down   time.Duration // until it is started again
}

// round is one campaign and what happens to it.
type round struct {
	Number   int
	Provider string
	Kind     kind
	Blows    []blow
	Calm     bool    // no answer of the provider is lost
	Pause    float64 // share of the texts accepted before the owner pauses and resumes; 0 never
}

// planRounds deals the rounds, each with the next provider. Those in one process come last: changing the machines
// between two rounds takes longer than a round.
func planRounds(n int, seed uint64, only string) ([]round, error) {
	names := providerNames()
	kinds, err := choose(deck(), only)
	if err != nil {
		return nil, err
	}
	random := rand.New(rand.NewPCG(seed, 0x6472696c6c)) //nolint:gosec // a plan that can be repeated
	rounds := make([]round, n)
	for i := range rounds {
		rounds[i] = round{Kind: kinds[i%len(kinds)], Provider: names[i%len(names)], Blows: planBlows(random)}
		if i%3 == 1 {
			rounds[i].Pause = 0.1 + 0.7*random.Float64()
		}
	}
	slices.SortStableFunc(rounds, func(a, b round) int { return a.stage() - b.stage() })
	for i := range rounds {
		rounds[i].Number = i + 1
	}
	return rounds, nil
}

func (r round) stage() int {
	if r.Kind == killStandalone {
		return 1
	}
	return 0
}

func choose(all []kind, only string) ([]kind, error) {
	if only == "" {
		return all, nil
	}
	var kinds []kind
	for name := range strings.SplitSeq(only, ",") {
		k := kind(strings.TrimSpace(name))
		if !slices.Contains(all, k) {
			return nil, fmt.Errorf("there is no kill %q", k)
		}
		kinds = append(kinds, k)
	}
	return kinds, nil
}

// planBlows gives one blow, or in a quarter of the rounds two: what comes back is hit
// again while it still picks up the pieces.
func planBlows(random *rand.Rand) []blow {
	n := 1
	if random.IntN(4) == 0 {
		n = 2
	}
	blows := make([]blow, n)
	for i := range blows {
		blows[i] = blow{
			At:     random.Float64(),
			Jitter: time.Duration(random.IntN(250)) * time.Millisecond,
			Down:   time.Duration(random.IntN(1500)) * time.Millisecond,
		}
		if random.IntN(8) == 0 {
			blows[i].At = 0
		}
	}
	slices.SortFunc(blows, func(a, b blow) int {
		if a.At < b.At {
			return -1
		}
		return 1
	})
	return blows
}
