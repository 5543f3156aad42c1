package infobip_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/infobip"
)

func post(body string) provider.Webhook { return provider.Webhook{Body: []byte(body)} }

func TestReportsAreTranslated(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status, reason string
		want           provider.Report
	}{
		"at the operator is not yet delivered": {`{"groupId":3,"id":2,"name":"DELIVERED_TO_OPERATOR"}`, `{"id":0}`, provider.Report{Status: provider.StatusAccepted, Raw: "DELIVERED_TO_OPERATOR"}},
		"at the phone":                         {`{"groupId":3,"id":5,"name":"DELIVERED_TO_HANDSET"}`, `{"id":0}`, provider.Report{Status: provider.StatusDelivered, Raw: "DELIVERED_TO_HANDSET"}},
		"delivered somewhere new":              {`{"groupId":3,"id":77}`, `{"id":0}`, provider.Report{Raw: "status-77", Unheard: true}},
		"under way":                            {`{"groupId":1,"id":3,"name":"PENDING_WAITING_DELIVERY"}`, `{"id":0}`, provider.Report{Status: provider.StatusAccepted, Raw: "PENDING_WAITING_DELIVERY"}},
		"nobody knows":                         {`{"groupId":4,"id":29,"name":"EXPIRED_DLR_UNKNOWN"}`, `{"id":0}`, provider.Report{Raw: "EXPIRED_DLR_UNKNOWN", Unheard: true}},
		"a second text was rejected":           {`{"groupId":5,"id":23}`, `{"id":0}`, provider.Report{Status: provider.StatusAccepted, Raw: "status-23"}},
		"expired":                              {`{"groupId":4,"id":15}`, `{"id":0}`, provider.Report{Status: provider.StatusUndelivered, Raw: "status-15", Code: "status-15", Class: provider.RetryLater}},
		"stopped, by short code":               {`{"groupId":2,"id":4}`, `{"id":573}`, provider.Report{Status: provider.StatusUndelivered, Raw: "status-4", Code: "error-573", Class: provider.OptedOut}},
		"stopped, by toll-free":                {`{"groupId":2,"id":4}`, `{"id":603}`, provider.Report{Status: provider.StatusUndelivered, Raw: "status-4", Code: "error-603", Class: provider.OptedOut}},
		"a cap of the day":                     {`{"groupId":2,"id":9}`, `{"id":542}`, provider.Report{Status: provider.StatusUndelivered, Raw: "status-9", Code: "error-542", Class: provider.DeferToTomorrow}},
		"too fast":                             {`{"groupId":2,"id":9}`, `{"id":541}`, provider.Report{Status: provider.StatusUndelivered, Raw: "status-9", Code: "error-541", Class: provider.RetrySoon}},
		"no credit at the carrier":             {`{"groupId":2,"id":9}`, `{"id":581}`, provider.Report{Status: provider.StatusUndelivered, Raw: "status-9", Code: "error-581", Class: provider.AccountProblem}},
		"rejected here":                        {`{"groupId":5,"id":12}`, `{"id":27}`, provider.Report{Status: provider.StatusFailed, Raw: "status-12", Code: "status-12", Class: provider.AccountProblem}},
		"an unheard-of reason":                 {`{"groupId":2,"id":4}`, `{"id":9999}`, provider.Report{Status: provider.StatusUndelivered, Raw: "status-4", Code: "error-9999", Class: provider.Filtered, Unheard: true}},
		"nothing heard of":                     {`{"groupId":5,"id":777}`, `{"id":0}`, provider.Report{Status: provider.StatusFailed, Raw: "status-777", Code: "status-777", Class: provider.RetryLater, Unheard: true}},
		"a new group":                          {`{"groupId":8,"id":5}`, `{"id":0}`, provider.Report{Raw: "status-5", Unheard: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := infobip.Dialer{}.Dial(account).Status(post(`{"results":[{"messageId":"12","callbackData":"12","status":` + tc.status + `,"error":` + tc.reason + `}]}`))
			require.NoError(t, err)
			require.Len(t, got, 1)
			tc.want.MessageID, tc.want.ProviderID, tc.want.Text = 12, "12", got[0].Text
			require.Equal(t, tc.want, got[0])
			if tc.want.Class != provider.None && !tc.want.Unheard {
				require.NotEmpty(t, got[0].Text)
			}
		})
	}
}

func TestAReportLeadsToOurMessageByCallbackDataOrID(t *testing.T) {
	t.Parallel()
	got, err := infobip.Dialer{}.Dial(account).Status(post(`{"results":[
		{"messageId":"a-b","callbackData":"7","status":{"groupId":1}},
		{"messageId":"8","status":{"groupId":1}},
		{"messageId":"c-d","callbackData":"org=1","status":{"groupId":1}},
		{"messageId":"","status":{"groupId":1}},
		{"messageId":"9"}]}`))
	require.NoError(t, err)
	require.Len(t, got, 3, "what leads to nothing is left out")
	require.Equal(t, []int64{7, 8, 0}, []int64{got[0].MessageID, got[1].MessageID, got[2].MessageID})
	require.Equal(t, "c-d", got[2].ProviderID)
}

func TestInboundReadsTheTextAndNotWhatIsLeftOfIt(t *testing.T) {
	t.Parallel()
	got, err := infobip.Dialer{}.Dial(account).Inbound(post(`{"results":[
		{"messageId":"a","from":"12125550123","to":"15005550006","text":"STOP now","cleanText":"now","keyword":"STOP"},
		{"messageId":"b","from":"+442079460000","to":"12345","text":" "},
		{"messageId":"c","from":"12125550123","to":"15005550006","message":[{"contentType":"image/png","url":"https://x"},{"contentType":"text/plain","value":"look"}]},
		{"messageId":"","from":"12125550123","to":"15005550006","text":"lost"}],"messageCount":4,"pendingMessageCount":0}`))
	require.NoError(t, err)
	require.Equal(t, []provider.Inbound{
		{ProviderID: "a", From: "+12125550123", To: "+15005550006", Body: "STOP now"},
		{ProviderID: "b", From: "+442079460000", To: "12345", Body: " "},
		{ProviderID: "c", From: "+12125550123", To: "+15005550006", Body: "look"},
	}, got)
}

func TestPostsHaveLimits(t *testing.T) {
	t.Parallel()
	ad := infobip.Dialer{}.Dial(account)
	many := func(n int) string {
		one := `{"messageId":"1","from":"1","to":"2","text":"x","status":{"groupId":1}},`
		return `{"results":[` + strings.TrimSuffix(strings.Repeat(one, n), ",") + `]}`
	}
	for name, tc := range map[string]struct {
		body string
		want bool
	}{
		"none":         {`{"results":[]}`, true},
		"a thousand":   {many(1000), true},
		"and one more": {many(1001), false},
		"no list":      {`{}`, false},
		"no JSON":      {`results=1`, false},
		"nothing":      {``, false},
		"useless":      {`{"results":[{}]}`, false},
		"long ids":     {`{"results":[{"messageId":"` + strings.Repeat("1", 65) + `","from":"1","to":"2","status":{}}]}`, false},
	} {
		_, err := ad.Status(post(tc.body))
		require.Equal(t, tc.want, err == nil, name)
		_, err = ad.Inbound(post(tc.body))
		require.Equal(t, tc.want, err == nil, name)
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err), name)
		}
	}
	_, err := ad.Inbound(post(`{"results":[{"messageId":"1","from":"1","to":"2","text":"` + strings.Repeat("é", 4001) + `"}]}`))
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

func FuzzStatus(f *testing.F) {
	f.Add(`{"results":[{"messageId":"1","callbackData":"1","status":{"groupId":3,"id":5,"name":"X"},"error":{"id":0}}]}`)
	f.Add(`{"results":[{"messageId":"x","status":{"groupId":-1,"id":99999999999}},null,{}]}`)
	ad := infobip.Dialer{}.Dial(account)
	f.Fuzz(func(t *testing.T, body string) {
		got, err := ad.Status(post(body))
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
		}
		for _, r := range got {
			require.NotEmpty(t, r.ProviderID)
			require.NotEmpty(t, r.Raw)
			require.GreaterOrEqual(t, r.MessageID, int64(0))
			require.Equal(t, r.Status == provider.StatusUndelivered || r.Status == provider.StatusFailed, r.Class != provider.None)
			require.NotEqual(t, provider.Unanswered, r.Class)
		}
	})
}

func FuzzInbound(f *testing.F) {
	f.Add(`{"results":[{"messageId":"1","from":"12125550123","to":"15005550006","text":"STOP"}]}`)
	f.Add(`{"results":[{"messageId":"1","from":"1","to":"2","text":"\ud800","message":[{}]}]}`)
	ad := infobip.Dialer{}.Dial(account)
	f.Fuzz(func(t *testing.T, body string) {
		got, err := ad.Inbound(post(body))
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
		}
		for _, in := range got {
			require.NotEmpty(t, in.ProviderID)
			require.NotEmpty(t, in.From)
			require.NotEmpty(t, in.To)
			require.True(t, utf8.ValidString(in.Body))
		}
	})
}
