package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
)

// archive is a store with accounts whose texts grow old and whose people are forgotten.
type archive struct {
	*store.Store
	t    *testing.T
	conn *pgx.Conn // looks at and changes what the product never does
}

func openArchive(t *testing.T) *archive {
	t.Helper()
	url := testkit.Database(t)
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return &archive{Store: testkit.Open(t, url), t: t, conn: conn}
}

func (a *archive) exec(sql string, args ...any) {
	a.t.Helper()
	_, err := a.conn.Exec(a.t.Context(), sql, args...)
	require.NoError(a.t, err)
}

func (a *archive) number(sql string, args ...any) (n int64) {
	a.t.Helper()
	require.NoError(a.t, a.conn.QueryRow(a.t.Context(), sql, args...).Scan(&n))
	return n
}

// account is a list with its account.
func (a *archive) account(phone string) models.List {
	a.t.Helper()
	acc, owner, err := models.NewAccount("Acme", "Ada", "ada@example.com")
	require.NoError(a.t, err)
	key, _ := models.NewAPIKey(acc.ID, "test")
	require.NoError(a.t, a.AddAccount(a.t.Context(), acc, owner, key))
	return a.list(acc.ID, phone)
}

func (a *archive) list(account models.AccountID, phone string) models.List {
	a.t.Helper()
	l, err := a.AddList(a.t.Context(), models.Once{}, testkit.SendingList(account, "twilio", phone, ""), models.Credentials{Token: "t"})
	require.NoError(a.t, err)
	return l
}

func (a *archive) bring(l models.List, rows ...testkit.Contact) models.Import {
	a.t.Helper()
	return testkit.Import(a.t, a.Store, l, testkit.File(rows...))
}

func zelda(phone string) testkit.Contact {
	return testkit.Contact{
		Phone: phone, FirstName: "Zelda", LastName: "Zuckerwatte",
		State: "TX", Zone: "America/Chicago", Postal: "75001", ConsentedAt: "2026-01-02T03:04:05Z", Fields: map[string]string{"pet": "Zorro the cat"},
	}
}

// text sends a text to a phone, as far as the state.
func (a *archive) text(l models.List, phone, body string, state models.MessageState) models.MessageID {
	a.t.Helper()
	ctx := a.t.Context()
	id, err := a.AddSingle(ctx, models.Once{}, models.Single{AccountID: l.AccountID, ListID: l.ID, Phone: phone, Body: body, Kind: models.KindAPI})
	require.NoError(a.t, err)
	if state == models.MessageQueued {
		return id
	}
	src := models.Source{AccountID: l.AccountID, ListID: l.ID}
	var n int
	require.NoError(a.t, a.conn.QueryRow(ctx, `SELECT b.number FROM batches b JOIN messages m ON m.batch_id = b.id WHERE m.id = $1`, id).Scan(&n))
	holder := models.NewID[string]()
	b, err := a.TakeBatch(ctx, src, n, holder)
	require.NoError(a.t, err)
	got, err := a.ClaimMessages(ctx, models.Claim{Batch: b, Holder: holder, Route: 1, Texts: []models.Text{
		{MessageID: id, Kind: models.KindAPI, Phone: phone, Body: body, Place: "US-TX America/Chicago 2026-11-24"},
	}})
	require.NoError(a.t, err)
	require.Equal(a.t, []models.MessageID{id}, got)
	if state != models.MessageClaimed {
		require.NoError(a.t, a.SettleMessages(ctx, l.AccountID, []models.Outcome{{
			MessageID: id, State: state, ProviderID: fmt.Sprintf("SM%d", id), ProviderText: "said of " + phone,
		}}))
	}
	return id
}

// hears lets a person write.
func (a *archive) hears(l models.List, phone, body string) models.InboundEffect {
	a.t.Helper()
	e, err := a.RecordInbound(a.t.Context(), l, models.Inbound{
		AccountID: l.AccountID, ListID: l.ID, ProviderID: models.NewID[string](), Phone: phone, Body: body, ReceivedAt: time.Now(),
	})
	require.NoError(a.t, err)
	require.True(a.t, e.New)
	return e
}

func (a *archive) erase(l models.List, phone string) models.Erased {
	a.t.Helper()
	done, err := a.Erase(a.t.Context(), models.Erasure{AccountID: l.AccountID, Phone: phone, By: "ada@example.com", Reason: "asked by mail"})
	require.NoError(a.t, err)
	return done
}

// found lists where words are, in any column of any table that can hold some.
func (a *archive) found(words ...string) (places []string) {
	a.t.Helper()
	rows, err := a.conn.Query(a.t.Context(), `SELECT c.table_name::text, c.column_name::text, c.data_type::text
		FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type IN ('text', 'bytea', 'jsonb', 'json', 'ARRAY', 'character varying')`)
	require.NoError(a.t, err)
	type column struct{ Table, Column, Kind string }
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	require.NoError(a.t, err)
	require.Greater(a.t, len(columns), 80)
	for _, c := range columns {
		what := c.Column + "::text"
		if c.Kind == "bytea" {
			what = "encode(" + c.Column + ", 'escape')"
		}
		for _, word := range words {
			if a.number(`SELECT count(*) FROM `+c.Table+` WHERE strpos(lower(`+what+`), lower($1)) > 0`, word) > 0 {
				places = append(places, c.Table+"."+c.Column+" holds "+strings.ToLower(word))
			}
		}
	}
	return places
}
