package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/testkit"
	"trackly/models"
)

// fold folds everything that can be folded.
func (w *world) fold() (f models.Folded) {
	w.t.Helper()
	for {
		step, err := w.Fold(w.t.Context(), time.Now().Add(time.Hour), time.Minute, 3)
		require.NoError(w.t, err)
		f.Batches, f.Moves = f.Batches+step.Batches, f.Moves+step.Moves
		if !step.More {
			return f
		}
	}
}

// exact requires that every report says what the rows say.
func (w *world) exact() {
	w.t.Helper()
	all, err := w.CheckTallies(w.t.Context(), w.account)
	require.NoError(w.t, err)
	require.Empty(w.t, all)
}

// everyPair asks every report there is of one and of two dimensions.
func everyPair(account models.AccountID) (all []models.ReportQuery) {
	all = append(all, models.ReportQuery{AccountID: account})
	for i, a := range models.Dimensions() {
		all = append(all, models.ReportQuery{AccountID: account, By: []models.Dimension{a}})
		for _, b := range models.Dimensions()[i+1:] {
			all = append(all, models.ReportQuery{AccountID: account, By: []models.Dimension{a, b}})
		}
	}
	return all
}

func TestAFoldChangesNoReport(t *testing.T) {
	t.Parallel()
	w, _, _, _ := sold(t)
	var before [][]string
	for _, q := range everyPair(w.account) {
		before = append(before, w.sums(q))
	}
	require.Equal(t, models.Folded{Batches: 1, Moves: 6}, w.fold(), "the click of an unknown text waits")
	require.Equal(t, "0 1", w.text(`SELECT concat_ws(' ', (SELECT count(*) FROM tally_marks), (SELECT count(*) FROM tally_moves))`))
	require.EqualValues(t, 3, w.count(`SELECT sum(sends) FROM tallies`))
	for i, q := range everyPair(w.account) {
		require.Equal(t, before[i], w.sums(q), q.By)
	}
	require.Equal(t, models.Folded{}, w.fold(), "there is nothing left")
	w.exec(`UPDATE messages SET state = 'delivered', sent_at = '2026-05-06 12:00Z' WHERE state = 'unknown'`)
	require.Equal(t, []string{": sends=4 delivered=2 undelivered=1 failed=1 skipped=1 segments=8 cost=36000 " +
		"clicks=3 bots=1 unsure=1 conversions=1 reversals=1 revenue=18000500 optouts=1"}, w.sums(models.ReportQuery{}), "counted anew, and not twice")
	require.Equal(t, models.Folded{Batches: 1, Moves: 1}, w.fold())
	require.EqualValues(t, 4, w.count(`SELECT sum(sends) FROM tallies`))
	cells := w.count(`SELECT max(id) FROM cells`)
	w.exec(`UPDATE messages SET carrier = carrier`)
	w.fold()
	require.Equal(t, cells, w.count(`SELECT nextval(pg_get_serial_sequence('cells', 'id'))`)-1, "cells that are there cost no ids")
}

func TestAFoldWaitsUntilABatchIsQuiet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.settle(models.MessageSent, w.claim(w.take(w.launched(everybody, 100), first), first)...)
	f, err := w.Fold(t.Context(), time.Now(), time.Minute, 10)
	require.NoError(t, err)
	require.Zero(t, f)
	f, err = w.Fold(t.Context(), time.Now().Add(2*time.Minute), time.Minute, 10)
	require.NoError(t, err)
	require.EqualValues(t, 1, f.Batches)
	w.exact()
}

// A step that waited for its turn must have a snapshot in which the other's work is done.
func TestAFoldSeesWhatHappenedBeforeItsTurn(t *testing.T) {
	t.Parallel()
	url := testkit.Database(t)
	w := addWorld(t, testkit.Open(t, url), 3)
	ids := w.claim(w.take(w.launched(everybody, 100), first), first)
	w.fold()
	release := testkit.Hold(t, url, `LOCK TABLE tally_turn IN EXCLUSIVE MODE`)
	folded := make(chan models.Folded)
	go func() {
		f, err := w.Fold(t.Context(), time.Now().Add(time.Hour), time.Minute, 10)
		if err != nil {
			t.Error(err)
		}
		folded <- f
	}()
	require.Eventually(t, func() bool {
		return w.count(`SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'tally_turn'::regclass`) == 1
	}, 10*time.Second, 10*time.Millisecond)
	w.settle(models.MessageSent, ids...)
	release()
	require.EqualValues(t, 1, (<-folded).Batches)
	w.exact()
}

func TestAFoldThatFailsDidNothing(t *testing.T) {
	t.Parallel()
	w, _, _, _ := sold(t)
	before := w.sums(models.ReportQuery{By: []models.Dimension{models.PerDay}})
	// The marks go last.
	w.exec(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`)
	w.exec(`CREATE TRIGGER refuse BEFORE DELETE ON tally_marks FOR EACH STATEMENT EXECUTE FUNCTION refuse()`)
	_, err := w.Fold(t.Context(), time.Now().Add(time.Hour), time.Minute, 10)
	require.Equal(t, fault.Broken, fault.KindOf(err))
	require.Equal(t, "0 0 0", w.text(`SELECT concat_ws(' ', (SELECT count(*) FROM cells), (SELECT count(*) FROM tallies), (SELECT count(*) FROM batch_tallies))`))
	require.Equal(t, before, w.sums(models.ReportQuery{By: []models.Dimension{models.PerDay}}))
	w.exec(`DROP TRIGGER refuse ON tally_marks`)
	w.fold()
	require.Equal(t, before, w.sums(models.ReportQuery{By: []models.Dimension{models.PerDay}}))
}

// evented is sold with the events its moves speak of.
func evented(t *testing.T) *world {
	t.Helper()
	w, c, _, _ := sold(t)
	w.exec(`INSERT INTO first_clicks (message_id, account_id, click_id, offer_id, at, revenue)
		SELECT message_id, account_id, gen_random_uuid(), offer_id, at, revenue FROM tally_moves WHERE clicks = 1`)
	w.exec(`INSERT INTO clicks (id, account_id, message_id, link, address, user_agent, at, verdict)
		SELECT gen_random_uuid(), account_id, message_id, 1, '', '', at, CASE WHEN bot_clicks = 1 THEN 'bot' ELSE 'unsure' END
		  FROM tally_moves WHERE bot_clicks + unsure_clicks = 1`)
	w.exec(`INSERT INTO clicks (id, account_id, message_id, link, address, user_agent, at, verdict)
		VALUES (gen_random_uuid(), $1, 430000000000, 1, '', '', now(), 'bot')`, w.account) // of a short link
	w.exec(`INSERT INTO conversions (id, account_id, offer_id, kind, transaction_id, source, at, amount, currency, rate, earned, state, booked, counted, message_id)
		SELECT gen_random_uuid(), account_id, offer_id, 'sale', id::text, 'api', at, 0, 'USD', 1, 0,
		       CASE WHEN message_id IS NULL THEN 'unmatched' ELSE 'credited' END, revenue, conversions - reversals, message_id
		  FROM tally_moves WHERE conversions + reversals = 1`)
	w.exec(`INSERT INTO consents (account_id, list_id, contact_id, kind, method, at, message_id)
		SELECT account_id, $1, 1, 'opt_out', 'keyword', at, message_id FROM tally_moves WHERE opt_outs = 1`, w.list.ID)
	require.NotZero(t, c)
	return w
}

func TestACheckFindsWhatDiffers(t *testing.T) {
	t.Parallel()
	w := evented(t)
	w.exact()
	w.fold()
	w.exact()
	for name, harm := range map[string]string{
		"a tally":        `UPDATE tallies SET delivered = delivered + 1 WHERE (day, cell_id) = (SELECT day, cell_id FROM tallies ORDER BY 1, 2 LIMIT 1)`,
		"a move":         `INSERT INTO tally_moves (account_id, at, clicks) SELECT id, now(), 1 FROM accounts`,
		"a lost message": `ALTER TABLE messages DISABLE TRIGGER ALL; UPDATE messages SET state = 'delivered' WHERE state = 'sent'; ALTER TABLE messages ENABLE TRIGGER ALL`,
		"a lost event":   `DELETE FROM first_clicks WHERE revenue <> 0`,
	} {
		require.NoError(t, w.Simple(t.Context(), harm), name)
		all, err := w.CheckTallies(t.Context(), w.account)
		require.NoError(t, err)
		require.Len(t, all, 1, name)
		require.NotEqual(t, all[0].Report, all[0].Rows)
		require.NoError(t, w.RebuildTallies(t.Context(), w.account))
		w.exact()
	}
}

func TestARebuildGivesWhatTheFoldGave(t *testing.T) {
	t.Parallel()
	w := evented(t)
	w.fold()
	const all = `SELECT string_agg(concat_ws(' ', t, c.account_id, c.list_id, c.variant), E'\n' ORDER BY t.day, t.cell_id) FROM tallies t JOIN cells c ON c.id = t.cell_id`
	before := w.text(all)
	stranger := addWorld(t, w.Store, 1)
	stranger.settle(models.MessageSent, stranger.claim(stranger.take(stranger.launched(everybody, 100), second), second)...)
	require.NoError(t, w.RebuildTallies(t.Context(), w.account))
	require.Equal(t, before, w.text(all))
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM tally_moves`), "what may move yet waits")
	require.NotZero(t, w.count(`SELECT count(*) FROM tally_marks`), "others' marks are theirs")
	w.exact()
	stranger.exact()
}

func TestAnotherZoneMovesTheDays(t *testing.T) {
	t.Parallel()
	w := evented(t)
	w.fold()
	w.set(func(s *models.Settings) { s.Zone = "UTC" })
	require.Equal(t, []string{
		"2026-05-05: sends=3 delivered=1 undelivered=1 failed=1 skipped=1 unknown=1 segments=6 cost=27000 clicks=3 bots=1 unsure=1 revenue=500 optouts=1",
		"2026-05-07: conversions=1 reversals=1 revenue=18000000",
	}, w.sums(models.ReportQuery{By: []models.Dimension{models.PerDay}}))
	w.exact()
	n, err := w.Settings(t.Context(), w.account)
	require.NoError(t, err)
	n.Zone = "Mars/Olympus"
	require.Equal(t, fault.Invalid, fault.KindOf(w.SetSettings(t.Context(), w.account, n)))
}

func TestAReplacedRouteKeepsWhatItSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	w.settle(models.MessageSent, w.claim(w.take(w.launched(everybody, 100), first), first)...)
	w.fold()
	r := w.list.Routes[0]
	r.Provider = "bandwidth"
	_, err := w.SetRoute(t.Context(), r, token)
	require.NoError(t, err)
	w.exec(`UPDATE route_providers SET since = clock_timestamp() WHERE provider = 'bandwidth'`)
	w.exec(`UPDATE route_providers SET until = (SELECT max(since) FROM route_providers) WHERE provider = 'twilio'`)
	ids := w.claim(w.take(w.launched(everybody, 100), first), first)
	w.settle(models.MessageSent, ids[0])
	require.Equal(t, []string{"bandwidth: sends=1 segments=1 cost=4500", "twilio: sends=2 segments=2 cost=9000"}, w.sums(models.ReportQuery{By: []models.Dimension{models.PerProvider}}))
	w.exact()
}

// A click on a text that is sent again over another route goes with the text.
func TestWhatMayBeClaimedAnewIsNotFolded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	second := w.list.Routes[0]
	second.ID, second.Rank, second.Provider = models.NewID[models.RouteID](), 2, "bandwidth"
	_, err := w.SetRoute(t.Context(), second, token)
	require.NoError(t, err)
	ids := w.offered(w.newOffer(nil))
	w.tap(ids[0], nil)
	w.fold()
	taken := w.takeOf(models.Source{AccountID: w.account, CampaignID: models.CampaignID(w.text(`SELECT id::text FROM campaigns`))}, 0, first)
	require.NoError(t, w.RequeueAbsent(t.Context(), w.account, ids))
	w.settle(models.MessageSent, w.claimOver(2, taken, first)...)
	w.exact()
	w.fold()
	w.exact()
	require.Equal(t, []string{"bandwidth: sends=1 segments=1 cost=4500 clicks=1"}, w.sums(models.ReportQuery{By: []models.Dimension{models.PerProvider}}))
	require.Zero(t, w.count(`SELECT count(*) FROM tally_moves`))
}
