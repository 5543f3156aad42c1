package activities

import (
	"context"
	"time"

	"trackly/models"
)

// tallyStore is what Tallies needs from the store, and nothing else.
type tallyStore interface {
	Fold(ctx context.Context, at time.Time, quiet time.Duration, limit int) (models.Folded, error)
}

// Tallies keeps reports quick.
type Tallies struct {
	Store tallyStore
	Now   func() time.Time
}

const (
	// quietFor is how long a batch must have rested before it is counted: while it is sent
	// it changes every second, and would be counted anew each time.
	quietFor = time.Minute
	// batchesAStep bounds a step to some tenths of a second, in which no one else folds.
	batchesAStep = 100
	// foldFor is how long one activity works before history notes how far it came.
	foldFor = 2 * time.Minute
)

// FoldInput asks for nothing in particular. It is written into history: fields are added,
// never renamed.
type FoldInput struct{}

// FoldResult says what was folded; More: its time was up.
type FoldResult struct {
	Batches, Moves int64
	More           bool
}

// Fold moves what came to rest into the tallies, step by step, until nothing is left or its
// time is up. Every step is durable by itself, so a second run goes on with what is left.
func (t *Tallies) Fold(ctx context.Context, _ FoldInput) (FoldResult, error) {
	defer alive(ctx)()
	var res FoldResult
	for began := t.Now(); t.Now().Sub(began) < foldFor; {
		f, err := t.Store.Fold(ctx, t.Now(), quietFor, batchesAStep)
		if err != nil {
			return res, err
		}
		res.Batches, res.Moves = res.Batches+f.Batches, res.Moves+f.Moves
		if !f.More {
			return res, nil
		}
	}
	res.More = true
	return res, nil
}
