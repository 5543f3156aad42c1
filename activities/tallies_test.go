package activities_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/activities"
	"trackly/internal/fault"
	"trackly/models"
)

// pile holds what is to be folded, in steps.
type pile struct {
	steps int
	clock time.Time
	tick  time.Duration
	fails bool
}

func (p *pile) now() time.Time { return p.clock }

func (p *pile) Fold(_ context.Context, at time.Time, quiet time.Duration, limit int) (models.Folded, error) {
	if p.fails || !at.Equal(p.clock) || quiet < time.Minute || limit < 1 {
		return models.Folded{}, fault.New(fault.Broken, "the database failed")
	}
	p.clock = p.clock.Add(p.tick)
	if p.steps == 0 {
		return models.Folded{}, nil
	}
	p.steps--
	return models.Folded{Batches: 2, Moves: 7, More: p.steps > 0}, nil
}

func TestAFoldGoesOnUntilNothingIsLeft(t *testing.T) {
	t.Parallel()
	p := &pile{steps: 3}
	res, err := (&activities.Tallies{Store: p, Now: p.now}).Fold(t.Context(), activities.FoldInput{})
	require.NoError(t, err)
	require.Equal(t, activities.FoldResult{Batches: 6, Moves: 21}, res)
}

func TestAFoldStopsWhenItsTimeIsUp(t *testing.T) {
	t.Parallel()
	p := &pile{steps: 10, tick: time.Minute}
	res, err := (&activities.Tallies{Store: p, Now: p.now}).Fold(t.Context(), activities.FoldInput{})
	require.NoError(t, err)
	require.Equal(t, activities.FoldResult{Batches: 4, Moves: 14, More: true}, res)
}

func TestAFoldThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	p := &pile{fails: true}
	_, err := (&activities.Tallies{Store: p, Now: p.now}).Fold(t.Context(), activities.FoldInput{})
	require.Equal(t, fault.Broken, fault.KindOf(err))
}
