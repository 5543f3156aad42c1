package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/testkit"
	"trackly/models"
)

const csvKind = "text/csv"

// send uploads a file to a list.
func (w *world) send(list models.ListID, query, body string, headers ...string) answer {
	w.t.Helper()
	return w.do("POST", "/v1/lists/"+string(list)+"/imports"+query, body, headers...)
}

// run does what the workflow of a started import does.
func (w *world) run(id string) models.Import {
	w.t.Helper()
	imp, err := w.store.Import(w.t.Context(), w.account, models.ImportID(id))
	require.NoError(w.t, err)
	return testkit.RunImport(w.t, w.store, imp)
}

func column(imp object, header string) object {
	for _, c := range imp.items("columns") {
		if c.str("header") == header {
			return c
		}
	}
	return nil
}

const mixed = "phone,first_name,zip,plan\n(212) 555-0101,Ann,10001,gold\n12,Bob,,\n+12125550101,Ann,,\n=cmd,Eve,,\n+12125550102,Zoë,,x\n"

//nolint:thelper // a step is a test of its own
func TestAnImportRunsAndItsReportAddsUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.list(0)
	a := w.send(list, "?new_fields=create&file_name=may.csv", mixed, "Content-Type", csvKind)
	got := a.want(http.StatusAccepted)
	id := got.str("id")
	w.step("the upload is answered with what its columns are", func(t *testing.T) {
		require.Equal(t, "/v1/imports/"+id, a.Header().Get("Location"))
		require.Equal(t, "running", got.str("state"))
		require.Equal(t, "may.csv", got.str("file_name"))
		require.Len(t, got.str("file_sha256"), 64)
		require.Equal(t, "zip", column(got, "zip").str("meaning"))
		require.Equal(t, "custom", column(got, "plan").str("meaning"))
		require.Equal(t, []any{"gold", "x"}, column(got, "plan")["samples"])
		require.Equal(t, object{"region": "US", "new_fields": "create", "mobile_only": false, "look_up": false}, got.in("options"))
		require.Equal(t, []models.ImportID{models.ImportID(id)}, w.engine.imports)
	})
	w.run(id)
	w.step("the report adds up", func(t *testing.T) {
		report := w.do("GET", "/v1/imports/"+id, nil).want(http.StatusOK)
		require.Equal(t, "done", report.str("state"))
		require.EqualValues(t, 5, report["rows_read"])
		require.EqualValues(t, 2, report["valid"])
		require.EqualValues(t, 2, report["added"])
		require.EqualValues(t, 3, report["refused"])
		require.EqualValues(t, 100, report["percent"])
		require.Positive(t, report["rows_per_second"])
		require.Nil(t, report["seconds_left"])
		require.Equal(t, object{"bad_phone": 2.0, "duplicate_in_file": 1.0}, report.in("refused_by_reason"))
		require.Contains(t, report.str("next"), "/refusals.csv")
		require.Nil(t, column(report, "plan")["samples"], "samples are people's data and are not kept")
		require.Len(t, w.do("GET", "/v1/lists/"+string(list)+"/imports", nil).want(http.StatusOK).items("items"), 1)
	})
	w.step("the refused rows come in pages and as a file", func(t *testing.T) {
		page := w.do("GET", got.str("refusals_url")+"?limit=2", nil).want(http.StatusOK)
		require.Len(t, page.items("items"), 2)
		require.EqualValues(t, 3, page.items("items")[0]["line"])
		rest := w.do("GET", got.str("refusals_url")+"?limit=2&cursor="+page.str("next_cursor"), nil).want(http.StatusOK)
		require.Len(t, rest.items("items"), 1)
		table := w.do("GET", got.str("refusals_url")+".csv", nil)
		require.Equal(t, "text/csv; charset=utf-8", table.Header().Get("Content-Type"))
		require.Equal(t, 4, strings.Count(table.Body.String(), "\n"))
		require.True(t, strings.HasPrefix(table.Body.String(), "row,column,value,reason,message\n3,phone,12,bad_phone,"))
		require.Contains(t, table.Body.String(), ",'=cmd,", "a spreadsheet must not run it")
	})
	w.step("the contacts are on the list, with their fields", func(t *testing.T) {
		contacts := w.do("GET", "/v1/lists/"+string(list)+"/contacts", nil).want(http.StatusOK).items("items")
		require.Len(t, contacts, 2)
		require.Equal(t, object{"plan": "gold"}, contacts[0].in("fields"))
		require.Equal(t, "10001", contacts[0]["zip"])
		require.Equal(t, w.do("GET", "/v1/lists/"+string(list)+"/contacts/"+contacts[0].str("id"), nil).want(http.StatusOK), contacts[0])
		require.Zero(t, contacts[0]["send_count"])
		require.Contains(t, contacts[0], "click_count")
	})
}

//nolint:thelper // a step is a test of its own
func TestAnImportIsCorrectedTriedAndStarted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.list(0)
	got := w.send(list, "?start=false", "phone,state,age,note\n+12125550101,NY,41,a\n+12125550102,TX,x,b\n").want(http.StatusAccepted)
	at := "/v1/imports/" + got.str("id")
	start := func(body any) answer { return w.do("POST", at+"/start", body) }
	w.step("it waits until it is started", func(t *testing.T) {
		require.Equal(t, "uploaded", got.str("state"))
		require.Nil(t, got["problems"])
		require.Contains(t, got.str("next"), "/start")
		require.Empty(t, w.engine.imports)
		require.Equal(t, "ignored", column(got, "age").str("meaning"))
		require.Equal(t, "age", column(got, "age").str("field"), "what it could become")
	})
	w.step("a mapping that cannot be is refused, with every complaint at its place", func(t *testing.T) {
		bad := start(map[string]any{"columns": []any{
			map[string]any{"header": "nobody", "meaning": "custom"},
		}}).want(422)
		require.Equal(t, []string{"columns[0].header: is no header of the file, or is named twice"}, bad.errors())
		bad = start(map[string]any{"columns": []any{
			map[string]any{"header": "note", "meaning": "phone"}, map[string]any{"header": "age", "meaning": "custom", "field": "zone"},
		}}).want(422)
		require.Len(t, bad.errors(), 2)
		require.True(t, oneBegins(bad.errors(), "columns[0]: "), bad.errors())
		require.True(t, oneBegins(bad.errors(), "columns[1]: "), bad.errors())
		require.Equal(t, "uploaded", w.do("GET", at, nil).want(http.StatusOK).str("state"))
	})
	age := map[string]any{"columns": []any{map[string]any{"header": "age", "meaning": "custom", "type": "number"}}, "dry_run": true}
	w.step("a dry run says what would happen and changes nothing", func(t *testing.T) {
		require.Equal(t, "checking", start(age).want(http.StatusAccepted).str("state"))
		require.Len(t, w.engine.imports, 1)
		w.run(got.str("id"))
		checked := w.do("GET", at, nil).want(http.StatusOK)
		require.Equal(t, "checked", checked.str("state"))
		require.EqualValues(t, 1, checked["added"])
		require.Equal(t, object{"bad_value": 1.0}, checked.in("refused_by_reason"))
		require.Equal(t, "user", column(checked, "age").str("found_by"))
		require.Empty(t, w.do("GET", "/v1/lists/"+string(list)+"/contacts", nil).want(http.StatusOK)["items"])
	})
	w.step("it is started for real without a new upload", func(t *testing.T) {
		require.Equal(t, "running", start(nil).want(http.StatusAccepted).str("state"))
		require.Equal(t, "running", start(nil).want(http.StatusAccepted).str("state"), "a repetition changes nothing")
		w.run(got.str("id"))
		contacts := w.do("GET", "/v1/lists/"+string(list)+"/contacts", nil).want(http.StatusOK).items("items")
		require.Len(t, contacts, 1)
		require.EqualValues(t, 41, contacts[0].in("fields")["age"])
		start(nil).want(http.StatusConflict)
	})
}

//nolint:thelper // a step is a test of its own
func TestAnImportThatNeedsAnAnswerOrIsStopped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.list(0)
	w.step("columns that leave a question open keep it waiting", func(t *testing.T) {
		got := w.send(list, "", "home,work\n+12125550101,+12125550103\n+12125550102,+12125550104\n").want(http.StatusAccepted)
		require.Equal(t, "uploaded", got.str("state"))
		require.Contains(t, got.items("problems")[0].str("message"), "no column for the phone number")
		at := "/v1/imports/" + got.str("id")
		require.NotEmpty(t, w.do("GET", at, nil).want(http.StatusOK).items("problems"))
		w.do("POST", at+"/start", nil).want(422)
		w.do("POST", at+"/start", map[string]any{"columns": []any{map[string]any{"header": "work", "meaning": "phone"}}}).want(http.StatusAccepted)
		require.EqualValues(t, 2, w.run(got.str("id")).Added)
	})
	w.step("it is cancelled, once and for all", func(t *testing.T) {
		id := w.send(list, "?start=false", mixed).want(http.StatusAccepted).str("id")
		got := w.do("POST", "/v1/imports/"+id+"/cancel", map[string]any{"reason": "wrong file"}).want(http.StatusAccepted)
		require.Equal(t, "cancelled", got.str("state"))
		require.Equal(t, "wrong file", got.str("reason"))
		w.do("POST", "/v1/imports/"+id+"/cancel", nil).want(http.StatusAccepted)
		w.do("POST", "/v1/imports/"+id+"/start", nil).want(http.StatusConflict)
	})
	w.step("an engine that does not answer changes nothing but the sentence", func(t *testing.T) {
		w.engine.breaks(t)
		got := w.send(list, "", mixed).want(http.StatusAccepted)
		require.Equal(t, "running", got.str("state"))
		require.Contains(t, got.str("next"), "nothing to repeat")
	})
}

func TestAnImportTellsWhatCameOfItsLookUps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.send(w.list(0), "?look_up=true", "phone\n+12125550101\n", "Content-Type", csvKind).want(http.StatusAccepted).str("id")
	at := "/v1/imports/" + id
	running := w.do("GET", at, nil).want(http.StatusOK)
	require.Nil(t, running["looked_up"])
	require.NotContains(t, running.str("next"), "looked up")
	keep := func(l models.LookedUp) {
		require.NoError(t, w.store.KeepLookedUp(t.Context(), w.account, models.ImportID(id), l))
	}
	ctx := t.Context()
	_, err := w.store.StageImport(ctx, w.account, models.ImportID(id))
	require.NoError(t, err)
	_, err = w.store.MergeImport(ctx, w.account, models.ImportID(id), 1, 1)
	require.NoError(t, err)
	require.Contains(t, w.do("GET", at, nil).want(http.StatusOK).str("next"), "being looked up")

	w.run(id)
	keep(models.LookedUp{Asked: 4, Cached: 3, Failed: 2, NotMobile: 1})
	done := w.do("GET", at, nil).want(http.StatusOK)
	require.Equal(t, object{"asked": 4.0, "cached": 3.0, "failed": 2.0, "not_mobile": 1.0}, done.in("looked_up"))
	require.Equal(t, "Nothing is left to do.", done.str("next"))
	keep(models.LookedUp{Problem: "set a route to Twilio"})
	done = w.do("GET", at, nil).want(http.StatusOK)
	require.Equal(t, "done", done.str("state"))
	require.Equal(t, "set a route to Twilio", done.in("looked_up").str("problem"))
	require.Contains(t, done.str("next"), "set a route to Twilio. Import the file again")
}
