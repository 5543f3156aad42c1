package api_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/internal/handover"
	"trackly/internal/provider"
	"trackly/internal/provider/twilio"
	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/price"
	"trackly/rules/shortcode"
	"trackly/workflows"
)

const heldPhone = "+12125550123"

// keeper is an API over two accounts that know the same person.
type keeper struct {
	t      *testing.T
	store  *store.Store
	server *api.Server
	told   *deafEngine
	list   models.List
	key    string
}

// deafEngine counts what it is told of opt-outs.
type deafEngine struct{ campaigns int }

func (*deafEngine) StartCampaign(context.Context, models.Campaign) error { return nil }

func (*deafEngine) Steer(context.Context, models.CampaignID, workflows.Command) error { return nil }

func (*deafEngine) StartImport(context.Context, models.Import) error { return nil }

func (*deafEngine) NudgeOutbox(context.Context, models.Source) error { return nil }

func (*deafEngine) StartCheck(context.Context, workflows.CheckInput) error { return nil }

func (*deafEngine) StartPull(context.Context, models.AccountID, models.ConnectionID) error {
	return nil
}

func (e *deafEngine) TellOptOut(_ context.Context, ids []models.CampaignID, _ int64) error {
	e.campaigns += len(ids)
	return nil
}

func newKeeper(t *testing.T) *keeper {
	t.Helper()
	codes, err := shortcode.New([]byte("a key for the tests only"))
	require.NoError(t, err)
	k := &keeper{t: t, store: testkit.Store(t), told: &deafEngine{}}
	k.server, err = api.New(api.Options{
		Store: k.store, Engine: k.told, Providers: provider.NewRegistry(twilio.Dialer{}), Codes: codes, Prices: price.DefaultBook(),
		Door: handover.Door{PublicURL: "https://t.example", Key: []byte("webhooks")}, Log: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	require.NoError(t, err)
	k.list, k.key = k.account("+14155550132")
	return k
}

func (k *keeper) account(phone string) (models.List, string) {
	k.t.Helper()
	acc, owner, err := models.NewAccount("Acme", "Ada", "ada@example.com")
	require.NoError(k.t, err)
	key, text := models.NewAPIKey(acc.ID, "test")
	require.NoError(k.t, k.store.AddAccount(k.t.Context(), acc, owner, key))
	l, err := k.store.AddList(k.t.Context(), models.Once{}, testkit.SendingList(acc.ID, "twilio", phone, ""), models.Credentials{Token: "t"})
	require.NoError(k.t, err)
	return l, text
}

// knows gives a list a person who got a text, and said STOP.
func (k *keeper) knows(l models.List) {
	k.t.Helper()
	ctx := k.t.Context()
	id, err := k.store.AddSingle(ctx, models.Once{}, models.Single{
		AccountID: l.AccountID, ListID: l.ID, Phone: heldPhone, Region: "US", Zones: []string{"America/New_York"}, Body: "Hi Zelda", Kind: models.KindAPI,
		OptIn: &models.OptIn{Method: "web", Disclosure: "I want texts", IP: "203.0.113.7", PageURL: "https://o.example/join"},
	})
	require.NoError(k.t, err)
	b, err := k.store.TakeBatch(ctx, models.Source{AccountID: l.AccountID, ListID: l.ID}, 0, models.NewID[string]())
	require.NoError(k.t, err)
	_ = b
	_, err = k.store.RecordStatus(ctx, l.AccountID, l.ID, models.Outcome{MessageID: id, State: models.MessageDelivered, ProviderID: "SM1"})
	require.NoError(k.t, err)
	_, err = k.store.RecordInbound(ctx, l, models.Inbound{
		AccountID: l.AccountID, ListID: l.ID, ProviderID: "SM2", Phone: heldPhone, Body: "STOP", ReceivedAt: time.Now(),
	})
	require.NoError(k.t, err)
}

func (k *keeper) post(key, path, body string) *httptest.ResponseRecorder {
	k.t.Helper()
	req := httptest.NewRequestWithContext(k.t.Context(), http.MethodPost, path, strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+key)
	rec := httptest.NewRecorder()
	k.server.Handler().ServeHTTP(rec, req)
	return rec
}

const (
	askExport  = `{"phone": "` + heldPhone + `"}`
	askErasure = `{"phone": "(212) 555-0123", "reason": "asked by mail", "by": "ada"}`
)

func TestAnExportIsOneFile(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	k.knows(k.list)
	got := k.post(k.key, "/v1/exports", askExport)
	require.Equal(t, http.StatusOK, got.Code, got.Body.String())
	require.Equal(t, "application/json", got.Header().Get("Content-Type"))
	require.Regexp(t, `^attachment; filename="person-\d{4}-\d\d-\d\d\.json"$`, got.Header().Get("Content-Disposition"))
	require.Equal(t, "no-store", got.Header().Get("Cache-Control"))
	var p struct {
		Phone         string
		Subscriptions []struct{ Contact struct{ Status string } }
		Consents      []struct {
			Kind, IP, Disclosure string
			Hash                 string `json:"disclosure_sha256"`
			PageURL              string `json:"page_url"`
		}
		OptOuts  []struct{ Scope, Source string } `json:"opt_outs"`
		Inbound  []struct{ Body, Verdict, Tier string }
		Messages []struct {
			Body, State, Provider string
			History               []struct {
				At    time.Time
				Local []string
			}
		}
	}
	require.NoError(t, json.Unmarshal(got.Body.Bytes(), &p))
	require.Equal(t, heldPhone, p.Phone)
	require.Equal(t, "opted_out", p.Subscriptions[0].Contact.Status)
	require.Equal(t, "opt_in", p.Consents[0].Kind)
	require.Equal(t, "203.0.113.7", p.Consents[0].IP)
	require.Len(t, p.Consents[0].Hash, 64)
	require.Equal(t, "opt_out", p.Consents[1].Kind)
	require.Equal(t, "keyword", p.OptOuts[0].Source)
	require.Equal(t, "STOP", p.Inbound[0].Body)
	m := p.Messages[0]
	require.Equal(t, []string{"Hi Zelda", "delivered", "twilio"}, []string{m.Body, m.State, m.Provider})
	require.True(t, strings.HasSuffix(m.History[0].Local[0], " America/New_York"), m.History[0].Local)
	local, err := time.Parse(time.RFC3339, strings.Fields(m.History[0].Local[0])[0])
	require.NoError(t, err)
	require.WithinDuration(t, m.History[0].At, local, time.Second)
}

func TestAPersonOfAnotherAccountIsNotFound(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	other, key := k.account("+14155550133")
	k.knows(other)
	require.Equal(t, http.StatusNotFound, k.post(k.key, "/v1/exports", askExport).Code)
	require.Equal(t, http.StatusOK, k.post(k.key, "/v1/erasures", askErasure).Code, "kept out from now on")
	got := k.post(key, "/v1/exports", askExport)
	require.Equal(t, http.StatusOK, got.Code)
	require.Contains(t, got.Body.String(), "Hi Zelda", "their data is untouched")
}

func TestAnErasureSaysWhatItTookAndNotFromWhom(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	k.knows(k.list)
	got := k.post(k.key, "/v1/erasures", askErasure)
	require.Equal(t, http.StatusOK, got.Code, got.Body.String())
	require.NotContains(t, got.Body.String(), "5550123")
	var took struct{ Subscriptions, Messages, Inbound int }
	require.NoError(t, json.Unmarshal(got.Body.Bytes(), &took))
	require.Equal(t, 1, took.Subscriptions)
	require.Equal(t, 1, took.Messages)
	require.Zero(t, took.Inbound, "a STOP is proof")
	export := k.post(k.key, "/v1/exports", askExport)
	require.Equal(t, http.StatusOK, export.Code)
	require.Contains(t, export.Body.String(), "asked by mail")
	require.NotContains(t, export.Body.String(), "Zelda")
	require.Equal(t, http.StatusOK, k.post(k.key, "/v1/erasures", askErasure).Code, "safe to repeat")
}

func TestErasuresAndExportsRefuseWhatIsNoPhone(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	for path, body := range map[string]string{
		"/v1/exports":  `{"phone": "5550123"}`,
		"/v1/erasures": `{"phone": "x", "reason": "` + heldPhone + `"}`,
	} {
		got := k.post(k.key, path, body)
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, path)
		require.NotContains(t, got.Body.String(), "5550123", "what was wrong is not repeated")
	}
	require.Equal(t, http.StatusUnauthorized, k.post("trk_wrong", "/v1/erasures", askErasure).Code)
}
