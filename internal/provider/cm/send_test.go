package cm_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/cm"
)

// stub is a CM that answers as told and counts.
func stub(t *testing.T, h http.HandlerFunc) (provider.Adapter, *atomic.Int32) {
	t.Helper()
	var calls atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		h(w, r)
	}))
	t.Cleanup(srv.Close)
	a := account
	a.BaseURL = srv.URL + "/proxy/"
	return cm.Dialer{}.Dial(a), &calls
}

// says answers every request with a status and a body.
func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func texts(ids ...int64) []provider.Outgoing {
	outs := make([]provider.Outgoing, len(ids))
	for i, id := range ids {
		outs[i] = provider.Outgoing{MessageID: id, To: fmt.Sprintf("+1212555%04d", id), Body: "hi"}
	}
	return outs
}

func classes(answers []provider.Answer) (out []provider.Class) {
	for _, a := range answers {
		out = append(out, a.Class)
	}
	return out
}

func TestCheckNamesEveryWrongField(t *testing.T) {
	t.Parallel()
	err := cm.Dialer{}.Check(provider.Account{Token: "se cret", From: "Acme", BaseURL: "ftp://x"})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	for _, field := range []string{"token", "from", "base_url"} {
		require.ErrorContains(t, err, field+":")
	}
	require.NotContains(t, err.Error(), "se cret")
	require.NoError(t, cm.Dialer{}.Check(account), "CM's own address is known")
}

func TestAMistypedAddressNeverReachesTheRealCM(t *testing.T) {
	t.Parallel()
	a := account
	a.BaseURL = "localhost:9999"
	require.Equal(t, []provider.Class{provider.AccountProblem}, classes(cm.Dialer{}.Dial(a).Send(t.Context(), texts(1))))
}

func TestSendPostsOneMsgForEveryText(t *testing.T) {
	t.Parallel()
	var got string
	ad, calls := stub(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Content-Type") != "application/json" || r.URL.Path != "/proxy/v1.0/message" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		body, _ := io.ReadAll(r.Body)
		got = string(body)
		_, _ = io.WriteString(w, `{"details":"Created 2 message(s)","errorCode":0,"messages":[
			{"to":"00442079460000","status":"Accepted","reference":"2","parts":1,"messageDetails":null,"messageErrorCode":0},
			{"to":"0012125550123","status":"Accepted","reference":"1","parts":1,"messageDetails":null,"messageErrorCode":0}]}`)
	})
	answers := ad.Send(t.Context(), []provider.Outgoing{
		{MessageID: 1, To: "+12125550123", Body: "say \"hi\"\n👍"}, {MessageID: 2, To: "+442079460000", Body: "b"},
	})
	require.Equal(t, []provider.Answer{{ProviderID: "1"}, {ProviderID: "2"}}, answers)
	require.EqualValues(t, 1, calls.Load())
	msg := `{"allowedChannels":["SMS"],"from":"15005550006","to":[{"number":%q}],"body":{"type":"auto","content":%s},
		"minimumNumberOfMessageParts":1,"maximumNumberOfMessageParts":8,"reference":%q}`
	require.JSONEq(t, `{"messages":{"authentication":{"productToken":"0a1b-token"},"msg":[`+
		fmt.Sprintf(msg, "0012125550123", `"say \"hi\"\n👍"`, "1")+`,`+
		fmt.Sprintf(msg, "00442079460000", `"b"`, "2")+`]}}`, got)
}

func TestEveryTextHasItsOwnAnswer(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		item string
		want provider.Answer
	}{
		"accepted":                 {`"status":"Accepted","messageErrorCode":0`, provider.Answer{ProviderID: "7"}},
		"the block list":           {`"status":"Rejected","messageErrorCode":402`, provider.Answer{Class: provider.OptedOut, Code: "402"}},
		"no phone":                 {`"status":"Rejected","messageErrorCode":303`, provider.Answer{Class: provider.BadNumber, Code: "303"}},
		"a new reason":             {`"status":"Rejected","messageErrorCode":777`, provider.Answer{Class: provider.RetryLater, Code: "777", Unheard: true}},
		"CM does not know":         {`"status":"Rejected","messageErrorCode":999`, provider.Answer{Class: provider.Unanswered, Code: "999"}},
		"no code":                  {`"status":"Accepted"`, provider.Answer{Class: provider.Unanswered}},
		"no error, no acceptance":  {`"status":"Parked","messageErrorCode":0`, provider.Answer{Class: provider.Unanswered, Code: "Parked", Unheard: true}},
		"the code without a word":  {`"messageErrorCode":0`, provider.Answer{ProviderID: "7"}},
		"a code that cannot be so": {`"messageErrorCode":-1`, provider.Answer{Class: provider.RetryLater, Code: "-1", Unheard: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, status := range []int{200, 400} { // a partial failure comes as either
				ad, _ := stub(t, says(status, `{"errorCode":201,"messages":[{"reference":"7",`+tc.item+`}]}`))
				got := ad.Send(t.Context(), texts(7))[0]
				require.Equal(t, got.Accepted(), got.Text == "")
				got.Text = ""
				require.Equal(t, tc.want, got)
			}
		})
	}
}

func TestAnswersAreMatchedByReferenceOrElseByPlace(t *testing.T) {
	t.Parallel()
	const yes, no = `"messageErrorCode":0}`, `"messageErrorCode":402}`
	for name, tc := range map[string]struct {
		items string
		want  []provider.Class
	}{
		"by reference, out of order":    {`{"reference":"2",` + no + `,{"reference":"1",` + yes, []provider.Class{provider.None, provider.OptedOut}},
		"one is missing":                {`{"reference":"2",` + no, []provider.Class{provider.Unanswered, provider.OptedOut}},
		"by place":                      {`{"to":"0012125550001",` + yes + `,{"to":"0012125550002",` + no, []provider.Class{provider.None, provider.OptedOut}},
		"by place, but another phone's": {`{"to":"0012125550002",` + no + `,{"to":"0012125550001",` + yes, []provider.Class{provider.Unanswered, provider.Unanswered}},
		"by place, but one is missing":  {no[:0] + `{` + no, []provider.Class{provider.Unanswered, provider.Unanswered}},
		"none":                          {``, []provider.Class{provider.Unanswered, provider.Unanswered}},
	} {
		ad, _ := stub(t, says(200, `{"errorCode":201,"messages":[`+tc.items+`]}`))
		require.Equal(t, tc.want, classes(ad.Send(t.Context(), texts(1, 2))), name)
	}
}

func TestARefusedRequestIsRefusedForAllItsTexts(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		body   string
		want   provider.Class
		code   string
	}{
		"a wrong token":            {401, `{"errorCode":101,"messages":[]}`, provider.AccountProblem, "101"},
		"a wrong token, as a 200":  {200, `{"errorCode":101,"messages":[]}`, provider.AccountProblem, "101"},
		"no credit":                {400, `{"errorCode":102}`, provider.AccountProblem, "102"},
		"no rights":                {403, ``, provider.AccountProblem, ""},
		"too many":                 {429, ``, provider.RetrySoon, ""},
		"too many, with no reason": {429, `{"errorCode":999}`, provider.RetrySoon, ""},
		"an unheard-of code":       {400, `{"errorCode":777}`, provider.RetryLater, "777"},
		"unheard of, as a 200":     {200, `{"errorCode":777}`, provider.RetryLater, "777"},
		"a failure":                {500, `{"errorCode":500}`, provider.Unanswered, ""},
		"a failure, as a 200":      {200, `{"errorCode":500}`, provider.Unanswered, "500"},
		"a partial failure's 500":  {500, `{"errorCode":201,"messages":[{"reference":"1","messageErrorCode":0}]}`, provider.Unanswered, "201"},
		"a refusal that says 0":    {400, `{"errorCode":0}`, provider.RetryLater, ""},
		"a proxy":                  {502, `<html>`, provider.Unanswered, ""},
		"a redirect":               {307, ``, provider.Unanswered, ""},
		"a page that looks fine":   {200, `<html>`, provider.Unanswered, ""},
		"nothing said":             {200, `{"messages":[{"reference":"1","messageErrorCode":0}]}`, provider.Unanswered, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ad, calls := stub(t, says(tc.status, tc.body))
			for _, got := range ad.Send(t.Context(), texts(1, 2)) {
				require.Equal(t, tc.want, got.Class)
				require.Equal(t, tc.code, got.Code)
				require.NotEmpty(t, got.Text)
			}
			require.EqualValues(t, 1, calls.Load())
		})
	}
}

func TestCMCannotBeAsked(t *testing.T) {
	t.Parallel()
	_, err := cm.Dialer{}.Dial(account).Find(t.Context(), provider.Query{MessageID: 1})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}
