package activities_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/activities"
	"trackly/internal/fault"
	"trackly/internal/provider/sandbox"
	"trackly/internal/store"
	"trackly/models"
)

// blind is a store that no longer tells anybody's rights.
type blind struct{ *store.Store }

func (blind) RightsOf(context.Context, models.Batch, string, []models.MessageID) (models.Rights, error) {
	return models.Rights{}, fault.New(fault.Broken, "the database failed")
}

func TestAFlightThatCannotReadItsRightsSendsNothingAfterASecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 60, sandbox.Faults{Latency: sandbox.Spell{Percent: 100, MinMS: 100, MaxMS: 100}})
	w.delivery.Store, w.delivery.Air = blind{w.Store}, activities.NewAir(1)
	began := time.Now()
	_, err := w.send()
	require.NoError(t, err, "the rest is for another flight")
	require.Greater(t, time.Since(began), time.Second, "a short absence is waited out")
	accepted := w.box.Accepted()
	require.NotEmpty(t, accepted)
	last := accepted[len(accepted)-1].At.Sub(accepted[0].At)
	require.Less(t, last, time.Second, "a STOP said meanwhile is not seen")
	p := w.progress()
	require.EqualValues(t, len(accepted), p.Sent)
	require.EqualValues(t, 60-len(accepted), p.Queued, "the rest was put back")
}
