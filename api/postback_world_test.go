package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/internal/testkit"
	"trackly/models"
)

// market is a world in which a text was sent, and its link to an offer followed.
type market struct {
	*world
	database string
	metrics  *prometheus.Registry
	offer    object
	message  models.MessageID
	click    string
}

func newMarket(t *testing.T, change map[string]any) *market {
	t.Helper()
	m := &market{database: testkit.Database(t), metrics: prometheus.NewRegistry()}
	m.world = newWorldWith(t, func(o *api.Options) {
		o.Store, o.TrustForwarded, o.Metrics = testkit.Open(t, m.database), true, m.metrics
	})
	m.store = testkit.Open(t, m.database)
	m.account, m.key = m.newAccount()
	_, _, ids := m.sending(1)
	m.message = ids[0]
	m.offer = m.addOffer(change)
	m.click = m.tap(m.offer.str("id"), m.message)
	return m
}

func (m *market) addOffer(change map[string]any) object {
	m.t.Helper()
	body := anOffer()
	for name, v := range change {
		body[name] = v
	}
	return m.do("POST", "/v1/offers", body).want(http.StatusCreated)
}

// tap is a person's click on an offer, an hour ago.
func (m *market) tap(offer string, message models.MessageID) string {
	m.t.Helper()
	id := models.NewID[string]()
	testkit.Exec(m.t, m.database, `INSERT INTO clicks (id, account_id, message_id, link, address, user_agent, at, method, verdict, reason, version, own_verdict, contact_id, offer_id, target)
		SELECT $1, m.account_id, m.id, 1, '', '', $4, 'GET', 'human', 'none', '1', 'human', s.contact_id, $3, 'offer'
		  FROM messages m JOIN subscriptions s ON s.id = m.subscription_id WHERE m.id = $2`, id, message, offer, time.Now().Add(-time.Hour))
	return id
}

// path is where an offer's postbacks go.
func (m *market) path() string { return "/postback/" + m.offer.str("secret") }

// tell sends a postback as a network does.
func (m *market) tell(query string) answer {
	m.t.Helper()
	return m.as("", "GET", m.path()+"?"+query, nil, "X-Forwarded-For", "203.0.113.9")
}

func (m *market) post(contentType, body string) answer {
	m.t.Helper()
	r := httptest.NewRequestWithContext(m.t.Context(), http.MethodPost, m.path(), strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return m.serve(r)
}

// rows are the conversions as they are kept.
func (m *market) rows(columns string) []string {
	m.t.Helper()
	conn, err := pgx.Connect(m.t.Context(), m.database)
	require.NoError(m.t, err)
	defer func() { _ = conn.Close(m.t.Context()) }()
	rows, err := conn.Query(m.t.Context(), "SELECT concat_ws(' ', "+columns+") FROM conversions ORDER BY received_at, id")
	require.NoError(m.t, err)
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(m.t, err)
	return out
}

// counted is trackly_conversions_total by source and outcome.
func (m *market) counted() map[string]int {
	m.t.Helper()
	families, err := m.metrics.Gather()
	require.NoError(m.t, err)
	out := map[string]int{}
	for _, f := range families {
		if f.GetName() != "trackly_conversions_total" {
			continue
		}
		for _, metric := range f.GetMetric() {
			labels := map[string]string{}
			for _, l := range metric.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			out[labels["source"]+" "+labels["outcome"]] = int(metric.GetCounter().GetValue())
		}
	}
	return out
}

func query(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return q.Encode()
}
