package infobip_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider"
)

const stamp = "2006-01-02T15:04:05.000-0700"

func TestFindAsksForOurID(t *testing.T) {
	t.Parallel()
	now := time.Now()
	ad, _ := stub(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path != "/proxy/sms/3/logs" || r.URL.RawQuery != "messageId=7" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		_, _ = io.WriteString(w, `{"results":[{"messageId":"7","destination":"12125550123","sentAt":"`+now.Format(stamp)+
			`","content":{"text":"hi"},"status":{"groupId":2,"id":9},"error":{"id":1}}]}`)
	})
	got, err := ad.Find(t.Context(), provider.Query{MessageID: 7, To: "+12125550123", Body: "hi", ClaimedAt: now})
	require.NoError(t, err)
	require.True(t, got.Found)
	require.Equal(t, provider.Report{
		MessageID: 7, ProviderID: "7", Status: provider.StatusUndelivered, Raw: "status-9",
		Code: "error-1", Text: "The phone does not exist any more", Class: provider.BadNumber,
	}, got.Report)
}

func TestFindTakesNoOtherText(t *testing.T) {
	t.Parallel()
	now := time.Now()
	at := func(d time.Duration) string { return now.Add(d).Format(stamp) }
	for name, tc := range map[string]struct {
		logs string
		want bool
	}{
		"none":                           {``, false},
		"another id":                     {`{"messageId":"8","status":{"groupId":1}}`, false},
		"another phone":                  {`{"messageId":"7","destination":"12125550199","status":{"groupId":1}}`, false},
		"another phone, by the old name": {`{"messageId":"7","to":"12125550199","status":{"groupId":1}}`, false},
		"another body":                   {`{"messageId":"7","content":{"text":"ho"},"status":{"groupId":1}}`, false},
		"from before the claim":          {`{"messageId":"7","sentAt":"` + at(-time.Hour) + `","status":{"groupId":1}}`, false},
		"by a clock that is slow":        {`{"messageId":"7","sentAt":"` + at(-10*time.Second) + `","status":{"groupId":1}}`, true},
		"only its id is told":            {`{"messageId":"7","status":{"groupId":1}}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ad, _ := stub(t, says(200, `{"results":[`+tc.logs+`]}`))
			got, err := ad.Find(t.Context(), provider.Query{MessageID: 7, To: "+12125550123", Body: "hi", ClaimedAt: now})
			require.NoError(t, err)
			require.Equal(t, tc.want, got.Found)
		})
	}
}

func TestARejectedSecondTextDoesNotHideTheFirst(t *testing.T) {
	t.Parallel()
	first, second := `{"messageId":"7","status":{"groupId":3,"id":5}}`, `{"messageId":"7","status":{"groupId":5,"id":23}}`
	for _, logs := range []string{first + "," + second, second + "," + first} {
		ad, _ := stub(t, says(200, `{"results":[`+logs+`]}`))
		got, err := ad.Find(t.Context(), provider.Query{MessageID: 7, ClaimedAt: time.Now()})
		require.NoError(t, err)
		require.Equal(t, provider.StatusDelivered, got.Report.Status)
	}
}

func TestWhatIsNotAListOfLogsProvesNothing(t *testing.T) {
	t.Parallel()
	q := provider.Query{MessageID: 7, ClaimedAt: time.Now()}
	for name, tc := range map[string]struct {
		status int
		body   string
		want   fault.Kind
	}{
		"no list":    {200, `{}`, fault.Broken},
		"a page":     {200, `<html>`, fault.Broken},
		"a failure":  {500, `{"errorCode":"E500"}`, fault.Broken},
		"no rights":  {403, `{"errorCode":"E403"}`, fault.Forbidden},
		"a throttle": {429, `{"errorCode":"E429"}`, fault.Throttled},
	} {
		ad, _ := stub(t, says(tc.status, tc.body))
		_, err := ad.Find(t.Context(), q)
		require.Equal(t, tc.want, fault.KindOf(err), name)
	}
	q.ClaimedAt = time.Now().Add(-48 * time.Hour)
	ad, calls := stub(t, says(200, `{"results":[]}`))
	_, err := ad.Find(t.Context(), q)
	require.Equal(t, fault.Broken, fault.KindOf(err), "logs that are gone prove no absence")
	require.Zero(t, calls.Load())
}
