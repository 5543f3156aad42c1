package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
)

func cmMany(msg ...string) string {
	return `{"messages":{"authentication":{"productToken":"key"},"msg":[` + strings.Join(msg, ",") + `]}}`
}

func TestCMAcceptsWhatItCanOfARequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	good := cmMessage(1, phone, "hi")
	status, raw := w.doWith(t, http.MethodPost, "/v1.0/message", cmMany(
		good,
		strings.Replace(good, "0012125550123", "+12125550123", 1),
		strings.Replace(good, `"m1"`, `"trk-1"`, 1),
		strings.Replace(good, `"hi"`, `""`, 1),
		strings.Replace(good, "0015005550006", "A name too long", 1),
		strings.Replace(good, `[{"number":"0012125550123"}]`, `[]`, 1),
		cmMessage(2, phone, strings.Repeat("x", 153*8+1)),
	), jsonHeader(""))
	require.Equal(t, http.StatusOK, status)
	ok := `{"to":"0012125550123","status":"Accepted","reference":"m1","parts":1,"messageDetails":null,"messageErrorCode":0}`
	refused := func(to, reference string, parts, code int) string {
		return fmt.Sprintf(`{"to":%q,"status":"Rejected","reference":%q,"parts":%d,"messageDetails":"The sandbox refused the text","messageErrorCode":%d}`,
			to, reference, parts, code)
	}
	to := "0012125550123"
	require.JSONEq(t, `{"details":"Created 1 message(s), 6 refused","errorCode":201,"messages":[`+strings.Join([]string{
		ok, refused("+12125550123", "m1", 1, 303), refused(to, "trk-1", 1, 305), refused(to, "m1", 1, 304),
		refused(to, "m1", 1, 301), refused("", "m1", 1, 302), refused(to, "m2", 9, 304),
	}, ",")+`]}`, raw)
	require.Equal(t, 1, w.box.Count())
	require.Equal(t, "m1", w.box.Accepted()[0].Reference)
	require.EqualValues(t, 1, w.box.Accepted()[0].MessageID)
}

func TestCMDoesNotKnowAReferenceAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	for range 2 {
		status, raw := w.doWith(t, http.MethodPost, "/v1.0/message", cmText(w, 1, phone, "hi"), jsonHeader(""))
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, raw, `"details":"Created 1 message(s)","errorCode":0`)
	}
	require.Equal(t, 2, w.box.Count())
}

func TestCMTakesAThousandTextsARequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Callbacks: sandbox.Callbacks{Hold: true}})
	msg := make([]string, 1001)
	for i := range msg {
		msg[i] = cmMessage(i+1, fmt.Sprintf("+1212555%04d", i), "hi")
	}
	status, raw := w.doWith(t, http.MethodPost, "/v1.0/message", cmMany(msg...), jsonHeader(""))
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, raw, `"errorCode":202`)
	require.Zero(t, w.box.Count())
	status, raw = w.doWith(t, http.MethodPost, "/v1.0/message", cmMany(msg[1:]...), jsonHeader(""))
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, raw, `"errorCode":0`)
	require.Equal(t, 1000, w.box.Count())
}

func TestCMReportsGoWhereTheNumberSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 0.0001, Undelivered: []string{sandbox.BadNumber}})
	f := w.as(t, sandbox.CM)
	w.send(t, f, 1, phone, "hi")
	w.settle(t)
	last := w.hooksAt("/status")[1].body
	require.Regexp(t, `^\{"messages":\{"msg":\{"received":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d","to":"0012125550123","reference":"m1",`+
		`"status":\{"code":"3","errorCode":"303","errorDescription":"Failed"\},"operator":"310260"\}\}\}$`, last)
}

func TestCMForwardsUntilItHears200(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Callbacks: sandbox.Callbacks{Retries: 2}})
	f := w.as(t, sandbox.CM)
	w.send(t, f, 5, phone, "hi")
	w.settle(t)
	w.mu.Lock()
	w.yes = http.StatusNoContent
	w.mu.Unlock()
	r, err := w.box.Reply(phone, number, "STOP")
	require.NoError(t, err)
	w.settle(t)
	hooks := w.hooksAt("/inbound")
	require.Len(t, hooks, 3, "204 is no yes")
	require.Empty(t, w.box.Stops())
	require.JSONEq(t, `{"reference":"m5","messageContext":"","from":{"number":"0012125550123","name":""},"to":{"number":"0015005550006"},
		"message":{"text":"STOP","media":{"mediaUri":"","contentType":"","title":""},"custom":{}},"groupings":["","",""],
		"timeUtc":"`+r.At.Format("2006-01-02T15:04:05")+`","timezone":"UTC","channel":"SMS"}`, hooks[0].body)
	w.as(t, sandbox.CM)
	_, err = w.box.Reply(phone, number, "STOP")
	require.NoError(t, err)
	w.settle(t)
	require.Len(t, w.box.Stops(), 1)
}

func TestCMRefusesAWrongToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	status, raw := w.doWith(t, http.MethodPost, "/v1.0/message", strings.Replace(cmText(w, 1, phone, "hi"), `"key"`, `""`, 1), jsonHeader(""))
	require.Equal(t, http.StatusUnauthorized, status)
	require.Contains(t, raw, `"errorCode":101`)
}
