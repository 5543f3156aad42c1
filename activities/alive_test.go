package activities_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"

	"trackly/activities"
	"trackly/internal/fault"
	"trackly/models"
)

// heavyStore freezes for as long as nobody has heard a sign of life.
type heavyStore struct {
	heard chan struct{}
}

func (s heavyStore) Freeze(context.Context, models.AccountID, models.CampaignID, time.Time) (int64, int, error) {
	select {
	case <-s.heard:
		return 1, 1, nil
	case <-time.After(5 * time.Second):
		return 0, 0, fault.New(fault.Broken, "nobody was told that the freeze still runs")
	}
}

func (heavyStore) MoveCampaign(context.Context, models.AccountID, models.CampaignID, models.CampaignState, string, time.Time) (models.Campaign, error) {
	return models.Campaign{}, nil
}

func (heavyStore) OpenBatches(context.Context, models.Source) (models.Open, error) {
	return models.Open{}, nil
}

func (heavyStore) CancelQueued(context.Context, models.AccountID, models.CampaignID) error {
	return nil
}

func (heavyStore) Progress(context.Context, models.Source) (models.Progress, error) {
	return models.Progress{}, nil
}

func (heavyStore) UnfinishedCampaigns(context.Context, time.Time, int) ([]models.Campaign, error) {
	return nil, nil
}

func (heavyStore) OutboxesWaiting(context.Context, time.Time, int) ([]models.Source, error) {
	return nil, nil
}

func (heavyStore) ImportsAtWork(context.Context, time.Time, int) ([]models.Import, error) {
	return nil, nil
}

func (heavyStore) EndAbandonedImports(context.Context, time.Time, int) error { return nil }

func TestALongFreezeGivesSignsOfLife(t *testing.T) {
	t.Parallel()
	heard := make(chan struct{})
	var once sync.Once
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.SetOnActivityHeartbeatListener(func(*activity.Info, converter.EncodedValues) { once.Do(func() { close(heard) }) })
	a := &activities.Campaigns{Store: heavyStore{heard: heard}, Now: time.Now}
	env.RegisterActivity(a.Freeze)
	_, err := env.ExecuteActivity(a.Freeze, activities.CampaignRef{})
	require.NoError(t, err, "a killed worker's freeze would be missed only after ten minutes")
}
