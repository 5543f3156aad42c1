package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/rules/price"
)

// earns writes a conversion that is credited to a text, as it ends up in the books.
func (w *world) earns(message models.MessageID, after time.Duration, booked price.Micros, counted int) {
	w.t.Helper()
	w.exec(`INSERT INTO offers (id, account_id, name, url, network, payout_type, zone, status, secret_hash)
		VALUES (md5($1::text)::uuid, $1::uuid, 'O', 'https://o.example', 'none', 'cpa', 'UTC', 'active', sha256($1::text::bytea))
		ON CONFLICT DO NOTHING`, string(w.account))
	w.exec(`INSERT INTO conversions (id, account_id, offer_id, kind, transaction_id, source, at, amount, currency, rate, earned, state,
			booked, counted, message_id, subscription_id)
		SELECT gen_random_uuid(), m.account_id, md5(m.account_id::text)::uuid, CASE WHEN $3 < 0 THEN 'refund' ELSE 'sale' END,
		       gen_random_uuid()::text, 'api', s.signup_at + $2::interval, abs($3), 'USD', 1000000, abs($3), 'credited', $3, $4, m.id, s.id
		  FROM messages m JOIN subscriptions s ON s.id = m.subscription_id WHERE m.id = $1`,
		message, after.String(), int64(booked), counted)
}

func TestCohortsAddUpWhatContactsBroughtInByAge(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3) // TX, CA, none
	w.exec(`UPDATE subscriptions SET signup_at = timestamptz '2026-09-02T02:00:00Z' + interval '7 days' * (id - (SELECT min(id) FROM subscriptions))
		WHERE account_id = $1`, w.account) // a Tuesday evening in New York, and the two after it
	c := w.launched(everybody, 100)
	b := w.take(c, first)
	ids := w.claim(b, first)
	w.settle(models.MessageSent, ids...)
	w.exec(`UPDATE messages m SET cost = 4500, sent_at = s.signup_at + interval '1 day' FROM subscriptions s WHERE s.id = m.subscription_id`)
	const day = 24 * time.Hour
	w.earns(ids[0], 6*day, 10_000_000, 1)
	w.earns(ids[0], 20*day, 5_000_000, 1)
	w.earns(ids[0], 40*day, -10_000_000, -1)
	w.earns(ids[1], 100*day, 7_000_000, 1)

	q := models.CohortQuery{
		AccountID: w.account, By: models.CohortWeek, From: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC),
		To: time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC), Now: time.Date(2026, 10, 12, 0, 0, 0, 0, time.UTC),
	}
	got, err := w.Cohorts(t.Context(), q)
	require.NoError(t, err)
	require.Len(t, got, 3)
	require.Equal(t, []string{"2026-08-31", "2026-09-07", "2026-09-14"}, []string{got[0].Key, got[1].Key, got[2].Key})
	require.Equal(t, []models.CohortAge{
		{Days: 7, Complete: true, Conversions: 1, Revenue: 10_000_000, Cost: 4500},
		{Days: 14, Complete: true, Conversions: 1, Revenue: 10_000_000, Cost: 4500},
		{Days: 30, Complete: true, Conversions: 2, Revenue: 15_000_000, Cost: 4500},
		{Days: 60, Conversions: 1, Revenue: 5_000_000, Cost: 4500},
		{Days: 90, Conversions: 1, Revenue: 5_000_000, Cost: 4500},
	}, got[0].Ages)
	require.Zero(t, got[1].Ages[4].Revenue, "what came after 90 days is nobody's lifetime value at 90")
	require.False(t, got[2].Ages[2].Complete, "30 days after the third sign-up are not over")

	q.By = models.CohortList
	got, err = w.Cohorts(t.Context(), q)
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, w.list.Name, got[0].Name)
	require.EqualValues(t, 3, got[0].Size)
	require.EqualValues(t, 3*4500, got[0].Ages[0].Cost)

	q.By, q.Field = models.CohortField, "age"
	got, err = w.Cohorts(t.Context(), q)
	require.NoError(t, err)
	require.Len(t, got, 3)

	q.From = q.From.AddDate(0, 0, 10)
	got, err = w.Cohorts(t.Context(), q)
	require.NoError(t, err)
	require.Len(t, got, 1, "the third one only")

	q.AccountID = addWorld(t, w.Store, 0).account
	got, err = w.Cohorts(t.Context(), q)
	require.NoError(t, err)
	require.Empty(t, got)
}
