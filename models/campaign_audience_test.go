package models_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
)

func TestACampaignsListsAndAudiencesAreNamedOnce(t *testing.T) {
	t.Parallel()
	c := models.Campaign{Name: "C", Late: models.LateWaits, Variants: []models.Variant{{Name: "A", Percent: 100}}}
	c.Lists, c.Include, c.Exclude = []models.ListID{"a", "b", "a"}, []models.AudienceID{"x", "x"}, []models.AudienceID{"y", "x"}
	c.LocalTime = "9:00"
	var f *fault.Fault
	require.ErrorAs(t, c.Check(nil), &f)
	require.Equal(t, []string{"list_ids[2]", "include_audiences[1]", "exclude_audiences[1]", "local_time"}, places(f))
	c.Lists, c.Include, c.Exclude = make([]models.ListID, 21), make([]models.AudienceID, 21), make([]models.AudienceID, 21)
	require.ErrorAs(t, c.Check(nil), &f)
	require.Subset(t, places(f), []string{"list_ids", "include_audiences", "exclude_audiences"})
}

func TestALocalTimeIsScheduledByItself(t *testing.T) {
	t.Parallel()
	c := models.Campaign{LocalTime: "2026-05-05T09:00"}
	require.NoError(t, c.Schedule(nil, noon))
	require.Equal(t, time.Date(2026, 5, 4, 19, 0, 0, 0, time.UTC), *c.SendAt)
	at := noon
	require.Equal(t, fault.Conflict, fault.KindOf(c.Schedule(&at, noon)), "two times")
	require.NoError(t, c.Schedule(nil, time.Date(2026, 5, 5, 20, 59, 0, 0, time.UTC)), "one clock is still to come")
	require.Equal(t, fault.Conflict, fault.KindOf(c.Schedule(nil, time.Date(2026, 5, 5, 21, 0, 0, 0, time.UTC))))
	plain := models.Campaign{}
	require.NoError(t, plain.Schedule(&at, noon))
	require.Equal(t, &at, plain.SendAt)
}
