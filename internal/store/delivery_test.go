package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/rules/audience"
)

const (
	first  = "11111111-1111-4111-8111-111111111111"
	second = "22222222-2222-4222-8222-222222222222"
)

func TestDelivery(t *testing.T) {
	t.Parallel()
	t.Run("a message is claimed once, settled once, and the numbers add up all the way", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 600)
		c := w.launched(audience.Filter{}, 100)
		b := w.take(c, first)
		ids := w.claim(b, first)
		require.Len(t, ids, 500)
		require.Empty(t, w.claim(b, first), "nothing is left to claim")
		require.EqualValues(t, 500, w.progress(c).Claimed)
		w.settle(models.MessageSent, ids[:400]...)
		w.settle(models.MessageFailed, ids[400:]...)
		p := w.progress(c)
		require.Equal(t, models.Progress{Planned: 600, Queued: 100, Sent: 400, Failed: 100}, p)
	})
	t.Run("what the holder before had claimed becomes unknown and is never claimed again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10)
		c := w.launched(audience.Filter{}, 100)
		b := w.take(c, first)
		ids := w.claim(b, first)
		w.settle(models.MessageSent, ids[:4]...)
		w.take(c, second)
		require.Empty(t, w.claim(b, second))
		require.Equal(t, models.Progress{Planned: 10, Sent: 4, Unknown: 6}, w.progress(c))
	})
	t.Run("a holder who was replaced can neither claim nor release", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10)
		c := w.launched(audience.Filter{}, 100)
		b := w.take(c, first)
		w.take(c, second)
		require.Empty(t, w.claim(b, first))
		ids := w.claim(b, second)
		require.NoError(t, w.ReleaseMessages(t.Context(), b, first, ids))
		require.EqualValues(t, 10, w.progress(c).Claimed, "the new holder may be handing them over just now")
		r, err := w.RightsOf(t.Context(), b, first, ids)
		require.NoError(t, err)
		require.False(t, r.Holder)
	})
	t.Run("an answer that did come settles a message that was declared unknown", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 1)
		c := w.launched(audience.Filter{}, 100)
		ids := w.claim(w.take(c, first), first)
		w.take(c, second)
		w.settle(models.MessageSent, ids...)
		require.Equal(t, models.MessageSent, w.state(ids[0]))
	})
	t.Run("released messages can be claimed again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 5)
		c := w.launched(audience.Filter{}, 100)
		b := w.take(c, first)
		ids := w.claim(b, first)
		require.NoError(t, w.ReleaseMessages(t.Context(), b, first, ids[:3]))
		require.Len(t, w.claim(b, first), 3)
		w.progress(c)
	})
	t.Run("nothing is claimed for a campaign or a list that is not sending", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 5)
		c := w.launched(audience.Filter{}, 100)
		b := w.take(c, first)
		_, err := w.MoveList(t.Context(), w.account, w.list.ID, models.ListPaused, "unpaid")
		require.NoError(t, err)
		require.Empty(t, w.claim(b, first))
		_, err = w.MoveList(t.Context(), w.account, w.list.ID, models.ListActive, "")
		require.NoError(t, err)
		_, err = w.MoveCampaign(t.Context(), w.account, c.ID, models.CampaignPaused, "x", noon)
		require.NoError(t, err)
		require.Empty(t, w.claim(b, first))
		r, err := w.RightsOf(t.Context(), b, first, nil)
		require.NoError(t, err)
		require.True(t, r.Holder)
		require.False(t, r.Sending)
	})
	t.Run("consent is read in the claiming statement", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 5)
		c := w.launched(audience.Filter{}, 100)
		b := w.take(c, first)
		queued, err := w.QueuedMessages(t.Context(), b)
		require.NoError(t, err)
		require.Len(t, queued, 5)
		w.deactivate(queued[2].Phone) // without touching the message: only the claim can notice
		ids := w.claim(b, first)
		require.Len(t, ids, 4)
		require.NotContains(t, ids, queued[2].ID)
		require.Equal(t, models.MessageSkipped, w.state(queued[2].ID))
		require.EqualValues(t, 1, w.progress(c).Skipped)
	})
	t.Run("a STOP after the claim is seen in the holder's rights", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 5)
		c := w.launched(audience.Filter{}, 100)
		b := w.take(c, first)
		queued, err := w.QueuedMessages(t.Context(), b)
		require.NoError(t, err)
		ids := w.claim(b, first)
		w.stop(queued[1].Phone)
		r, err := w.RightsOf(t.Context(), b, first, ids)
		require.NoError(t, err)
		require.Equal(t, []models.MessageID{queued[1].ID}, r.Inactive)
	})
	t.Run("cancelling skips what nobody tried, and only that", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 600)
		c := w.launched(audience.Filter{}, 100)
		w.claim(w.take(c, first), first)
		require.NoError(t, w.CancelQueued(t.Context(), w.account, c.ID))
		require.Equal(t, models.Progress{Planned: 600, Claimed: 500, Skipped: 100}, w.progress(c))
	})
}

func TestUnknownMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	c := w.launched(audience.Filter{}, 100)
	ids := w.claim(w.take(c, first), first)
	w.take(c, second)
	none, err := w.UnknownMessages(t.Context(), w.campaign(c), time.Now().Add(-time.Minute), 0, 10)
	require.NoError(t, err)
	require.Empty(t, none, "they are too young to be asked after")
	rows, err := w.UnknownMessages(t.Context(), w.campaign(c), time.Now().Add(time.Minute), 0, 10)
	require.NoError(t, err)
	require.Len(t, rows, 3)
	require.Equal(t, "hello", rows[0].Body)
	require.NotNil(t, rows[0].ClaimedAt)
	require.NoError(t, w.RequeueAbsent(t.Context(), w.account, ids[:2]))
	require.Equal(t, models.Progress{Planned: 3, Queued: 2, Unknown: 1}, w.progress(c))
	open, err := w.OpenBatches(t.Context(), w.campaign(c))
	require.NoError(t, err)
	require.Equal(t, models.Open{Numbers: []int{0}}, open)
}
