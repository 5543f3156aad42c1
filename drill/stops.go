package main

import (
	"context"
	"math/rand/v2"
	"time"
)

// stopShare is the share of the contacts who ask for an end.
const stopShare = 0.015

// sayStops lets contacts ask for an end: some before their text, some after it.
func (s *stage) sayStops(ctx context.Context, random *rand.Rand) error {
	order := random.Perm(len(s.c.phones))
	for _, i := range order[:int(stopShare*float64(len(order)))] {
		if pause(ctx, time.Duration(random.IntN(80))*time.Millisecond) != nil {
			return nil //nolint:nilerr // the round is over: nobody says STOP any more
		}
		if err := s.stop(i, random); err != nil {
			return err
		}
	}
	return nil
}

// burstSize people say STOP right before a kill: that is when what was just promised is
// most easily forgotten.
const burstSize = 12

func (s *stage) burst() error {
	for range burstSize {
		if err := s.stop(s.random.IntN(len(s.c.phones)), s.random); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) stop(contact int, random *rand.Rand) error {
	s.replies.Add(1)
	_, err := s.w.box.Reply(s.c.phones[contact], s.c.number, saying(random))
	return err
}
