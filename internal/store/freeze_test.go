package store_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/audience"
)

func TestFreeze(t *testing.T) {
	t.Parallel()
	t.Run("splits to the exact contact and spreads both variants over every batch", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 1203)
		c := w.launched(audience.Filter{}, 60, 40)
		require.EqualValues(t, 1203, *c.Planned)
		all, perBatch := map[int]int{}, map[models.BatchID]map[int]int{}
		seen := map[models.SubscriptionID]bool{}
		var after models.MessageID
		for range 3 {
			page, err := w.Messages(t.Context(), w.account, c.ID, "", after, 500)
			require.NoError(t, err)
			for _, m := range page {
				require.False(t, seen[m.SubscriptionID], "two texts for one contact")
				seen[m.SubscriptionID] = true
				all[m.Variant]++
				if perBatch[m.BatchID] == nil {
					perBatch[m.BatchID] = map[int]int{}
				}
				perBatch[m.BatchID][m.Variant]++
				after = m.ID
			}
		}
		require.Len(t, seen, 1203)
		require.Equal(t, map[int]int{1: 722, 2: 481}, all)
		for id, split := range perBatch {
			total := split[1] + split[2]
			require.InDelta(t, 0.6, float64(split[1])/float64(total), 0.2, "batch %d", id) // far outside chance
		}
	})
	t.Run("twice at once plans once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 700)
		c := w.launched(audience.Filter{}, 100)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				planned, batches, err := w.Freeze(t.Context(), w.account, c.ID, noon)
				require.NoError(t, err)
				require.EqualValues(t, 700, planned)
				require.Equal(t, 2, batches)
			})
		}
		wg.Wait()
		require.EqualValues(t, 700, w.progress(c).Planned)
	})
	t.Run("takes only those whom the filter means and who did not say STOP", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 9)
		w.stop(phoneOf(0))
		c := w.launched(audience.Where("state", audience.Eq, "TX"), 100)
		require.EqualValues(t, 2, *c.Planned)
	})
	t.Run("of another account is not found", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 3)
		other := addWorld(t, w.Store, 0)
		c := w.launched(audience.Filter{}, 100)
		_, _, err := w.Freeze(t.Context(), other.account, c.ID, noon)
		require.Equal(t, fault.NotFound, fault.KindOf(err))
	})
}
