package store_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/verdict"
)

// linked makes a campaign of one message whose creative has a link.
func (w *world) linked() models.MessageID {
	w.t.Helper()
	c := w.launched(audience.Filter{}, 100)
	require.NoError(w.t, w.Exec(w.t.Context(), `INSERT INTO creative_links SELECT creative_id, 1, 'https://offer.example/x'
		FROM variants WHERE campaign_id = $1`, c.ID))
	page, err := w.Messages(w.t.Context(), w.account, c.ID, "", 0, 1)
	require.NoError(w.t, err)
	return page[0].ID
}

func TestClicks(t *testing.T) { //nolint:tparallel // the second step counts what the first did
	t.Parallel()
	w := newWorld(t, 1)
	id := w.linked()
	t.Run("each of many at once is stored and led to the right place", func(t *testing.T) {
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				c := models.Click{ID: models.NewID[string](), MessageID: id, Link: 1, At: noon, Verdict: verdict.Human}
				if i%4 == 0 {
					c.Link = 2
				}
				got, err := w.RecordClick(t.Context(), c)
				if err != nil || got.Found != (c.Link == 1) || (got.Found && got.URL != "https://offer.example/x") {
					t.Errorf("click %d: %+v %v", i, got, err)
				}
			})
		}
		wg.Wait()
		n, err := w.Count(t.Context(), `SELECT count(*) FROM clicks WHERE message_id = $1`, id)
		require.NoError(t, err)
		require.EqualValues(t, 150, n)
	})
}
