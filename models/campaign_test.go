package models_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/internal/fault"
	"trackly/models"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func campaignStates() []models.CampaignState {
	return []models.CampaignState{
		models.CampaignDraft, models.CampaignScheduled, models.CampaignSending,
		models.CampaignPaused, models.CampaignSent, models.CampaignCancelled,
	}
}

func TestEveryCampaignStateHasItsMoves(t *testing.T) {
	t.Parallel()
	require.Len(t, models.CampaignMoves, len(campaignStates()))
	for _, s := range campaignStates() {
		require.Contains(t, models.CampaignMoves, s)
		require.False(t, s.MayBecome(s), "%s", s)
		require.Equal(t, s == models.CampaignSent || s == models.CampaignCancelled, s.Final(), "%s", s)
		require.Equal(t, !s.Final(), s.MayBecome(models.CampaignCancelled), "%s: everything unfinished can be cancelled", s)
	}
}

func TestMovingACampaignWritesItsTimes(t *testing.T) {
	t.Parallel()
	c := models.Campaign{State: models.CampaignDraft}
	for i, next := range []models.CampaignState{
		models.CampaignScheduled, models.CampaignSending, models.CampaignPaused, models.CampaignSending, models.CampaignSent,
	} {
		require.NoError(t, c.MoveTo(next, noon.Add(time.Duration(i)*time.Hour)))
	}
	require.Equal(t, noon, *c.LaunchedAt)
	require.Equal(t, noon.Add(time.Hour), *c.StartedAt, "the first start counts, not the resume")
	require.Equal(t, noon.Add(4*time.Hour), *c.FinishedAt)
}

// A refused move changes nothing, whatever came before.
func TestAnIllegalMoveIsRefusedWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c := models.Campaign{State: models.CampaignDraft}
		for _, next := range rapid.SliceOf(rapid.SampledFrom(campaignStates())).Draw(r, "moves") {
			before := c
			err := c.MoveTo(next, noon)
			if before.State.MayBecome(next) {
				require.NoError(r, err)
				require.Equal(r, next, c.State)
				continue
			}
			require.Equal(r, fault.Conflict, fault.KindOf(err))
			require.Equal(r, before, c)
		}
	})
}

func TestACampaignHearsAllItsProblemsAtOnce(t *testing.T) {
	t.Parallel()
	err := models.Campaign{Name: " ", Variants: []models.Variant{
		{Name: "A", Percent: 60}, {Name: "A", Percent: 60}, {Name: strings.Repeat("x", 51)},
	}}.Check(nil)
	var f *fault.Fault
	require.ErrorAs(t, err, &f)
	require.Equal(t, fault.Invalid, f.Kind)
	require.Equal(t, []string{"name", "late", "variants", "variants[1].name", "variants[2].name"}, places(f))

	require.NoError(t, models.Campaign{Name: "Spring", Late: models.LateDrops, Variants: []models.Variant{
		{Name: "A", Percent: 50}, {Name: "B", Percent: 50},
	}}.Check(nil))
	require.Error(t, models.Campaign{Name: "Spring", Late: models.LateWaits}.Check(nil), "somebody must say what to send")
}

func places(f *fault.Fault) (at []string) {
	for _, p := range f.Problems {
		at = append(at, p.Where)
	}
	return at
}

func TestProgressAddsUpAndEnds(t *testing.T) {
	t.Parallel()
	p := models.Progress{Planned: 21, Queued: 1, Claimed: 2, Sent: 3, Skipped: 4, Failed: 5, Unknown: 6}
	require.True(t, p.AddsUp())
	p.Sent++
	require.False(t, p.AddsUp())
	for _, open := range []models.Progress{{Queued: 1}, {Claimed: 1}, {Unknown: 1}} {
		require.False(t, open.Done())
	}
	require.True(t, models.Progress{Sent: 1, Skipped: 1, Failed: 1}.Done())
}
