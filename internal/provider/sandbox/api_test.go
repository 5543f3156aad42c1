package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
)

type listing struct {
	Messages []map[string]any `json:"messages"`
	Next     *string          `json:"next_page_uri"`
}

func (w *world) list(t *testing.T, path string) listing {
	t.Helper()
	status, raw := w.do(t, http.MethodGet, path, "")
	require.Equal(t, http.StatusOK, status, raw)
	var l listing
	require.NoError(t, json.Unmarshal([]byte(raw), &l))
	return l
}

const messages = "/2010-04-01/Accounts/AC1/Messages.json"

func TestCreatedTextsAreAnsweredFetchedAndRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100})
	body := "“Deals” \\ 👍\n" + strings.Repeat("x", 60)
	status, raw := w.text(t, phone, body)
	require.Equal(t, http.StatusCreated, status)
	var m map[string]any
	require.NoError(t, json.Unmarshal([]byte(raw), &m))
	require.Equal(t, body, m["body"])
	require.Equal(t, "queued", m["status"])
	require.Equal(t, "2", m["num_segments"])
	require.Nil(t, m["date_sent"])
	w.settle(t)
	sid, _ := m["sid"].(string)
	require.Regexp(t, `^SM[0-9a-f]{32}$`, sid)
	_, raw = w.do(t, http.MethodGet, "/2010-04-01/Accounts/AC1/Messages/"+sid+".json", "")
	require.Contains(t, raw, `"status":"delivered"`)
	status, _ = w.do(t, http.MethodGet, "/2010-04-01/Accounts/AC2/Messages/"+sid+".json", "")
	require.Equal(t, http.StatusNotFound, status, "another account's text")

	_, raw = w.do(t, http.MethodGet, "/sandbox/record", "")
	var rec sandbox.Record
	require.NoError(t, json.Unmarshal([]byte(raw), &rec))
	require.EqualValues(t, 7, rec.MessageID)
	require.Equal(t, sid, rec.SID)
	require.NotContains(t, raw, `"t"`, "the token is not shown")
}

func TestListsPageFromNewestToOldest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Callbacks: sandbox.Callbacks{Hold: true}})
	for _, body := range []string{"1", "2", "3", "4", "5"} {
		w.text(t, phone, body)
	}
	w.text(t, "+12125550199", "other")
	path, got := messages+"?To="+url.QueryEscape(phone)+"&PageSize=2", ""
	for {
		page := w.list(t, path)
		for _, m := range page.Messages {
			got += m["body"].(string)
		}
		if page.Next == nil {
			break
		}
		path = *page.Next
		w.text(t, phone, "6") // must not shift the pages
	}
	require.Equal(t, "54321", got)
	require.Empty(t, w.list(t, messages+"?DateSent%3E=2020-01-01").Messages, "queued texts have no date_sent")
	require.Len(t, w.list(t, messages+"?PageSize=3&Page=2").Messages, 2)
}

func TestWrongTextsAreRefusedWithTwiliosCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	for form, code := range map[string]string{
		"From=%2B1&Body=x":                                           "21604",
		"To=12&From=%2B1&Body=x":                                     "21211",
		"To=%2B12125550123&Body=x":                                   "21603",
		"To=%2B12125550123&From=%2B1":                                "21602",
		"To=%2B12125550123&From=%2B1&Body=%FF":                       "21618",
		"To=%2B12125550123&From=%2B1&Body=x&Stat=%zz":                "20001",
		"To=%2B12125550123&From=1&Body=x&StatusCallback=nowhere":     "21609",
		"To=%2B12125550123&From=1&Body=" + strings.Repeat("x", 1601): "21617",
	} {
		status, answer := w.do(t, http.MethodPost, messages, form)
		require.Equal(t, http.StatusBadRequest, status)
		require.Contains(t, answer, code)
	}
	require.Zero(t, w.box.Count())
}

func TestOnlyListedAccountsMaySend(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Accounts: map[string]string{"AC1": "other"}})
	status, answer := w.text(t, phone, "hi")
	require.Equal(t, http.StatusUnauthorized, status)
	require.Contains(t, answer, "20003")
}

func TestThePagesShowPhonesAndTheirTexts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{People: sandbox.People{LinkBase: "http://127.0.0.1:9"}})
	w.text(t, phone, "<b>Deal</b> go.example.com/abc1234 now")
	w.settle(t)
	for path, want := range map[string]string{
		"/":                                "Sandbox phones",
		"/assets/phones.js":                "use strict",
		"/phones/" + phone:                 phone[1:],
		"/phones.json?q=0123":              phone,
		"/phones/" + phone + "/lines.json": `"link":"http://127.0.0.1:9/abc1234"`,
	} {
		status, body := w.do(t, http.MethodGet, path, "")
		require.Equal(t, http.StatusOK, status, path)
		require.Contains(t, body, want, path)
	}
	_, none := w.do(t, http.MethodGet, "/phones.json?q=777", "")
	require.JSONEq(t, `[]`, none)
}
