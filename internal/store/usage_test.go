package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/price"
)

// used is how many segments of its cycle the account has claimed.
func (w *world) used() int64 {
	w.t.Helper()
	return w.count(`SELECT coalesce(sum(segments), 0)::bigint FROM segment_usage WHERE account_id = $1`, w.account)
}

func (w *world) costs() int64 {
	w.t.Helper()
	return w.count(`SELECT coalesce(sum(cost), 0)::bigint FROM messages WHERE account_id = $1`, w.account)
}

func TestTextsCostWhatTheirPlaceInTheCycleCosts(t *testing.T) {
	t.Parallel()
	const before = 999_000
	w := newWorld(t, 1800)
	w.exec(`INSERT INTO segment_usage VALUES ($1, 0, $2)`, w.account, before)
	c := w.launched(everybody, 100)
	var wg sync.WaitGroup
	for number := range 4 { // as batches in flight do
		b := w.takeOf(w.campaign(c), number, first)
		wg.Go(func() { w.claim(b, first) })
	}
	wg.Wait()
	n := w.count(`SELECT sum(segments)::bigint FROM messages`)
	require.EqualValues(t, 1800, n)
	require.Equal(t, before+n, w.used())
	require.EqualValues(t, price.DefaultBook().Cost(before, n), w.costs(), "a thousand at one price, the rest at the other")
	require.EqualValues(t, 800, w.count(`SELECT count(*) FROM messages WHERE cost = 3000`))
}

func TestATextThatComesBackCountsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10)
	c := w.launched(everybody, 100)
	b := w.take(c, first)
	ids := w.claim(b, first)
	require.EqualValues(t, 10, w.used())
	for range 3 {
		require.NoError(t, w.ReleaseMessages(t.Context(), b, first, ids[:4]))
		require.Len(t, w.claim(b, first), 4)
	}
	require.EqualValues(t, 10, w.used())
	require.EqualValues(t, 10*4500, w.costs())
}

func TestWhatIsNotClaimedTakesNoPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10)
	c := w.launched(everybody, 100)
	b := w.take(c, first)
	w.take(c, second)
	require.Empty(t, w.claim(b, first), "another one holds it")
	require.Zero(t, w.used())
	w.stop(phoneOf(3))
	require.Len(t, w.claim(b, second), 9)
	require.EqualValues(t, 9, w.used())
	require.EqualValues(t, 9*4500, w.costs())
}

func TestAClaimThatFailsTakesNoPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10)
	c := w.launched(everybody, 100)
	b := w.take(c, first)
	ids := w.claim(b, first)
	require.NoError(t, w.ReleaseMessages(t.Context(), b, first, ids[:4]))
	require.EqualValues(t, 10, w.used())
	w.exec(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`)
	w.exec(`CREATE TRIGGER refuse BEFORE UPDATE ON messages FOR EACH STATEMENT EXECUTE FUNCTION refuse()`)
	_, err := w.ClaimMessages(t.Context(), w.claimOf(models.Claim{Batch: b, Holder: first, Route: 1}, 0))
	require.Equal(t, fault.Broken, fault.KindOf(err))
	require.EqualValues(t, 10, w.used(), "what an earlier claim reserved stays reserved")
	w.exec(`DROP TRIGGER refuse ON messages`)
	require.Len(t, w.claim(b, first), 4)
	require.EqualValues(t, 10, w.used())
}

func TestAClaimThatIsToldToStopTakesAPlaceForWhatItClaimed(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		trigger string
		claimed int64
	}{
		"before it has claimed": {`CREATE TRIGGER dawdle BEFORE UPDATE ON messages FOR EACH STATEMENT EXECUTE FUNCTION dawdle()`, 0},
		"in its commit, which happens all the same": {`CREATE CONSTRAINT TRIGGER dawdle AFTER UPDATE ON messages
			DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle()`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 1)
			cl := w.claimOf(models.Claim{Batch: w.take(w.launched(everybody, 100), first), Holder: first, Route: 1}, 0)
			w.exec(`CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
				PERFORM pg_sleep(60); RETURN NEW; EXCEPTION WHEN query_canceled THEN RETURN NEW; END $$`)
			w.exec(tc.trigger)
			ctx, stop := context.WithCancel(t.Context())
			failed := make(chan error, 1)
			go func() {
				_, err := w.ClaimMessages(ctx, cl)
				failed <- err
			}()
			const dawdling = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`
			require.Eventually(t, func() bool { return w.count(dawdling) == 1 }, 10*time.Second, 10*time.Millisecond)
			require.EqualValues(t, 1, w.used())
			stop()
			require.ErrorIs(t, <-failed, context.Canceled)
			const claiming = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`
			require.Eventually(t, func() bool { return w.count(claiming) == 0 }, 10*time.Second, 10*time.Millisecond)
			require.Equal(t, tc.claimed, w.count(`SELECT count(*) FROM messages WHERE state = 'claimed'`))
			require.Equal(t, tc.claimed, w.used())
		})
	}
}

func TestAClaimKeepsWhereTheTextWent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	w.exec(`UPDATE contacts SET carrier = 'Verizon'`)
	w.exec(`UPDATE subscriptions SET at_state = 'TX'`)
	w.claim(w.take(w.launched(everybody, 100), first), first)
	w.exec(`UPDATE contacts SET carrier = 'T-Mobile'`)
	w.exec(`UPDATE subscriptions SET at_state = 'CA'`)
	require.Equal(t, "Verizon TX 2", w.text(`SELECT concat_ws(' ', carrier, at_state, count(*)) FROM messages GROUP BY carrier, at_state`))
}

func TestAnOptOutCountsForTheLastTextBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	one := w.claim(w.take(w.launched(everybody, 100), first), first)
	w.settle(models.MessageSent, one...)
	two := w.claim(w.take(w.launched(everybody, 100), first), first)
	w.settle(models.MessageSent, two[0])
	w.stop(phoneOf(0))
	w.stop(phoneOf(0))
	w.stop(phoneOf(1))
	w.settle(models.MessageSent, two[1])
	require.Equal(t, []int64{1, 1}, []int64{
		w.count(`SELECT coalesce(sum(opt_outs), 0)::bigint FROM tally_moves WHERE message_id = $1`, two[0]),
		w.count(`SELECT coalesce(sum(opt_outs), 0)::bigint FROM tally_moves WHERE message_id = $1`, one[1]),
	}, "what was on its way was not sent before")
	require.EqualValues(t, 2, w.count(`SELECT sum(opt_outs)::bigint FROM tally_moves`), "a second STOP ends nothing")
	_, err := w.Suppress(t.Context(), models.Suppression{AccountID: w.account, Scope: models.ScopeAccount, Source: models.ByUpload},
		[]models.Number{{Phone: phoneOf(2)}})
	require.NoError(t, err)
	require.EqualValues(t, 3, w.count(`SELECT sum(opt_outs)::bigint FROM tally_moves`), "by whatever way it comes")
	all, err := w.CheckTallies(t.Context(), w.account)
	require.NoError(t, err)
	require.Empty(t, all)
	fresh := addWorld(t, w.Store, 0)
	fresh.load(people(1)...)
	fresh.stop(phoneOf(0))
	require.Zero(t, fresh.count(`SELECT count(*) FROM tally_moves WHERE account_id = $1`, fresh.account), "nothing was sent to them")
}

func TestATextIsEndedByOneOptOutOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	ids := w.claim(w.take(w.launched(everybody, 100), first), first)
	w.settle(models.MessageSent, ids...)
	optOut := `INSERT INTO consents (account_id, list_id, contact_id, kind, method)
		SELECT account_id, list_id, contact_id, 'opt_out', 'test' FROM subscriptions WHERE account_id = $1`
	w.exec(optOut, w.account)
	w.exec(optOut, w.account) // they came back in between, and got no text since
	require.EqualValues(t, 2, w.count(`SELECT count(*) FROM consents WHERE kind = 'opt_out'`))
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM consents WHERE message_id = $1`, ids[0]))
	require.EqualValues(t, 1, w.count(`SELECT sum(opt_outs)::bigint FROM tally_moves WHERE message_id = $1`, ids[0]))
}
