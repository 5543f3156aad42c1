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

// shelf holds old texts and clicks in memory: by account, how many batches, inbound pages
// and pages of clicks of ten.
type shelf struct {
	ids     []models.AccountID
	batches map[models.AccountID]int64
	pages   map[models.AccountID]int64
	clicks  map[models.AccountID]int64
	clock   time.Time
	tick    time.Duration // what a chunk takes
	fails   models.AccountID
}

func (s *shelf) now() time.Time { return s.clock }

func (s *shelf) AccountIDs(_ context.Context, after models.AccountID, limit int) (out []models.AccountID, _ error) {
	for _, id := range s.ids {
		if id > after && len(out) < limit {
			out = append(out, id)
		}
	}
	return out, nil
}

func (s *shelf) take(from map[models.AccountID]int64, id models.AccountID) (gone, next int64) {
	s.clock = s.clock.Add(s.tick)
	if from[id] == 0 {
		return 0, 0
	}
	from[id]--
	return 10, from[id]
}

func (s *shelf) RedactMessages(_ context.Context, id models.AccountID, _ time.Time, _ models.BatchID) (int64, models.BatchID, error) {
	if id == s.fails {
		return 0, 0, fault.New(fault.Broken, "the database failed")
	}
	gone, next := s.take(s.batches, id)
	return gone, models.BatchID(next), nil
}

func (s *shelf) RedactInbound(_ context.Context, id models.AccountID, _ time.Time, _ int64) (gone, next int64, err error) {
	gone, next = s.take(s.pages, id)
	return gone, next, nil
}

func (s *shelf) ShortenAddresses(_ context.Context, id models.AccountID, _ time.Time) (cut int64, more bool, err error) {
	cut, next := s.take(s.clicks, id)
	return cut, next > 0, nil
}

func newShelf() *shelf {
	return &shelf{
		ids:     []models.AccountID{"a", "b", "c"},
		batches: map[models.AccountID]int64{"a": 3, "c": 2}, pages: map[models.AccountID]int64{"a": 1, "b": 2},
		clicks: map[models.AccountID]int64{"b": 2, "c": 1},
	}
}

func TestRedactEmptiesEveryAccountOnce(t *testing.T) {
	t.Parallel()
	s := newShelf()
	r := &activities.Retention{Store: s, Now: s.now}
	got, err := r.Redact(t.Context(), activities.RedactInput{})
	require.NoError(t, err)
	require.Equal(t, activities.RedactResult{Redacted: models.Redacted{Messages: 50, Inbound: 30, Addresses: 30}, After: "c", Done: true}, got)
	got, err = r.Redact(t.Context(), activities.RedactInput{})
	require.NoError(t, err)
	require.Equal(t, activities.RedactResult{After: "c", Done: true}, got, "a second run does nothing")
}

func TestRedactStopsWhenItsTimeIsUpAndGoesOnThere(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.tick = time.Minute
	r := &activities.Retention{Store: s, Now: s.now}
	var sum models.Redacted
	in, runs := activities.RedactInput{}, 0
	for {
		got, err := r.Redact(t.Context(), in)
		require.NoError(t, err)
		sum.Messages, sum.Inbound, sum.Addresses = sum.Messages+got.Messages, sum.Inbound+got.Inbound, sum.Addresses+got.Addresses
		if runs++; got.Done {
			break
		}
		require.Less(t, runs, 20, "it goes in a ring")
		in.After = got.After
	}
	require.Greater(t, runs, 1)
	require.Equal(t, models.Redacted{Messages: 50, Inbound: 30, Addresses: 30}, sum)
}

func TestRedactSaysThatItFailed(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.fails = "b"
	_, err := (&activities.Retention{Store: s, Now: s.now}).Redact(t.Context(), activities.RedactInput{})
	require.Equal(t, fault.Broken, fault.KindOf(err))
	require.Equal(t, int64(0), s.batches["a"], "what was done before stays done")
}
