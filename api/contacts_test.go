package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func (w *world) field(name, is string) {
	w.t.Helper()
	w.do("POST", "/v1/fields", object{"name": name, "type": is}).want(http.StatusCreated)
}

func results(o object) (all []string) {
	for _, r := range o.items("results") {
		all = append(all, r.str("result"))
	}
	return all
}

//nolint:thelper // a step is a test of its own
func TestFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t) // has the field plan
	w.step("a field is defined and read", func(t *testing.T) {
		a := w.do("POST", "/v1/fields", object{"name": "age", "type": "number"})
		require.Equal(t, "number", a.want(http.StatusCreated)["type"])
		require.Equal(t, "/v1/fields/age", a.Header().Get("Location"))
		var names []string
		for _, f := range w.do("GET", "/v1/fields", nil).want(http.StatusOK).items("items") {
			names = append(names, f.str("name"))
		}
		require.Equal(t, []string{"age", "plan"}, names)
	})
	w.step("what is no field is refused with every reason", func(t *testing.T) {
		got := w.do("POST", "/v1/fields", object{"name": "state", "type": "money"}).want(422)
		require.Len(t, got.errors(), 2, got)
		w.do("POST", "/v1/fields", object{"name": "age", "type": "text"}).want(http.StatusConflict)
	})
	w.step("a field is deleted unless a creative uses it, and its values are not shown", func(t *testing.T) {
		list := string(w.list(0))
		w.do("PUT", "/v1/lists/"+list+"/contacts", object{"phone": phoneOf(0), "fields": object{"age": 41}}).want(http.StatusOK)
		w.do("POST", "/v1/creatives", object{"name": "C", "body": "You are {{age}}"}).want(http.StatusCreated)
		require.Contains(t, w.do("DELETE", "/v1/fields/age", nil).want(http.StatusConflict)["detail"], "creative C")
		creative := w.do("GET", "/v1/creatives", nil).want(http.StatusOK).items("items")[0].str("id")
		w.do("DELETE", "/v1/creatives/"+creative, nil).want(http.StatusNoContent)
		w.do("DELETE", "/v1/fields/age", nil).want(http.StatusNoContent)
		w.do("DELETE", "/v1/fields/age", nil).want(http.StatusNotFound)
		path := "/v1/lists/" + list + "/contacts"
		require.Empty(t, w.do("GET", path, nil).want(http.StatusOK).items("items")[0].in("fields"))
		w.field("age", "date")
		require.Empty(t, w.do("GET", path, nil).want(http.StatusOK).items("items")[0].in("fields"), "41 is no date")
		held := w.do("POST", "/v1/exports", object{"phone": phoneOf(0)}).want(http.StatusOK)
		require.Equal(t, object{"age": "41"}, held.items("subscriptions")[0].in("contact").in("fields"), "what is held is exported")
	})
}

//nolint:thelper // a step is a test of its own
func TestPuttingAContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := string(w.list(0))
	path := "/v1/lists/" + list + "/contacts"
	w.field("age", "number")
	w.field("vip", "boolean")
	w.field("born", "date")
	put := func(body object) answer { return w.do("PUT", path, body) }
	w.step("a new one is created with everything that is known", func(t *testing.T) {
		got := put(object{
			"phone": "(212) 555-0123", "first_name": " Ann ", "state": "new york", "zip": "10001", "zone": "America/New_York",
			"fields": object{"age": 41.5, "vip": true, "born": "1985-05-01", "plan": "gold"},
		}).want(http.StatusOK)
		require.Equal(t, "created", got["result"])
		c := got.in("contact")
		require.Equal(t, "+12125550123", c["phone"])
		require.Equal(t, "Ann", c["first_name"])
		require.Equal(t, "NY", c["state"])
		require.Equal(t, "NY", c["at_state"])
		require.Equal(t, "10001", c["zip"])
		require.Equal(t, []any{"America/New_York"}, c["zones"])
		require.Equal(t, object{"age": 41.5, "vip": true, "born": "1985-05-01", "plan": "gold"}, c.in("fields"))
		require.Equal(t, "api", c["signup_method"])
		require.Empty(t, c["line_type"])
	})
	w.step("the same again changes nothing; fields merge, are taken away and replaced", func(t *testing.T) {
		require.Equal(t, "unchanged", put(object{"phone": "+1 212 555 0123", "first_name": ""}).want(http.StatusOK)["result"])
		got := put(object{"phone": "2125550123", "fields": object{"age": "42", "vip": nil}}).want(http.StatusOK)
		require.Equal(t, "updated", got["result"])
		require.Equal(t, object{"age": 42.0, "born": "1985-05-01", "plan": "gold"}, got.in("contact").in("fields"))
		got = put(object{"phone": "2125550123", "fields": object{"plan": "tin"}, "fields_mode": "replace"}).want(http.StatusOK)
		require.Equal(t, object{"plan": "tin"}, got.in("contact").in("fields"))
	})
	w.step("a phone of another country is read in its region", func(t *testing.T) {
		require.Equal(t, "+447400123456", put(object{"phone": "07400 123456", "region": "gb"}).want(http.StatusOK).in("contact")["phone"])
	})
	w.step("everything that is wrong is told at once, and no phone is repeated", func(t *testing.T) {
		a := put(object{
			"phone": "98765", "state": 5, "zone": "Mars", "colour": "x", "fields": object{"age": "old", "gone": 1, "vip": []any{}, "A B": 1},
			"consent": object{"at": "2999-01-01T00:00:00Z", "page_url": "ftp://x", "ip": "home"},
		})
		got := a.want(422)
		for _, where := range []string{
			"phone: ", "state: ", "zone: ", "colour: ", "fields.age: ", "fields.gone: is not a field", "fields.vip: ", "fields: ",
			"consent.at: lies in the future", "consent.page_url: ", "consent.ip: ",
		} {
			require.Condition(t, func() bool { return oneBegins(got.errors(), where) }, "%s in %v", where, got.errors())
		}
		require.NotContains(t, a.Body.String(), "98765")
		require.Contains(t, put(object{"phone": "2125550123", "state": "Bavaria"}).want(422).errors()[0], "state: is no state")
	})
	w.step("a contact is found by its phone", func(t *testing.T) {
		got := w.do("GET", path+"?phone=%28212%29555-0123", nil).want(http.StatusOK).items("items")
		require.Len(t, got, 1)
		require.Equal(t, "+12125550123", got[0]["phone"])
		require.Empty(t, w.do("GET", path+"?phone=2125550199", nil).want(http.StatusOK).items("items"))
		w.do("GET", path+"?phone=1", nil).want(422)
	})
	w.step("a contact is changed by its id, and an empty text takes away", func(t *testing.T) {
		id := w.do("GET", path+"?phone=2125550123", nil).want(http.StatusOK).items("items")[0].str("id")
		got := w.do("PATCH", path+"/"+id, object{"first_name": "", "state": "TX", "zip": "", "zone": "", "fields": object{"plan": "", "age": 7}}).want(http.StatusOK)
		require.Empty(t, got["first_name"])
		require.Equal(t, "TX", got["at_state"])
		require.Equal(t, object{"age": 7.0}, got.in("fields"))
		w.do("PATCH", path+"/"+id, object{"phone": "+12125550100"}).want(422)
		w.do("PATCH", path+"/"+id, object{"state": "Bavaria"}).want(422)
		w.do("PATCH", path+"/999999", object{}).want(http.StatusNotFound)
	})
	w.step("the zip is a merge field", func(t *testing.T) {
		put(object{"phone": "2125550123", "zip": "10001"}).want(http.StatusOK)
		id := w.do("GET", path+"?phone=2125550123", nil).want(http.StatusOK).items("items")[0].str("id")
		got := w.do("POST", "/v1/creatives/preview", object{"body": "near {{zip}}, {{age}}", "list_id": list, "contact_id": id}).want(http.StatusOK)
		require.Contains(t, got["text"], "near 10001, 7")
		require.NotContains(t, got, "unknown_fields")
	})
	w.step("another account's list is not there", func(t *testing.T) {
		_, key := w.newAccount()
		w.as(key, "PUT", path, object{"phone": phoneOf(0)}).want(http.StatusNotFound)
		w.as(key, "POST", path+"/bulk", object{"contacts": []any{object{"phone": phoneOf(0)}}}).want(http.StatusNotFound)
	})
}

//nolint:thelper // a step is a test of its own
func TestComingBackOnTheWeb(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.list(1)
	path := "/v1/lists/" + string(id) + "/contacts"
	w.webhook(w.hook(id, "inbound"), inboundForm("SM1", phoneOf(0), "STOP"))
	consent := object{
		"at": time.Now().UTC().Format(time.RFC3339Nano), "disclosure": "I agree", "page_url": "https://acme.example/join", "ip": "203.0.113.9",
	}
	w.step("who said STOP stays out and is not touched", func(t *testing.T) {
		got := w.do("PUT", path, object{"phone": phoneOf(0), "first_name": "New", "consent": consent}).want(http.StatusOK)
		require.Equal(t, "opted_out", got["result"])
		require.Equal(t, "P0", got.in("contact")["first_name"])
		require.Equal(t, "opted_out", got.in("contact")["status"])
	})
	w.step("a fresh sign-up brings them back, and the proof is exported", func(t *testing.T) {
		got := w.do("PUT", path, object{"phone": phoneOf(0), "signup_method": "web", "consent": consent}).want(http.StatusOK)
		require.Equal(t, "updated", got["result"])
		require.Equal(t, "active", got.in("contact")["status"])
		require.Equal(t, "web", got.in("contact")["signup_method"])
		p, err := w.store.ExportPerson(t.Context(), w.account, phoneOf(0))
		require.NoError(t, err)
		last := p.Consents[len(p.Consents)-1]
		require.Equal(t, "web", last.Method)
		require.Equal(t, "https://acme.example/join", last.PageURL)
		require.NotNil(t, last.GivenAt)
	})
}

//nolint:thelper // a step is a test of its own
func TestPuttingManyContacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/v1/lists/" + string(w.list(0)) + "/contacts/bulk"
	put := func(rows []any, headers ...string) answer {
		return w.do("POST", path, object{"contacts": rows}, headers...)
	}
	w.step("each has its own result, in order, and a broken one spoils no other", func(t *testing.T) {
		rows := []any{
			object{"phone": phoneOf(0), "first_name": "Ann"},
			object{"phone": "12"},
			object{"phone": 5, "first_name": "Bob"},
			nil,
			object{"phone": phoneOf(1), "consent": object{"at": "yesterday"}},
			object{"phone": "212.555.0100"},
			object{"first_name": strings.Repeat("x", 300)},
			object{"phone": phoneOf(2), "fields": object{"plan": "gold", "gone": true}},
			object{"phone": phoneOf(3), "fields": object{"plan": "gold"}},
			object{"phone": phoneOf(4), "last_name": "a\x00b"},
		}
		got := put(rows).want(http.StatusOK)
		require.Equal(t, []string{
			"created", "refused", "refused", "refused", "refused", "refused", "refused", "refused", "created", "refused",
		}, results(got))
		require.EqualValues(t, 2, got["created"])
		require.EqualValues(t, 8, got["refused"])
		for i, where := range map[int]string{
			1: "contacts[1].phone", 2: "contacts[2].phone", 3: "contacts[3]", 4: "contacts[4].consent.at", 5: "contacts[5].phone",
			6: "contacts[6].", 7: "contacts[7].fields.gone", 9: "contacts[9].last_name",
		} {
			problems := got.items("results")[i].items("problems")
			require.NotEmpty(t, problems)
			require.True(t, strings.HasPrefix(problems[0].str("location"), where), "%d %v", i, problems)
		}
		require.Contains(t, got.items("results")[5].items("problems")[0].str("message"), "contacts[0]")
	})
	w.step("the same key and content get the first answer", func(t *testing.T) {
		rows := []any{object{"phone": phoneOf(20)}, object{"phone": "12"}}
		first := put(rows, "Idempotency-Key", "k").want(http.StatusOK)
		require.Equal(t, []string{"created", "refused"}, results(first))
		again := put(rows, "Idempotency-Key", "k").want(http.StatusOK)
		require.Equal(t, first, again)
		put(rows[:1], "Idempotency-Key", "k").want(http.StatusConflict)
	})
	w.step("a thousand are taken, more or none are not", func(t *testing.T) {
		rows := make([]any, 1000)
		for i := range rows {
			rows[i] = object{"phone": fmt.Sprintf("+1212556%04d", i), "consent": object{"disclosure": strings.Repeat("x", 2000)}}
		}
		require.EqualValues(t, 1000, put(rows).want(http.StatusOK)["created"])
		require.Contains(t, put(append(rows, rows[0])).want(422).errors()[0], "contacts: ")
		put([]any{}).want(422)
		w.do("POST", path, object{"contacts": "all"}).want(422)
	})
}
