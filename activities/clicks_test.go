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

// backlog is clicks in memory: steps of ten, each taking some time.
type backlog struct {
	steps, fails int
	clock        time.Time
	tick         time.Duration
}

func (b *backlog) now() time.Time { return b.clock }

func (b *backlog) ReviseClicks(context.Context, time.Time, int) (models.Revised, error) {
	b.clock = b.clock.Add(b.tick)
	if b.steps--; b.steps == b.fails {
		return models.Revised{}, fault.New(fault.Broken, "the database failed")
	}
	return models.Revised{Judged: 10, Changed: 1, More: b.steps > 0}, nil
}

func TestClicksAreRevisedToThePresent(t *testing.T) {
	t.Parallel()
	b := &backlog{steps: 5, fails: -1, tick: time.Second}
	got, err := (&activities.Clicks{Store: b, Now: b.now}).ReviseClicks(t.Context(), activities.ReviseClicksInput{})
	require.NoError(t, err)
	require.Equal(t, models.Revised{Judged: 50, Changed: 5}, got.Revised)
}

func TestRevisingStopsWhenItsTimeIsUpOrItFails(t *testing.T) {
	t.Parallel()
	b := &backlog{steps: 50, fails: -1, tick: 25 * time.Second}
	c := &activities.Clicks{Store: b, Now: b.now}
	got, err := c.ReviseClicks(t.Context(), activities.ReviseClicksInput{})
	require.NoError(t, err)
	require.Equal(t, models.Revised{Judged: 40, Changed: 4, More: true}, got.Revised)
	b.fails = b.steps - 1
	_, err = c.ReviseClicks(t.Context(), activities.ReviseClicksInput{})
	require.Equal(t, fault.Broken, fault.KindOf(err))
}
