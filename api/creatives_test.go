package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

//nolint:thelper // a step is a test of its own
func TestCreatives(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.list(2) // their contacts have the custom field plan
	create := func(body string, links ...any) answer {
		return w.do("POST", "/v1/creatives", map[string]any{"name": "C", "body": body, "links": links})
	}
	w.step("a creative may use built-in fields and those contacts have", func(t *testing.T) {
		got := create("{{first_name|x}} {{last_name}} {{state}} {{phone}} {{brand_name}} {{plan}} {{link1}}",
			map[string]any{"url": "https://o.example/"}).want(http.StatusCreated)
		require.Equal(t, w.do("GET", "/v1/creatives/"+got.str("id"), nil).want(http.StatusOK), got)
		require.Equal(t, "https://o.example/", got.items("links")[0]["url"])
	})
	w.step("a field nobody has is refused when saved, with all else that is wrong", func(t *testing.T) {
		got := create("{{shoe_size}} {{link1}} {{link2}}", map[string]any{"url": "javascript:alert(1)"}).want(422)
		require.Len(t, got.errors(), 3, got)
		for _, where := range []string{"body: \"shoe_size\" is not a known field", "links[0].url: ", "links: "} {
			require.Condition(t, func() bool { return oneBegins(got.errors(), where) }, "%s in %v", where, got.errors())
		}
	})
	w.step("a link may lead to an offer of the account", func(t *testing.T) {
		offer := func(key string) string {
			return w.as(key, "POST", "/v1/offers", map[string]any{"name": "O", "url": "https://o.example/", "payout_type": "cpa", "payout": "1"}).want(http.StatusCreated).str("id")
		}
		ours := offer(w.key)
		got := create("{{link1}}", map[string]any{"offer_id": ours, "parameters": map[string]any{"sub1": "{click_id}"}}).want(http.StatusCreated)
		require.Equal(t, object{"offer_id": ours, "parameters": map[string]any{"sub1": "{click_id}"}}, got.items("links")[0])
		require.Equal(t, w.do("GET", "/v1/creatives/"+got.str("id"), nil).want(http.StatusOK), got)
		_, key := w.newAccount()
		theirs, gone := offer(key), offer(w.key)
		w.do("DELETE", "/v1/offers/"+gone, nil).want(http.StatusNoContent)
		for _, id := range []string{theirs, gone, "nope", ""} {
			require.Equal(t, []string{"links[0].offer_id: is not an offer of this account"}, create("{{link1}}", map[string]any{"offer_id": id}).want(422).errors(), id)
		}
		require.True(t, oneBegins(create("{{link1}}", map[string]any{}).want(422).errors(), "links[0].url: "))
		require.Len(t, create("{{link1}}", map[string]any{"offer_id": ours, "parameters": map[string]any{"a b": "x", "c": strings.Repeat("x", 256)}}).want(422).errors(), 2)
	})
	w.step("a deleted one is gone from the list and still readable", func(t *testing.T) {
		id := create("bye").want(http.StatusCreated).str("id")
		w.do("DELETE", "/v1/creatives/"+id, nil).want(http.StatusNoContent)
		require.Equal(t, "archived", w.do("GET", "/v1/creatives/"+id, nil).want(http.StatusOK)["status"])
		for _, c := range w.do("GET", "/v1/creatives?limit=500", nil).want(http.StatusOK).items("items") {
			require.NotEqual(t, id, c["id"])
		}
	})
}

//nolint:thelper // a step is a test of its own
func TestPreviews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := string(w.list(2))
	contact := w.do("GET", "/v1/lists/"+list+"/contacts?limit=1", nil).want(http.StatusOK).items("items")[0].str("id")
	preview := func(body map[string]any) answer { return w.do("POST", "/v1/creatives/preview", body) }
	w.step("a text is shown as the phone will see it, with its price", func(t *testing.T) {
		got := preview(map[string]any{
			"body": "Hi {{first_name|there}}, {{plan}}: {{link1}}", "list_id": list, "contact_id": contact,
			"links": []any{map[string]any{"url": "https://o.example/"}},
		}).want(http.StatusOK)
		require.Regexp(t, `^Acme: Hi P0, gold: https://t\.example/[0-9A-Za-z]{7}\nReply STOP to opt out$`, got["text"])
		require.Equal(t, "GSM-7", got["encoding"])
		require.EqualValues(t, 1, got["segments"])
		require.EqualValues(t, len(got.str("text")), got["units"])
		require.Equal(t, object{"amount_micros": 4500.0, "currency": "USD", "decimal": "0.0045"}, got.in("price"))
		require.NotContains(t, got, "missing_fields")
	})
	w.step("the character that forces Unicode is named", func(t *testing.T) {
		got := preview(map[string]any{"body": "It’s " + strings.Repeat("x", 70)}).want(http.StatusOK)
		require.Equal(t, "UCS-2", got["encoding"])
		require.EqualValues(t, 2, got["segments"])
		require.Equal(t, object{"character": "’", "code_point": "U+2019", "position": 3.0}, got.in("forced_unicode"))
		require.EqualValues(t, 9000, got.in("price")["amount_micros"])
	})
	w.step("missing values and unknown fields are reported, not refused", func(t *testing.T) {
		got := preview(map[string]any{
			"body": "{{first_name}} {{last_name}} {{shoe}}", "contact": map[string]any{"first_name": "Ann"},
		}).want(http.StatusOK)
		require.Equal(t, "Ann  ", got["text"])
		require.Equal(t, []any{"last_name", "shoe"}, got["missing_fields"])
		require.Equal(t, []any{"shoe"}, got["unknown_fields"])
	})
	w.step("a list or contact that does not exist is named by place", func(t *testing.T) {
		got := preview(map[string]any{"body": "x", "list_id": list, "contact_id": "999999999"}).want(422)
		require.Equal(t, []string{"contact_id: is not a contact of this list"}, got.errors())
		got = preview(map[string]any{"body": "x", "list_id": "nope"}).want(422)
		require.Equal(t, []string{"list_id: is not a list of this account"}, got.errors())
		got = preview(map[string]any{"body": "x", "contact_id": contact}).want(422)
		require.Equal(t, []string{"contact_id: needs the list_id of its list"}, got.errors())
	})
	w.step("a saved creative is previewed the same way", func(t *testing.T) {
		id := string(w.creative())
		got := w.do("GET", "/v1/creatives/"+id+"/preview?list_id="+list+"&contact_id="+contact, nil).want(http.StatusOK)
		require.Contains(t, got["text"], "Acme: Hi P0: https://t.example/")
		require.Contains(t, w.do("GET", "/v1/creatives/"+id+"/preview", nil).want(http.StatusOK)["text"], "Hi there: ")
		require.Len(t, w.do("GET", "/v1/creatives/"+id+"/preview?list_id=nope", nil).want(422).errors(), 1)
	})
	w.step("the price is in the account's currency", func(t *testing.T) {
		w.do("PATCH", "/v1/settings", map[string]any{"currency": "EUR"}).want(http.StatusOK)
		got := preview(map[string]any{"body": "x"}).want(http.StatusOK)
		require.Equal(t, object{"amount_micros": 4500.0, "currency": "EUR", "decimal": "0.0045"}, got.in("price"))
	})
}
