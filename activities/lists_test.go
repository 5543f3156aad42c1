package activities_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/activities"
	"trackly/internal/provider/sandbox"
	"trackly/models"
)

// twoLists is a campaign of two batches, one from each of two lists, with five people each.
func twoLists(t *testing.T, faults sandbox.Faults) (w *world, other models.List) {
	t.Helper()
	w = newWorld(t, 5, faults)
	other = w.openList("twilio", "+14155550199", func(_ *world, l *models.List) { l.Brand = "Other" })
	w.importPeople(other, 10)
	w.launchFrom(w.list.ID, other.ID)
	return w, other
}

func (w *world) launchFrom(lists ...models.ListID) {
	w.t.Helper()
	ctx := w.t.Context()
	c := w.campaign
	c.ID, c.ListID, c.Lists, c.State = models.NewID[models.CampaignID](), lists[0], lists, models.CampaignDraft
	c.Planned, c.LaunchedAt, c.StartedAt = nil, nil, nil
	for i := range c.Variants {
		c.Variants[i].CampaignID = c.ID
	}
	_, err := w.AddCampaign(ctx, models.Once{}, c)
	require.NoError(w.t, err)
	_, err = w.LaunchCampaign(ctx, w.account, c.ID, nil, time.Now())
	require.NoError(w.t, err)
	_, batches, err := w.Freeze(ctx, w.account, c.ID, time.Now())
	require.NoError(w.t, err)
	require.Equal(w.t, len(lists), batches)
	w.campaign, err = w.Campaign(ctx, w.account, c.ID)
	require.NoError(w.t, err)
}

func (w *world) sendBatch(number int) activities.SendBatchResult {
	w.t.Helper()
	var res activities.SendBatchResult
	require.NoError(w.t, as(w.t, func(ctx context.Context) (err error) {
		res, err = w.delivery.SendBatch(ctx, activities.SendBatchInput{CampaignRef: w.ref(), Number: number})
		return err
	}))
	return res
}

func TestABatchGoesOutAsItsListSays(t *testing.T) {
	t.Parallel()
	w, _ := twoLists(t, sandbox.Faults{})
	require.Empty(t, w.sendBatch(0).Halt)
	require.Equal(t, models.Progress{Planned: 10, Sent: 10}, w.sendBatch(1).Progress)
	for i := range 10 {
		got := w.box.AcceptedTo(phoneOf(i))
		require.Len(t, got, 1, "on both lists, and one text")
		brand, from := "Acme: ", "+14155550132"
		if i >= 5 {
			brand, from = "Other: ", "+14155550199"
		}
		require.Contains(t, got[0].Body, brand)
		require.Equal(t, from, got[0].From)
	}
}

func TestUnknownTextsAreAskedForAtTheirListsProvider(t *testing.T) {
	t.Parallel()
	w, _ := twoLists(t, sandbox.Faults{DropAfter: sandbox.Spell{Percent: 100}})
	w.sendBatch(0)
	require.Positive(t, w.sendBatch(1).Progress.Unknown)
	w.faults(sandbox.Faults{})
	for range 5 {
		p := w.settle(true)
		if p.Unknown == 0 {
			break
		}
	}
	for n := range 2 {
		w.sendBatch(n)
	}
	require.Equal(t, models.Progress{Planned: 10, Sent: 10}, w.settle(true))
	require.Equal(t, 10, w.onceEach())
}

func TestAListThatWaitsForAPersonDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	w, other := twoLists(t, sandbox.Faults{})
	_, err := w.MoveList(t.Context(), w.account, w.list.ID, models.ListPaused, "carrier")
	require.NoError(t, err)
	require.Empty(t, w.sendBatch(0).Halt, "the other list has something to send")
	open, err := w.OpenBatches(t.Context(), w.campaign.Source())
	require.NoError(t, err)
	require.Equal(t, []int{1}, open.Numbers, "set aside")
	require.WithinDuration(t, time.Now().Add(5*time.Minute), *open.Next, time.Minute)
	require.Equal(t, models.Progress{Planned: 10, Queued: 5, Sent: 5}, w.sendBatch(1).Progress)
	require.Contains(t, w.sendBatch(0).Halt, "is paused: carrier", "nothing else is left")

	_, err = w.MoveList(t.Context(), w.account, w.list.ID, models.ListActive, "")
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 10, Sent: 10}, w.sendBatch(0).Progress)
	require.Equal(t, 10, w.onceEach())

	w.launchFrom(w.list.ID, other.ID)
	for _, l := range []models.ListID{w.list.ID, other.ID} {
		_, err = w.MoveList(t.Context(), w.account, l, models.ListPaused, "carrier")
		require.NoError(t, err)
	}
	require.Contains(t, w.sendBatch(0).Halt, "is paused", "two that wait do not wait for each other")
}
