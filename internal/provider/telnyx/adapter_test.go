package telnyx_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/providertest"
	"trackly/internal/provider/telnyx"
)

func TestCheckNamesEveryWrongField(t *testing.T) {
	t.Parallel()
	err := telnyx.Dialer{}.Check(provider.Account{
		SID: "a/b", Token: "se cret", PublicKey: "c2hvcnQ=", From: "Acme", BaseURL: "ftp://x", StatusURL: "/s",
	})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	for _, field := range []string{"sid", "token", "public_key", "from", "base_url", "status_url"} {
		require.ErrorContains(t, err, field+":")
	}
	require.NotContains(t, err.Error(), "se cret")
}

func TestAMistypedAddressNeverReachesTheRealTelnyx(t *testing.T) {
	t.Parallel()
	a := account
	a.BaseURL = "localhost:9999"
	got := telnyx.Dialer{}.Dial(a).Send(t.Context(), []provider.Outgoing{{To: "+12125550123", Body: "x"}})
	require.Equal(t, provider.AccountProblem, got[0].Class)
	_, err := telnyx.Dialer{}.Dial(a).Find(t.Context(), provider.Query{ProviderID: "1"})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

func TestSendPostsOneOrder(t *testing.T) {
	t.Parallel()
	f := newFake(t, providertest.DropsAfter, providertest.Hooks{})
	a := account
	a.BaseURL, a.StatusURL, a.SID = f.srv.URL+"/", "http://127.0.0.1:1/status?list=7", "profile-1"
	answers := telnyx.Dialer{}.Dial(a).Send(t.Context(), []provider.Outgoing{{MessageID: 12, To: "+12125550123", Body: "a <b> & \"c\"\n👍"}})
	require.Equal(t, provider.Unanswered, answers[0].Class)
	require.Equal(t, []order{{
		From: account.From, To: "+12125550123", Text: "a <b> & \"c\"\n👍", Profile: "profile-1",
		WebhookURL: "http://127.0.0.1:1/status?list=7&message=12",
	}}, f.orders)
}

func TestFindAsksByTelnyxsIDOnly(t *testing.T) {
	t.Parallel()
	hooks := providertest.Hooks{StatusURL: "http://127.0.0.1:1/status"}
	rig := dialFake(t, providertest.Takes, hooks)
	sent := rig.Adapter.Send(t.Context(), []provider.Outgoing{{MessageID: 1, To: "+12125550123", Body: "x"}})[0]
	got, err := rig.Adapter.Find(t.Context(), provider.Query{ProviderID: sent.ProviderID})
	require.NoError(t, err)
	require.Equal(t, provider.Finding{Found: true, Report: provider.Report{
		ProviderID: sent.ProviderID, Status: provider.StatusDelivered, Raw: "delivered",
	}}, got)

	for id, want := range map[string]fault.Kind{
		"": fault.Invalid, "../profiles": fault.Invalid, "40000000-0000-0000-0000-000000000009": fault.Broken,
	} {
		_, err := rig.Adapter.Find(t.Context(), provider.Query{ProviderID: id, To: "+12125550123"})
		require.Equal(t, want, fault.KindOf(err), "%q proves no absence", id)
	}
}
