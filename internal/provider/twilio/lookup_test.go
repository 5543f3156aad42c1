package twilio_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/sandbox"
	"trackly/internal/provider/twilio"
)

func lookingAt(url, token string) provider.Lookup {
	d := twilio.Dialer{}
	return d.Dial(provider.Account{SID: "AC1", Token: token, From: "+15005550006", BaseURL: url, StatusURL: "http://x.example/s"}).(provider.Lookup) //nolint:forcetypeassert // LooksUp
}

func TestLookingUpAPhone(t *testing.T) {
	t.Parallel()
	box, err := sandbox.New(sandbox.Options{Accounts: map[string]string{"AC1": "right"}})
	require.NoError(t, err)
	srv := httptest.NewServer(box.Handler())
	t.Cleanup(func() { srv.Close(); require.NoError(t, box.Close()) })
	require.True(t, twilio.Dialer{}.Capabilities().LooksUp)
	l := lookingAt(srv.URL, "right")
	ours := map[string]provider.LineType{
		"mobile": "mobile", "landline": "landline", "fixedVoip": "voip", "nonFixedVoip": "voip", "tollFree": "toll_free", "personal": "other", "unknown": "",
	}
	seen := map[provider.LineType]bool{}
	for i := range 300 {
		phone := fmt.Sprintf("+1212555%04d", i)
		if i == 0 {
			phone = "+18005550100"
		}
		got, err := l.LookUp(t.Context(), phone)
		require.NoError(t, err)
		kind, carrier := box.LineOf(phone)
		require.Equal(t, provider.Line{Type: ours[kind], Carrier: carrier}, got)
		seen[got.Type] = true
	}
	require.Len(t, seen, 6, "every kind is tried")
	require.EqualValues(t, 300, box.Stats().LookUps)

	_, err = l.LookUp(t.Context(), "+1/../../x")
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	require.EqualValues(t, 300, box.Stats().LookUps, "what is no phone costs nothing")
	_, err = lookingAt(srv.URL, "wrong").LookUp(t.Context(), "+12125550100")
	require.Equal(t, fault.Forbidden, fault.KindOf(err))

	for kind, f := range map[fault.Kind]sandbox.Faults{
		fault.Throttled: {Throttled: sandbox.Spell{Percent: 100, RetryAfter: 7}},
		fault.Broken:    {FailBefore: sandbox.Spell{Percent: 100}},
	} {
		require.NoError(t, box.SetFaults(f))
		_, err = l.LookUp(t.Context(), "+12125550100")
		require.Equal(t, kind, fault.KindOf(err), err)
		if kind == fault.Throttled {
			require.Equal(t, 7*time.Second, err.(*fault.Fault).RetryAfter) //nolint:errorlint,forcetypeassert // a test
		}
	}
	for _, f := range []sandbox.Faults{{GarbleAfter: sandbox.Spell{Percent: 100}}, {DropBefore: sandbox.Spell{Percent: 100}}, {PageBefore: sandbox.Spell{Percent: 100}}} {
		require.NoError(t, box.SetFaults(f))
		_, err = l.LookUp(t.Context(), "+12125550100")
		require.Equal(t, fault.Broken, fault.KindOf(err), err)
		require.NotContains(t, err.Error(), "2125550100")
	}
}

func TestWhatTwilioSaysOfAPhone(t *testing.T) {
	t.Parallel()
	const is = `{"phone_number":"+12125550100","valid":true,"line_type_intelligence":`
	for body, want := range map[string]struct {
		line provider.Line
		kind fault.Kind
	}{
		is + `{"type":"mobile","carrier_name":"Verizon","error_code":null}}`: {line: provider.Line{Type: provider.LineMobile, Carrier: "Verizon"}},
		is + `{"type":"uan","carrier_name":null,"error_code":null}}`:         {line: provider.Line{Type: provider.LineOther}},
		is + `{"type":"satellite"}}`:                                         {line: provider.Line{Type: provider.LineOther}},
		is + `null}`:                                                         {},
		is + `{"type":null,"error_code":60601}}`:                             {kind: fault.NotFound},
		`{"phone_number":"+1","valid":false}`:                                {kind: fault.NotFound},
		`{}`:                                                                 {kind: fault.Broken},
		`404 {"code":20404}`:                                                 {kind: fault.NotFound},
		`404 nothing here`:                                                   {kind: fault.Forbidden},
		`400 {"code":21421}`:                                                 {kind: fault.NotFound},
		`403 {"code":20005}`:                                                 {kind: fault.Forbidden},
		`429 {"code":20429}`:                                                 {kind: fault.Throttled},
		`503 `:                                                               {kind: fault.Broken},
	} {
		var path string
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			path = r.URL.RequestURI()
			if status, rest, ok := strings.Cut(body, " "); ok && len(status) == 3 {
				var n int
				_, _ = fmt.Sscan(status, &n)
				w.WriteHeader(n)
				_, _ = io.WriteString(w, rest)
				return
			}
			_, _ = io.WriteString(w, body)
		}))
		got, err := lookingAt(srv.URL, "t").LookUp(t.Context(), "+12125550100")
		srv.Close()
		require.Equal(t, "/v2/PhoneNumbers/+12125550100?Fields=line_type_intelligence", path)
		if want.kind != "" {
			require.Equal(t, want.kind, fault.KindOf(err), body)
			continue
		}
		require.NoError(t, err, body)
		require.Equal(t, want.line, got, body)
	}
}
