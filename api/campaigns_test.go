package api_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/workflows"
)

func aCampaign(list, creative, name string) map[string]any {
	return map[string]any{
		"name": name, "list_id": list, "variants": []any{map[string]any{"name": "A", "creative_id": creative, "percent": 100}},
	}
}

//nolint:thelper // a step is a test of its own
func TestCampaigns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list, creative := string(w.list(10)), string(w.creative())
	w.step("a campaign is created with its filter and counts its audience", func(t *testing.T) {
		body := aCampaign(list, creative, "Texas")
		body["filter"] = map[string]any{"all": []any{map[string]any{"field": "state", "op": "eq", "values": []any{"TX"}}}}
		got := w.do("POST", "/v1/campaigns", body).want(http.StatusCreated)
		require.Equal(t, "draft", got["state"])
		require.Equal(t, body["filter"], map[string]any(got.in("filter")))
		require.Len(t, got.items("variants"), 1)
		require.Equal(t, w.do("GET", "/v1/campaigns/"+got.str("id"), nil).want(http.StatusOK), got)
		size := w.do("GET", "/v1/campaigns/"+got.str("id")+"/audience-size", nil).want(http.StatusOK)
		require.EqualValues(t, 5, size["contacts"])
	})
	w.step("everything that is wrong is told at once, by place", func(t *testing.T) {
		dead := string(w.creative())
		w.do("DELETE", "/v1/creatives/"+dead, nil).want(http.StatusNoContent)
		got := w.do("POST", "/v1/campaigns", map[string]any{
			"name": "", "list_id": string(models.NewID[models.ListID]()),
			"filter": map[string]any{"all": []any{map[string]any{"field": "state", "op": "eq"}}},
			"variants": []any{
				map[string]any{"name": "A", "creative_id": dead, "percent": 50},
				map[string]any{"name": "A", "creative_id": "nonsense", "percent": 49},
			},
		}).want(422)
		for _, where := range []string{
			"name: ", "list_id: is not a list", "filter.all[0].values: ", "variants: ", "variants[1].name: ",
			"variants[0].creative_id: creative \"C\" was deleted", "variants[1].creative_id: is not a creative",
		} {
			require.Condition(t, func() bool { return oneBegins(got.errors(), where) }, "%s in %v", where, got.errors())
		}
	})
	w.step("what to do when an offer is full is kept, and a swap needs something to send", func(t *testing.T) {
		spare := map[string]any{"name": "Spare", "creative_id": string(w.creative())}
		got := w.do("POST", "/v1/campaigns", with(with(aCampaign(list, creative, "x"), "on_full", "swap"), "spare", spare)).want(http.StatusCreated)
		require.Equal(t, "swap", got["on_full"])
		require.Equal(t, spare, map[string]any(got.in("spare")))
		require.Len(t, got.items("variants"), 1)
		require.Equal(t, w.do("GET", "/v1/campaigns/"+got.str("id"), nil).want(http.StatusOK), got)
		require.Equal(t, "ignore", w.do("POST", "/v1/campaigns", aCampaign(list, creative, "x")).want(http.StatusCreated)["on_full"])
		for _, body := range []map[string]any{
			with(aCampaign(list, creative, "x"), "on_full", "swap"), with(aCampaign(list, creative, "x"), "spare", spare),
		} {
			require.Condition(t, func() bool { return oneBegins(w.do("POST", "/v1/campaigns", body).want(422).errors(), "spare: ") })
		}
		w.do("POST", "/v1/campaigns", with(with(aCampaign(list, creative, "x"), "on_full", "swap"), "spare",
			map[string]any{"name": "A", "creative_id": "nonsense"})).want(422)
		w.do("POST", "/v1/campaigns", with(aCampaign(list, creative, "x"), "on_full", "panic")).want(422)
	})
	w.step("a misspelt filter never means everybody", func(t *testing.T) {
		for _, filter := range []any{map[string]any{"al": []any{}}, nil, []any{}, map[string]any{"all": nil}} {
			w.do("POST", "/v1/campaigns", with(aCampaign(list, creative, "x"), "filter", filter)).want(422)
		}
	})
}

//nolint:thelper // a step is a test of its own
func TestLaunching(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list, creative := w.list(3), w.creative()
	launch := func(c models.CampaignID, body any) answer {
		return w.do("POST", "/v1/campaigns/"+string(c)+"/launch", body)
	}
	w.step("a launch starts the campaign, and its repetition changes nothing", func(t *testing.T) {
		c := w.campaign(list, creative)
		got := launch(c, nil).want(http.StatusAccepted)
		require.Equal(t, "scheduled", got.in("campaign")["state"])
		require.NotContains(t, got, "note")
		require.Contains(t, w.engine.started, c)
		launch(c, map[string]any{}).want(http.StatusAccepted)
		launch(c, map[string]any{"send_at": "2030-01-01T00:00:00Z"}).want(http.StatusConflict)
	})
	w.step("a time to send is kept in UTC", func(t *testing.T) {
		c := w.campaign(list, creative)
		got := launch(c, map[string]any{"send_at": "2030-01-01T00:00:00+02:00"}).want(http.StatusAccepted)
		require.Equal(t, "2029-12-31T22:00:00Z", got.in("campaign")["send_at"])
		launch(w.campaign(list, creative), map[string]any{"send_at": "tomorrow"}).want(422)
	})
	w.step("a paused list or a deleted creative is a conflict in clear words", func(t *testing.T) {
		paused, dead := w.list(0), w.creative()
		a, b := w.campaign(paused, creative), w.campaign(list, dead)
		w.do("POST", "/v1/lists/"+string(paused)+"/pause", map[string]any{"reason": "carrier"}).want(http.StatusOK)
		w.do("DELETE", "/v1/creatives/"+string(dead), nil).want(http.StatusNoContent)
		require.Contains(t, launch(a, nil).want(http.StatusConflict)["detail"], "is paused: carrier")
		require.Contains(t, launch(b, nil).want(http.StatusConflict)["detail"], "was deleted")
	})
	w.step("without an engine the launch is accepted and says that it starts by itself", func(t *testing.T) {
		c := w.campaign(list, creative)
		w.engine.fail = fault.Wrap(errors.New("refused"), fault.Broken, "the workflow engine does not answer")
		defer func() { w.engine.fail = nil }()
		got := launch(c, nil).want(http.StatusAccepted)
		require.Contains(t, got["note"], "starts by itself")
		require.Equal(t, "scheduled", w.do("GET", "/v1/campaigns/"+string(c), nil).want(http.StatusOK)["state"])
	})
}

//nolint:thelper // a step is a test of its own
func TestSteering(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, c, _ := w.sending(3)
	steer := func(c models.CampaignID, verb string) answer {
		return w.do("POST", "/v1/campaigns/"+string(c)+"/"+verb, nil)
	}
	w.step("the last of two opposite commands wins, whatever the row says by then", func(t *testing.T) {
		steer(c, "pause").want(http.StatusAccepted)
		steer(c, "resume").want(http.StatusAccepted)
		require.Equal(t, []workflows.Command{workflows.Pause, workflows.Resume}, w.engine.steered)
	})
	w.step("a paused one hears resume, and pause again", func(t *testing.T) {
		w.engine.steered = nil
		_, err := w.store.MoveCampaign(t.Context(), w.account, c, models.CampaignPaused, "by owner", time.Now())
		require.NoError(t, err)
		steer(c, "pause").want(http.StatusAccepted)
		steer(c, "resume").want(http.StatusAccepted)
		require.Equal(t, []workflows.Command{workflows.Pause, workflows.Resume}, w.engine.steered)
	})
	w.step("a draft is cancelled without an engine, and stays so", func(t *testing.T) {
		draft := w.campaign(w.list(0), w.creative())
		steer(draft, "pause").want(http.StatusConflict)
		require.Equal(t, "cancelled", steer(draft, "cancel").want(http.StatusAccepted).in("campaign")["state"])
		steer(draft, "cancel").want(http.StatusAccepted)
		steer(draft, "resume").want(http.StatusConflict)
		w.do("POST", "/v1/campaigns/"+string(draft)+"/launch", nil).want(http.StatusConflict)
	})
	w.step("a scheduled one that nobody picked up yet is started so that it can be cancelled", func(t *testing.T) {
		late := w.campaign(w.list(0), w.creative())
		w.do("POST", "/v1/campaigns/"+string(late)+"/launch", map[string]any{"send_at": "2030-01-01T00:00:00Z"}).want(http.StatusAccepted)
		w.engine.notYet = fault.New(fault.Conflict, "the campaign is not running")
		steer(late, "resume").want(http.StatusConflict)
		steer(late, "cancel").want(http.StatusAccepted)
		require.Equal(t, workflows.Cancel, w.engine.steered[len(w.engine.steered)-1])
	})
	w.step("an engine that is down is 503 with a time to come back", func(t *testing.T) {
		w.engine.fail = fault.New(fault.Broken, "the workflow engine does not answer")
		defer func() { w.engine.fail = nil }()
		a := steer(c, "cancel")
		a.want(http.StatusServiceUnavailable)
		require.Equal(t, "1", a.Header().Get("Retry-After"))
	})
}

//nolint:thelper // a step is a test of its own
func TestProgressReportAndMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, c, ids := w.sending(5)
	require.Len(t, ids, 5)
	base := "/v1/campaigns/" + string(c)
	w.step("progress adds up", func(t *testing.T) {
		got := w.do("GET", base+"/progress", nil).want(http.StatusOK)
		require.Equal(t, object{
			"state": "sending", "planned": 5.0, "queued": 5.0, "claimed": 0.0, "sent": 0.0, "skipped": 0.0, "failed": 0.0, "unknown": 0.0,
		}, got)
	})
	w.step("the report has a line for each variant", func(t *testing.T) {
		got := w.do("GET", base+"/report", nil).want(http.StatusOK)
		require.Len(t, got.items("variants"), 1)
		require.EqualValues(t, 5, got.items("variants")[0]["planned"])
		require.Empty(t, got["reasons"])
	})
	w.step("messages are read by state, page by page", func(t *testing.T) {
		got := w.do("GET", base+"/messages?state=queued&limit=4", nil).want(http.StatusOK)
		require.Len(t, got.items("items"), 4)
		rest := w.do("GET", base+"/messages?state=queued&limit=4&cursor="+got.str("next_cursor"), nil).want(http.StatusOK)
		require.Len(t, rest.items("items"), 1)
		require.Empty(t, w.do("GET", base+"/messages?state=failed", nil).want(http.StatusOK)["items"])
		w.do("GET", base+"/messages?state=flying", nil).want(422)
		one := rest.items("items")[0]
		require.Equal(t, w.do("GET", "/v1/messages/"+one.str("id"), nil).want(http.StatusOK), one)
		require.Equal(t, "queued", one.items("history")[0]["state"])
	})
}
