package main

import (
	"math/rand/v2"
	"slices"

	"trackly/internal/provider/sandbox"
)

// optOutWords are opt-outs in the words people find: keywords and clear phrases.
func optOutWords() []string {
	return []string{"STOP", "stop please", "st0p", "take me off your list", "Stop.", "STOP", "unsubscribe me please"}
}

// doubtWords may be opt-outs: marketing waits until a person has read them.
func doubtWords() []string { return []string{"not interested"} }

// doubtShare is the share of doubtful words among all that people say.
const doubtShare = 0.15

func saying(random *rand.Rand) string {
	all := optOutWords()
	if random.Float64() < doubtShare {
		all = doubtWords()
	}
	return all[random.IntN(len(all))]
}

// heard sorts what people said to a number, and was acknowledged, into opt-outs and
// doubts.
func heard(all []sandbox.Heard, number string) (stops, doubts []sandbox.Heard) {
	for _, h := range all {
		switch {
		case h.Number != number:
		case slices.Contains(doubtWords(), h.Body):
			doubts = append(doubts, h)
		default:
			stops = append(stops, h)
		}
	}
	return stops, doubts
}
