package api_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

//nolint:thelper // a step is a test of its own
func TestImports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	send := func(list, body string) answer {
		return w.do("POST", "/v1/lists/"+list+"/imports", body, "Content-Type", "text/csv")
	}
	w.step("a file is taken and its report adds up", func(t *testing.T) {
		list := string(w.list(0))
		file := "phone,first_name,zip,plan\n(212) 555-0101,Ann,10001,gold\n12,Bob,,\n+12125550101,Ann,,\n=cmd,Eve,,\n+12125550102,Zoë,,x\n"
		a := send(list, file)
		got := a.want(http.StatusCreated)
		require.EqualValues(t, 5, got["rows_read"])
		require.EqualValues(t, 2, got["added"])
		require.EqualValues(t, 3, got["refused"])
		require.Equal(t, object{"bad_phone": 2.0, "duplicate_in_file": 1.0}, got.in("refused_by_reason"))
		require.Len(t, got.items("refusals"), 3)
		require.EqualValues(t, 3, got.items("refusals")[0]["line"])
		require.Equal(t, "/v1/imports/"+got.str("id"), a.Header().Get("Location"))

		report := w.do("GET", "/v1/imports/"+got.str("id"), nil).want(http.StatusOK)
		require.EqualValues(t, 3, report["refused"])
		require.Len(t, w.do("GET", "/v1/lists/"+list+"/imports", nil).want(http.StatusOK).items("items"), 1)
		page := w.do("GET", got.str("refusals_url")+"?limit=2", nil).want(http.StatusOK)
		require.Len(t, page.items("items"), 2)
		rest := w.do("GET", got.str("refusals_url")+"?limit=2&cursor="+page.str("next_cursor"), nil).want(http.StatusOK)
		require.Len(t, rest.items("items"), 1)

		table := w.do("GET", got.str("refusals_url")+".csv", nil)
		require.Equal(t, "text/csv; charset=utf-8", table.Header().Get("Content-Type"))
		require.Equal(t, 4, strings.Count(table.Body.String(), "\n"))
		require.True(t, strings.HasPrefix(table.Body.String(), "row,column,value,reason,message\n3,phone,12,bad_phone,"))
		require.Contains(t, table.Body.String(), ",'=cmd,", "a spreadsheet must not run it")

		contacts := w.do("GET", "/v1/lists/"+list+"/contacts", nil).want(http.StatusOK).items("items")
		require.Len(t, contacts, 2)
		require.Equal(t, object{"plan": "gold"}, contacts[0].in("fields"))
		require.Equal(t, "10001", contacts[0]["zip"])
		require.Equal(t, w.do("GET", "/v1/lists/"+list+"/contacts/"+contacts[0].str("id"), nil).want(http.StatusOK), contacts[0])
	})
	w.step("what is no contact file is refused in clear words, and nothing is kept", func(t *testing.T) {
		list := string(w.list(0))
		for body, want := range map[string]string{
			"":                                   "empty",
			"PK\x03\x04zip":                      "",
			"name,town\nAnn,Bath\n":              "phone",
			"phone\n":                            "no rows",
			"phone\n+12125550101\n\"+1212\n+1\n": "never closed",
		} {
			got := send(list, body).want(422)
			require.Contains(t, fmt.Sprint(got), want)
		}
		require.Empty(t, w.do("GET", "/v1/lists/"+list+"/contacts", nil).want(http.StatusOK)["items"])
		require.Empty(t, w.do("GET", "/v1/lists/"+list+"/imports", nil).want(http.StatusOK)["items"])
	})
	w.step("a file that is too long is 413, announced or not", func(t *testing.T) {
		list := string(w.list(0))
		long := "phone\n+12125550101\n" + strings.Repeat("+12125550102\n", 10_000)
		send(list, long).want(http.StatusRequestEntityTooLarge)
		w.upload(list, strings.NewReader(long)).want(http.StatusRequestEntityTooLarge)
		require.Empty(t, w.do("GET", "/v1/lists/"+list+"/contacts", nil).want(http.StatusOK)["items"])
	})
	w.step("an upload that breaks off leaves nothing behind", func(t *testing.T) {
		list := string(w.list(0))
		body := io.MultiReader(strings.NewReader("phone\n+12125550101\n"), failing{})
		w.upload(list, body).want(http.StatusBadRequest)
		require.Empty(t, w.do("GET", "/v1/lists/"+list+"/contacts", nil).want(http.StatusOK)["items"])
	})
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

// upload sends a file without saying how long it is.
func (w *world) upload(list string, body io.Reader) answer {
	w.t.Helper()
	req := httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, "/v1/lists/"+list+"/imports", body)
	req.Header.Set("Authorization", "Bearer "+w.key)
	return w.serve(req)
}
