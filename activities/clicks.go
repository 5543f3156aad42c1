package activities

import (
	"context"
	"time"

	"trackly/models"
)

// clickStore is what Clicks needs from the store, and nothing else.
type clickStore interface {
	ReviseClicks(ctx context.Context, at time.Time, most int) (models.Revised, error)
}

// Clicks looks at clicks again when more is known.
type Clicks struct {
	Store clickStore
	Now   func() time.Time
}

const (
	// reviseFor is how long one activity works before history notes how far it came.
	reviseFor = time.Minute
	// clicksAtATime bounds a step, which also holds the two and a half minutes before. Those
	// are read again each time: in a burst of 4,000 clicks a second, steps of 20,000 read
	// every click twelve times.
	clicksAtATime = 100_000
)

// ReviseClicksInput is written into history: fields are added, never renamed.
type ReviseClicksInput struct{}

// ReviseClicksResult says what was done, and whether more is left.
type ReviseClicksResult struct{ models.Revised }

// ReviseClicks judges clicks anew until it has come to the present or its time is up. Every
// step is durable by itself, so a second run goes on with what is left.
func (c *Clicks) ReviseClicks(ctx context.Context, _ ReviseClicksInput) (ReviseClicksResult, error) {
	defer alive(ctx)()
	var res ReviseClicksResult
	for began := c.Now(); ; {
		now := c.Now()
		r, err := c.Store.ReviseClicks(ctx, now, clicksAtATime)
		if err != nil {
			return res, err
		}
		if res.Revised = res.Plus(r); !r.More || now.Sub(began) > reviseFor {
			return res, nil
		}
	}
}
