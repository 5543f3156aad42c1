package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

//nolint:thelper // a step is a test of its own
func TestCampaignsOfSeveralLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two, creative := string(w.list(10)), string(w.list(12)), string(w.creative())
	body := func(members ...any) map[string]any {
		b := aCampaign(one, creative, "Both")
		delete(b, "list_id")
		for i := 0; i < len(members); i += 2 {
			b[members[i].(string)] = members[i+1]
		}
		return b
	}
	texas := w.do("POST", "/v1/audiences", map[string]any{
		"name": "Texas", "kind": "dynamic", "filter": map[string]any{"field": "state", "op": "eq", "values": []any{"TX"}},
	}).want(http.StatusCreated).str("id")
	w.step("each person is counted once, by list", func(t *testing.T) {
		got := w.do("POST", "/v1/campaigns", body("list_ids", []any{one, two}, "exclude_audiences", []any{texas})).want(http.StatusCreated)
		require.Equal(t, one, got["list_id"])
		require.Equal(t, []any{one, two}, got["list_ids"])
		require.Equal(t, []any{texas}, got["exclude_audiences"])
		require.Equal(t, []any{}, got["include_audiences"])
		size := w.do("GET", "/v1/campaigns/"+got.str("id")+"/audience-size", nil).want(http.StatusOK)
		require.EqualValues(t, 6, size["contacts"], "twelve people, half of them in Texas")
		require.Len(t, size.items("lists"), 2)
	})
	w.step("a time on the wall makes waves, before the launch and after", func(t *testing.T) {
		got := w.do("POST", "/v1/campaigns", body("list_ids", []any{one}, "local_time", "2126-05-05T09:00")).want(http.StatusCreated)
		waves := w.do("GET", "/v1/campaigns/"+got.str("id")+"/waves", nil).want(http.StatusOK)
		require.Equal(t, false, waves["frozen"])
		require.Len(t, waves.items("waves"), 2)
		require.Equal(t, "2126-05-05T13:00:00Z", waves.items("waves")[0].str("at"), "New York")
		require.Equal(t, "2126-05-05T15:00:00Z", waves.items("waves")[1].str("at"), "Texas, whose west keeps the time of Denver")
		launch := "/v1/campaigns/" + got.str("id") + "/launch"
		w.do("POST", launch, map[string]any{"send_at": "2126-01-01T00:00:00Z"}).want(http.StatusConflict)
		launched := w.do("POST", launch, nil).want(http.StatusAccepted).in("campaign")
		require.Equal(t, "2126-05-04T19:00:00Z", launched["send_at"], "when the first clock on earth shows it")
		w.do("POST", launch, nil).want(http.StatusAccepted)
	})
	w.step("every id that is wrong is told by its place", func(t *testing.T) {
		nobodys := string(models.NewID[models.AudienceID]())
		got := w.do("POST", "/v1/campaigns", body(
			"list_ids", []any{one, nobodys, one}, "include_audiences", []any{nobodys}, "exclude_audiences", []any{texas, "x", nobodys},
			"local_time", "2001-01-01T09:00",
		)).want(422)
		for _, where := range []string{
			"list_ids[1]: is not a list", "list_ids[2]: is named twice", "include_audiences[0]: is not an audience",
			"exclude_audiences[1]: is not an audience", "exclude_audiences[2]: is named twice", "local_time: has passed",
		} {
			require.Condition(t, func() bool { return oneBegins(got.errors(), where) }, "%s in %v", where, got.errors())
		}
		for where, b := range map[string]map[string]any{
			"list_id: is required":             body(),
			"list_id: is one way":              body("list_id", one, "list_ids", []any{one}),
			"local_time: must be a time on":    body("list_id", one, "local_time", "2126-05-05T09:00Z"),
			"filter.values[0]: is not a stati": body("list_id", one, "filter", map[string]any{"field": "audience", "op": "not_in", "values": []any{nobodys}}),
		} {
			got := w.do("POST", "/v1/campaigns", b).want(422)
			require.Condition(t, func() bool { return oneBegins(got.errors(), where) }, "%s in %v", where, got.errors())
		}
	})
	w.step("a launch asks every list", func(t *testing.T) {
		got := w.do("POST", "/v1/campaigns", body("list_ids", []any{one, two})).want(http.StatusCreated)
		w.do("POST", "/v1/lists/"+two+"/pause", map[string]any{"reason": "carrier"}).want(http.StatusOK)
		require.Contains(t, w.do("POST", "/v1/campaigns/"+got.str("id")+"/launch", nil).want(http.StatusConflict)["detail"], "is paused: carrier")
	})
}
