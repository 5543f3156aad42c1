package cm_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/cm"
)

func post(body string) provider.Webhook { return provider.Webhook{Body: []byte(body)} }

func TestReportsAreTranslated(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status string
		want   provider.Report
	}{
		"at the operator":         {`{"code":"0","errorCode":""}`, provider.Report{Status: provider.StatusAccepted, Raw: "0"}},
		"delivered":               {`{"code":"2","errorCode":"0"}`, provider.Report{Status: provider.StatusDelivered, Raw: "2"}},
		"delivered, as a number":  {`{"code":2}`, provider.Report{Status: provider.StatusDelivered, Raw: "2"}},
		"read":                    {`{"code":"4"}`, provider.Report{Status: provider.StatusDelivered, Raw: "4"}},
		"rejected":                {`{"code":"1","errorCode":402}`, provider.Report{Status: provider.StatusFailed, Raw: "1", Code: "402", Class: provider.OptedOut}},
		"failed without a reason": {`{"code":"3","errorCode":""}`, provider.Report{Status: provider.StatusUndelivered, Raw: "3", Class: provider.RetryLater}},
		"failed, CM knows no why": {`{"code":"3","errorCode":"999"}`, provider.Report{Status: provider.StatusUndelivered, Raw: "3", Code: "999", Class: provider.RetryLater}},
		"failed for a new reason": {`{"code":"3","errorCode":"8"}`, provider.Report{Status: provider.StatusUndelivered, Raw: "3", Code: "8", Class: provider.RetryLater, Unheard: true}},
		"a word of the portal":    {`{"code":"Delivered"}`, provider.Report{Status: provider.StatusDelivered, Raw: "Delivered"}},
		"a new status":            {`{"code":"9","errorCode":"402"}`, provider.Report{Raw: "9", Unheard: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := cm.Dialer{}.Dial(account).Status(post(`{"messages":{"msg":{"received":"2026-11-23T10:00:00","to":"0012125550123","reference":"12","status":` + tc.status + `,"operator":"310260"}}}`))
			require.NoError(t, err)
			require.Len(t, got, 1)
			tc.want.MessageID, tc.want.ProviderID, tc.want.Text = 12, "12", got[0].Text
			require.Equal(t, tc.want, got[0])
			require.Equal(t, tc.want.Class != provider.None && !tc.want.Unheard, got[0].Text != "")
		})
	}
}

func TestReportsComeAloneOrTogether(t *testing.T) {
	t.Parallel()
	got, err := cm.Dialer{}.Dial(account).Status(post(`{"messages":{"msg":[
		{"reference":"7","status":{"code":"2"}},{"reference":8,"status":{"code":"0"}},
		{"reference":"other1","status":{"code":"2"}},{"status":{"code":"2"}},{"reference":"9"}]}}`))
	require.NoError(t, err)
	require.Len(t, got, 3, "what leads to nothing is left out")
	require.Equal(t, []int64{7, 8, 0}, []int64{got[0].MessageID, got[1].MessageID, got[2].MessageID})
	require.Equal(t, "other1", got[2].ProviderID)
}

func TestPostsHaveLimits(t *testing.T) {
	t.Parallel()
	ad := cm.Dialer{}.Dial(account)
	many := func(n int) string {
		return `{"messages":{"msg":[` + strings.TrimSuffix(strings.Repeat(`{"reference":"1","status":{"code":"2"}},`, n), ",") + `]}}`
	}
	for name, tc := range map[string]struct {
		body string
		want bool
	}{
		"a thousand":   {many(1000), true},
		"and one more": {many(1001), false},
		"none":         {`{"messages":{"msg":[]}}`, true},
		"null":         {`{"messages":{"msg":null}}`, false},
		"no list":      {`{}`, false},
		"no JSON":      {`messages=1`, false},
		"nothing":      {``, false},
		"useless":      {`{"messages":{"msg":{}}}`, false},
		"a long id":    {`{"messages":{"msg":{"reference":"` + strings.Repeat("1", 65) + `","status":{"code":"2"}}}}`, false},
	} {
		_, err := ad.Status(post(tc.body))
		require.Equal(t, tc.want, err == nil, name)
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err), name)
		}
	}
	for _, body := range []string{
		``, `{}`, `[]`, `{"from":{"number":"1"},"to":{"number":"2"}}`, `{"from":{"number":"1"},"message":{"text":"x"}}`,
		`{"from":"1","to":"2","body":"` + strings.Repeat("é", 4001) + `"}`,
	} {
		_, err := ad.Inbound(post(body))
		require.Equal(t, fault.Invalid, fault.KindOf(err), body)
	}
}

const inbound = `{"reference":"12","messageContext":"","from":{"number":"0012125550123","name":"Ann"},"to":{"number":"15005550006"},
	"message":{"text":"Stop & go","media":{"mediaUri":"","contentType":"","title":""},"custom":{}},"groupings":["","",""],
	"timeUtc":"2026-11-23T10:00:00","timezone":"","channel":"SMS"}`

func TestInboundIsReadInBothForms(t *testing.T) {
	t.Parallel()
	ad := cm.Dialer{}.Dial(account)
	now := post(inbound)
	legacy := post(`{"reference":"12","from":"+12125550123","to":"0015005550006","body":"Stop & go","groupings":[]}`)
	for _, w := range []provider.Webhook{now, legacy} {
		got, err := ad.Inbound(w)
		require.NoError(t, err)
		require.Equal(t, []provider.Inbound{{ProviderID: got[0].ProviderID, From: "+12125550123", To: "+15005550006", Body: "Stop & go"}}, got)
		require.Regexp(t, `^[0-9a-f]{32}$`, got[0].ProviderID)
	}
	got, err := ad.Inbound(post(strings.Replace(inbound, `"Stop & go"`, `null`, 1)))
	require.NoError(t, err)
	require.Empty(t, got[0].Body, "a picture is a text all the same")
}

func TestARepeatedPostIsRecognisedAndARepeatedWordIsNot(t *testing.T) {
	t.Parallel()
	ad := cm.Dialer{}.Dial(account)
	id := func(body string, at int64) string {
		w := post(body)
		w.Now = time.Unix(at, 0)
		got, err := ad.Inbound(w)
		require.NoError(t, err)
		return got[0].ProviderID
	}
	first := id(inbound, 1)
	require.Equal(t, first, id(inbound, 301), "CM posts again after five minutes")
	for _, change := range [][2]string{{"10:00:00", "10:00:01"}, {"12125550123", "12125550124"}, {"15005550006", "15005550007"}, {"Stop &", "stop &"}} {
		require.NotEqual(t, first, id(strings.Replace(inbound, change[0], change[1], 1), 1), change)
	}
	const legacy = `{"reference":"12","from":"12125550123","to":"15005550006","body":"STOP"}`
	require.NotEqual(t, id(legacy, 1), id(legacy, 2), "a second STOP without a time must not be lost")
}

func FuzzStatus(f *testing.F) {
	f.Add(`{"messages":{"msg":{"reference":"1","status":{"code":"3","errorCode":"8"}}}}`)
	f.Add(`{"messages":{"msg":[{"reference":1e9,"status":{"code":true}},null,{"status":null}]}}`)
	ad := cm.Dialer{}.Dial(account)
	f.Fuzz(func(t *testing.T, body string) {
		got, err := ad.Status(post(body))
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
		}
		for _, r := range got {
			require.NotEmpty(t, r.ProviderID)
			require.GreaterOrEqual(t, r.MessageID, int64(0))
			require.Equal(t, r.Status == provider.StatusUndelivered || r.Status == provider.StatusFailed, r.Class != provider.None)
			require.NotEqual(t, provider.Unanswered, r.Class)
		}
	})
}

func FuzzInbound(f *testing.F) {
	f.Add(inbound)
	f.Add(`{"from":"1","to":2,"body":"STOP"}`)
	f.Add(`{"from":[],"to":{"number":null},"message":{}}`)
	ad := cm.Dialer{}.Dial(account)
	f.Fuzz(func(t *testing.T, body string) {
		got, err := ad.Inbound(post(body))
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
		}
		for _, in := range got {
			require.Len(t, in.ProviderID, 32)
			require.NotEmpty(t, in.From)
			require.NotEmpty(t, in.To)
			require.True(t, utf8.ValidString(in.Body))
		}
	})
}
