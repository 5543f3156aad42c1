package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// wave is so many taps on links, and the kill in the middle of them.
type wave struct {
	Number int
	Kind   kind
	Share  float64       // of the taps answered before the kill
	Jitter time.Duration // after that
	Down   time.Duration // until it is started again
}

// planWaves deals the kills of those who answer taps and postbacks: the API, and now and
// then the database below it.
func planWaves(n int, seed uint64, only string) ([]wave, error) {
	kinds, err := choose(deck(), only)
	if err != nil {
		return nil, err
	}
	cards := slices.DeleteFunc([]kind{killAPI, killAPI, killPostgres}, func(k kind) bool { return !slices.Contains(kinds, k) })
	if len(cards) == 0 {
		return nil, nil // nobody who was chosen answers taps
	}
	random := rand.New(rand.NewPCG(seed, 0x636c69636b73)) //nolint:gosec // a plan that can be repeated
	all := make([]wave, n)
	for i := range all {
		all[i] = wave{
			Number: i + 1, Kind: cards[i%len(cards)], Share: 0.1 + 0.7*random.Float64(),
			Jitter: time.Duration(random.IntN(30)) * time.Millisecond, Down: time.Duration(random.IntN(1000)) * time.Millisecond,
		}
	}
	return all, nil
}

// String tells of the kill.
func (v wave) String() string {
	return fmt.Sprintf("%-8s killed at %.0f %% of the taps", v.Kind, 100*v.Share)
}
