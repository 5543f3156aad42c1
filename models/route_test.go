package models_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
)

func TestARouteHearsAllItsProblemsAtOnce(t *testing.T) {
	t.Parallel()
	require.NoError(t, models.Route{Phone: "+12025550100"}.Check())
	require.NoError(t, models.Route{Phone: "+12025550100", BaseURL: "https://eu.provider.example", PaceGroup: "main account"}.Check())
	for name, tc := range map[string]struct {
		route models.Route
		at    []string
	}{
		"a national number":      {models.Route{Phone: "2025550100"}, []string{"phone"}},
		"no number":              {models.Route{}, []string{"phone"}},
		"a slash in the group":   {models.Route{Phone: "+12025550100", PaceGroup: "a/b"}, []string{"pace_group"}},
		"a very long group":      {models.Route{Phone: "+12025550100", PaceGroup: strings.Repeat("g", 51)}, []string{"pace_group"}},
		"an address of no kind":  {models.Route{Phone: "+12025550100", BaseURL: "ftp://x"}, []string{"base_url"}},
		"everything at one time": {models.Route{Phone: "x", PaceGroup: "\n", BaseURL: "/x"}, []string{"phone", "pace_group", "base_url"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var f *fault.Fault
			require.ErrorAs(t, tc.route.Check(), &f)
			require.Equal(t, tc.at, places(f))
		})
	}
}

// route is one whose check is passed.
func route(provider string, state models.RouteState) models.Route {
	at := noon
	return models.Route{Provider: provider, State: state, CredentialsAt: &at, TextAt: &at, WebhookAt: &at}
}

func down(provider string, until time.Time) models.Route {
	r := route(provider, models.RouteDown)
	r.ProbeAt, r.Reason = &until, "timeouts"
	return r
}

func TestARouteSaysWhichStepOfItsCheckIsMissing(t *testing.T) {
	t.Parallel()
	require.NoError(t, route("twilio", models.RouteUp).Checked())
	for name, tc := range map[string]struct {
		change func(*models.Route)
		want   string
	}{
		"credentials":            {func(r *models.Route) { r.CredentialsAt = nil }, "the credentials"},
		"the text":               {func(r *models.Route) { r.TextAt = nil }, "a test text"},
		"the callback":           {func(r *models.Route) { r.WebhookAt = nil }, "callback"},
		"the first missing step": {func(r *models.Route) { r.CredentialsAt, r.WebhookAt = nil, nil }, "the credentials"},
		"what the check found":   {func(r *models.Route) { r.TextAt, r.CheckProblem = nil, "no such number" }, "(no such number)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := route("twilio", models.RouteUp)
			tc.change(&r)
			err := r.Checked()
			require.ErrorContains(t, err, tc.want)
			require.ErrorContains(t, err, "twilio")
			require.Equal(t, fault.Conflict, fault.KindOf(err))
		})
	}
}

func TestPick(t *testing.T) {
	t.Parallel()
	unchecked := models.Route{Provider: "unchecked", State: models.RouteUp}
	blocked := route("blocked", models.RouteBlocked)
	blocked.Reason = "unpaid"
	first, second := route("first", models.RouteUp), route("second", models.RouteUp)
	due, later := down("due", noon), down("later", noon.Add(time.Minute))
	for name, tc := range map[string]struct {
		routes   []models.Route
		provider string
		probe    bool
		kind     fault.Kind
		why      string
	}{
		"the first of two that are up":           {[]models.Route{first, second}, "first", false, "", ""},
		"the second while the first is down":     {[]models.Route{later, second}, "second", false, "", ""},
		"the second while the first is blocked":  {[]models.Route{blocked, second}, "second", false, "", ""},
		"the second while one is not checked":    {[]models.Route{unchecked, second}, "second", false, "", ""},
		"the first as soon as it may be probed":  {[]models.Route{due, second}, "due", true, "", ""},
		"a probe of the only one":                {[]models.Route{due}, "due", true, "", ""},
		"none: the wait for one that is down":    {[]models.Route{later}, "", false, fault.Throttled, "timeouts"},
		"none: the reason of the block":          {[]models.Route{blocked}, "", false, fault.Conflict, "unpaid"},
		"none: the step that is missing":         {[]models.Route{unchecked}, "", false, fault.Conflict, "not checked"},
		"none: time heals the second":            {[]models.Route{blocked, later}, "", false, fault.Throttled, "timeouts"},
		"none: time heals the first":             {[]models.Route{later, blocked}, "", false, fault.Throttled, "timeouts"},
		"none: unchecked and down":               {[]models.Route{unchecked, later}, "", false, fault.Throttled, "timeouts"},
		"none: the first complaint of two alike": {[]models.Route{blocked, unchecked}, "", false, fault.Conflict, "unpaid"},
		"none: no route at all":                  {nil, "", false, fault.Conflict, "no route"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, probe, err := models.Pick(tc.routes, noon)
			require.Equal(t, tc.provider, r.Provider)
			require.Equal(t, tc.probe, probe)
			if tc.kind == "" {
				require.NoError(t, err)
				return
			}
			require.Equal(t, tc.kind, fault.KindOf(err))
			require.ErrorContains(t, err, tc.why)
		})
	}
	_, _, err := models.Pick([]models.Route{later}, noon)
	var f *fault.Fault
	require.ErrorAs(t, err, &f)
	require.Equal(t, time.Minute, f.RetryAfter)
}

func TestARouteIsFoundByItsRank(t *testing.T) {
	t.Parallel()
	routes := []models.Route{{Rank: 1, Provider: "a"}, {Rank: 2, Provider: "b"}}
	r, ok := models.RouteOf(routes, 2)
	require.True(t, ok)
	require.Equal(t, "b", r.Provider)
	_, ok = models.RouteOf(routes[:1], 2)
	require.False(t, ok)
}

func TestCredentialsNeverPrint(t *testing.T) {
	t.Parallel()
	c := models.Credentials{Token: "hunter2", PublicKey: "pk-hunter2"}
	h := models.Handover{Credentials: map[int]models.Credentials{1: c}}
	var shown []string
	for _, v := range []any{c, &c, h, map[string]any{"c": c}, []models.Credentials{c}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			shown = append(shown, fmt.Sprintf(verb, v))
		}
		text, err := json.Marshal(v)
		require.NoError(t, err)
		shown = append(shown, string(text))
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		shown = append(shown, log.String())
	}
	for _, s := range shown {
		require.NotContains(t, s, "hunter2")
		require.NotContains(t, s, fmt.Sprintf("%x", "hunter2"))
	}
	require.Contains(t, fmt.Sprint(c), "•••")
}
