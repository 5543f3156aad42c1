package activities_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/activities"
	"trackly/internal/fault"
	"trackly/internal/provider/sandbox"
	"trackly/models"
)

// started notes the campaigns whose workflow was asked for.
type started struct {
	ids    []models.CampaignID
	nudged []models.Source
	brings []models.ImportID
	err    error
}

func (s *started) NudgeOutbox(_ context.Context, src models.Source) error {
	s.nudged = append(s.nudged, src)
	return s.err
}

func (s *started) StartCampaign(_ context.Context, c models.Campaign) error {
	s.ids = append(s.ids, c.ID)
	return s.err
}

func (s *started) StartImport(_ context.Context, imp models.Import) error {
	s.brings = append(s.brings, imp.ID)
	return s.err
}

func TestAFreezeIsRepeatable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 700, sandbox.Faults{})
	a := &activities.Campaigns{Store: w.Store, Now: time.Now}
	for range 2 {
		res, err := a.Freeze(t.Context(), w.ref())
		require.NoError(t, err)
		require.Equal(t, activities.FreezeResult{Planned: 700, Batches: 2}, res)
	}
	open, err := a.Open(t.Context(), activities.OpenInput{CampaignRef: w.ref(), Limit: 10})
	require.NoError(t, err)
	require.Equal(t, []int{0, 1}, open.Numbers)
	open, err = a.Open(t.Context(), activities.OpenInput{CampaignRef: w.ref(), Limit: 1})
	require.NoError(t, err)
	require.Equal(t, []int{0}, open.Numbers, "the answer stays in the history for ever")
	require.EqualValues(t, 700, open.Progress.Queued)
}

func TestAMoveIsRepeatableAndRefusesNonsense(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, sandbox.Faults{})
	a := &activities.Campaigns{Store: w.Store, Now: time.Now}
	for range 2 {
		p, err := a.Move(t.Context(), activities.MoveInput{CampaignRef: w.ref(), State: models.CampaignCancelled})
		require.NoError(t, err)
		require.EqualValues(t, 3, p.Queued)
	}
	_, err := a.Move(t.Context(), activities.MoveInput{CampaignRef: w.ref(), State: models.CampaignSending})
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	for range 2 {
		p, err := a.SkipQueued(t.Context(), w.ref())
		require.NoError(t, err)
		require.Equal(t, models.Progress{Planned: 3, Skipped: 3}, p)
	}
	foreign := activities.CampaignRef{AccountID: models.NewID[models.AccountID](), CampaignID: w.campaign.ID}
	_, err = a.Move(t.Context(), activities.MoveInput{CampaignRef: foreign, State: models.CampaignCancelled})
	require.Equal(t, fault.NotFound, fault.KindOf(err))
}

func TestTheKeeperStartsWhatWasLaunchedAWhileAgo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, sandbox.Faults{})
	engine := &started{}
	a := &activities.Campaigns{Store: w.Store, Starter: engine, Now: time.Now}
	n, err := a.Keep(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "its launch may be about to start the workflow")

	a.Now = func() time.Time { return time.Now().Add(time.Minute) }
	w.draft()
	n, err = a.Keep(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n, "a draft needs no workflow")
	require.Equal(t, []models.CampaignID{w.campaign.ID}, engine.ids)

	w.single(models.KindReply, phoneOf(0))
	n, err = a.Keep(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.Equal(t, []models.Source{w.outbox()}, engine.nudged, "a reply that nobody hands over")

	engine.err = fault.New(fault.Broken, "the engine is away")
	_, err = a.Keep(t.Context())
	require.Error(t, err)
	w.move(models.CampaignSent)
	_, err = w.sendSingles(0)
	require.NoError(t, err)
	engine.err = nil
	n, err = a.Keep(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
}
