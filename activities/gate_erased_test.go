package activities

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

// Left in the queue, the message would keep its batch open for ever.
func TestAMessageOfAnErasedPersonIsSkipped(t *testing.T) {
	t.Parallel()
	for _, kind := range []models.Kind{models.KindCampaign, models.KindConfirmation, models.KindReply} {
		g := gate{t: &trip{d: &Delivery{Now: time.Now}}}
		var j judged
		_, ok := g.admit(models.QueuedMessage{ID: 7, Kind: kind, QueuedAt: time.Now()}, &j)
		require.False(t, ok, kind)
		require.Len(t, j.decisions, 1)
		require.Equal(t, models.VerdictSkip, j.decisions[0].Verdict)
		require.Equal(t, models.ReasonOptedOut, j.decisions[0].Check)
	}
}
