package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/verdict"
)

// seenUntil lets the pass begin where a test's clicks are.
func (w *world) seenUntil(at time.Time) {
	w.t.Helper()
	w.exec(`UPDATE revisions SET seen = $1`, at)
}

// revise looks at all clicks until this time.
func (w *world) revise(at time.Time) models.Revised {
	w.t.Helper()
	var all models.Revised
	for {
		r, err := w.ReviseClicks(w.t.Context(), at, 1000)
		require.NoError(w.t, err)
		if all = all.Plus(r); !r.More {
			return all
		}
	}
}

// believed requires that all that follows from the clicks' verdicts follows: first clicks,
// totals and moves are what the rows say.
func (w *world) believed() {
	w.t.Helper()
	require.Empty(w.t, w.text(`
		WITH best AS (
			SELECT DISTINCT ON (k.message_id) k.message_id, k.id, k.offer_id, k.at
			  FROM clicks k JOIN messages m ON m.id = k.message_id WHERE k.verdict = 'human' ORDER BY k.message_id, k.at, k.id
		)
		SELECT coalesce(string_agg(concat_ws(' ', b.message_id, b.id, f.message_id, f.click_id), E'\n'), '')
		  FROM best b FULL JOIN first_clicks f USING (message_id)
		 WHERE (b.id, b.offer_id, b.at) IS DISTINCT FROM (f.click_id, f.offer_id, f.at)`), "first clicks")
	require.Empty(w.t, w.text(`
		WITH raw AS (
			SELECT message_id, offer_id, at, 1 AS clicks, 0 AS bots, 0 AS unsure, revenue FROM first_clicks
			UNION ALL
			SELECT k.message_id, k.offer_id, k.at, 0, (k.verdict = 'bot')::int, (k.verdict = 'unsure')::int, 0
			  FROM clicks k JOIN messages m ON m.id = k.message_id WHERE k.verdict <> 'human'
			UNION ALL
			SELECT c.message_id, c.offer_id, c.at, 0, 0, 0, c.booked FROM conversions c
		), sums AS (
			SELECT message_id, offer_id, at, sum(clicks) AS clicks, sum(bots) AS bots, sum(unsure) AS unsure, sum(revenue) AS revenue
			  FROM (TABLE raw UNION ALL SELECT message_id, offer_id, at, -clicks, -bot_clicks, -unsure_clicks, -revenue FROM tally_moves) x
			 GROUP BY 1, 2, 3
		)
		SELECT coalesce(string_agg(s::text, E'\n'), '') FROM sums s WHERE (clicks, bots, unsure, revenue) <> (0, 0, 0, 0)`), "moves")
	require.Empty(w.t, w.text(`
		WITH raw AS (
			SELECT m.subscription_id AS id, count(*) AS n, max(k.at) AS at
			  FROM clicks k JOIN messages m ON m.id = k.message_id WHERE k.verdict = 'human' GROUP BY 1
		), money AS (
			SELECT id, sum(revenue) AS revenue FROM (
				SELECT m.subscription_id AS id, f.revenue FROM first_clicks f JOIN messages m ON m.id = f.message_id
				UNION ALL SELECT subscription_id, booked FROM conversions WHERE subscription_id IS NOT NULL) x GROUP BY 1
		)
		SELECT coalesce(string_agg(concat_ws(' ', t.subscription_id, t.click_count, r.n, t.last_clicked_at, r.at, t.revenue, y.revenue), E'\n'), '')
		  FROM totals t FULL JOIN raw r ON r.id = t.subscription_id LEFT JOIN money y ON y.id = t.subscription_id
		 WHERE (t.click_count, t.last_clicked_at, t.revenue) IS DISTINCT FROM (coalesce(r.n, 0), r.at, coalesce(y.revenue, 0))`), "totals")
}

func cpc(o *models.Offer) { o.PayoutType, o.Payout = models.PaysClick, 500_000 }

// by is a click from an address, so long after noon.
func by(address string, after time.Duration) func(*models.Click) {
	return func(c *models.Click) { c.Address, c.At, c.UserAgent = address, noon.Add(after), "Mozilla/5.0 (iPhone)" }
}

// sentAt says when messages were handed over.
func (w *world) sentAt(when time.Time, ids ...models.MessageID) {
	w.t.Helper()
	w.settle(models.MessageSent, ids...)
	w.exec(`UPDATE messages SET sent_at = $1`, when)
}

func TestAClickTooSoonIsAMachinesAndAllFollows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	ids := w.offered(w.newOffer(cpc))
	w.sentAt(noon, ids...)
	w.seenUntil(noon)
	w.tap(ids[0], by("198.51.100.7", time.Second))
	w.tap(ids[1], by("198.51.100.8", 2*time.Second))
	w.tap(ids[1], by("198.51.100.8", time.Minute))
	w.believed()
	require.Equal(t, "2 3 0 1000000", w.text(`SELECT concat_ws(' ', (SELECT count(*) FROM first_clicks), sum(click_count), (SELECT sum(bot_clicks) FROM tally_moves), sum(revenue)) FROM totals`))

	require.Equal(t, models.Revised{Judged: 3, Changed: 2}, w.revise(noon.Add(2*time.Minute)))
	w.believed()
	require.Equal(t, "1 1 2 500000", w.text(`SELECT concat_ws(' ', (SELECT count(*) FROM first_clicks), sum(click_count), (SELECT sum(bot_clicks) FROM tally_moves), sum(revenue)) FROM totals`))
	require.Equal(t, "2 human", w.text(`SELECT count(*) || ' ' || min(own_verdict) FROM clicks WHERE verdict = 'bot' AND reason = 'too_soon'`))
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM first_clicks WHERE at = $1`, noon.Add(time.Minute)), "the next one counts")

	// Nothing changes when it is looked at again.
	require.Zero(t, w.revise(noon.Add(150*time.Second)).Changed)
	w.believed()
}

// What is known of the hand-over may change, and a verdict goes back with it.
func TestAVerdictGoesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	ids := w.offered(w.newOffer(cpc))
	w.sentAt(noon, ids...)
	w.seenUntil(noon)
	w.tap(ids[0], by("198.51.100.7", time.Second))
	require.EqualValues(t, 1, w.revise(noon.Add(10*time.Second)).Changed)
	require.Zero(t, w.count(`SELECT count(*) FROM first_clicks`))
	require.Empty(t, w.text(`SELECT coalesce(string_agg(last_clicked_at::text, ''), '') FROM totals`))
	w.believed()
	w.exec(`UPDATE messages SET sent_at = $1`, noon.Add(-time.Minute))
	require.EqualValues(t, 1, w.revise(noon.Add(20*time.Second)).Changed)
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM clicks k JOIN first_clicks f ON f.click_id = k.id WHERE k.verdict = 'human' AND k.reason = 'nothing_against' AND revenue = 500000`))
	w.believed()
	require.Equal(t, "1 -1 1", w.text(`SELECT string_agg(clicks::text, ' ' ORDER BY id) FROM tally_moves WHERE clicks <> 0`))
}

func TestABurstOverManyMessagesIsOneMachine(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 30)
	ids := w.offered(w.newOffer(cpc))
	w.sentAt(noon.Add(-time.Hour), ids...)
	w.seenUntil(noon)
	for i, id := range ids {
		w.tap(id, by("198.51.100.7", time.Duration(i)*300*time.Millisecond))
	}
	require.EqualValues(t, 30, w.revise(noon.Add(time.Minute)).Changed)
	require.Equal(t, "30 0 0 0", w.text(`SELECT concat_ws(' ', (SELECT count(*) FROM clicks WHERE reason = 'burst'), (SELECT count(*) FROM first_clicks), sum(click_count), sum(revenue)) FROM totals`))
	w.believed()
}

// The same people through a proxy of ours, and links of no message, move nothing.
func TestWhatIsNoEvidenceMovesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 30)
	ids := w.offered(w.newOffer(cpc))
	w.sentAt(noon.Add(-time.Hour), ids...)
	w.seenUntil(noon)
	for i, id := range ids {
		w.tap(id, by("10.0.0.7", time.Duration(i)*300*time.Millisecond))
		w.exec(`INSERT INTO short_links (account_id, name, url) VALUES ($1, $2, 'https://anything.example/')`, w.account, fmt.Sprint(i))
	}
	require.Zero(t, w.revise(noon.Add(time.Minute)).Changed)
	first := models.MessageID(w.count(`SELECT min(id) FROM short_links`))
	for i := range 30 {
		w.tap(first+models.MessageID(i), by("198.51.100.9", time.Duration(i)*300*time.Millisecond))
	}
	require.EqualValues(t, 30, w.revise(noon.Add(90*time.Second)).Changed)
	w.believed()
	require.EqualValues(t, 30, w.count(`SELECT count(*) FROM tally_moves`))
}

// A click whose address was cut short keeps its verdict: what spoke against it is gone.
func TestAShortenedAddressChangesNoVerdict(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 25)
	ids := w.offered(w.newOffer(nil))
	w.sentAt(noon.Add(-time.Hour), ids...)
	w.seenUntil(noon)
	for i, id := range ids {
		w.tap(id, by("198.51.100.7", time.Duration(i)*200*time.Millisecond))
	}
	require.EqualValues(t, 25, w.revise(noon.Add(10*time.Second)).Changed)
	w.exec(`UPDATE clicks SET address = '198.51.100.0', shortened_at = now()`)
	require.Zero(t, w.revise(noon.Add(20*time.Second)).Changed)
	require.EqualValues(t, 25, w.count(`SELECT count(*) FROM clicks WHERE reason = 'burst'`))
}

// However few clicks are looked at a time, all of them are, and a burst is one all the same.
func TestABacklogIsDoneInSteps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 30)
	ids := w.offered(w.newOffer(nil))
	w.sentAt(noon.Add(-time.Hour), ids...)
	w.seenUntil(noon)
	for i, id := range ids {
		w.tap(id, by("198.51.100.7", time.Duration(i)*300*time.Millisecond))
	}
	steps := 0
	for {
		r, err := w.ReviseClicks(t.Context(), noon.Add(time.Hour), 4)
		require.NoError(t, err)
		if steps++; !r.More {
			break
		}
		require.Less(t, steps, 20)
	}
	require.Equal(t, 8, steps)
	require.EqualValues(t, 30, w.count(`SELECT count(*) FROM clicks WHERE reason = 'burst'`))
	w.believed()
	r, err := w.ReviseClicks(t.Context(), noon, 4)
	require.NoError(t, err)
	require.Equal(t, models.Revised{}, r, "a clock that is behind changes nothing")
}

// Two accounts' people followed from one address are one machine's, and each account's
// numbers follow.
func TestAScannerCrossesAccounts(t *testing.T) {
	t.Parallel()
	a := newWorld(t, 12)
	b := addWorld(t, a.Store, 0)
	b.load(people(24)[12:]...)
	for _, w := range []*world{a, b} {
		ids := w.offered(w.newOffer(cpc))
		w.sentAt(noon.Add(-time.Hour), ids...)
		w.seenUntil(noon)
		for i, id := range ids {
			w.tap(id, by("198.51.100.7", time.Duration(i)*300*time.Millisecond))
		}
	}
	require.EqualValues(t, 24, a.revise(noon.Add(time.Minute)).Changed)
	a.believed()
	require.Zero(t, a.count(`SELECT count(*) FROM first_clicks`))
}

// A click that was stored after a later one takes its place.
func TestAnEarlierClickThatCameLaterCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	ids := w.offered(w.newOffer(cpc))
	w.sentAt(noon.Add(-time.Hour), ids...)
	w.seenUntil(noon)
	w.tap(ids[0], by("198.51.100.7", 5*time.Second))
	w.tap(ids[0], by("198.51.100.7", 3*time.Second))
	require.Zero(t, w.revise(noon.Add(time.Minute)).Changed)
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM first_clicks WHERE at = $1`, noon.Add(3*time.Second)))
	w.believed()
}

// A pass waits for whoever holds the totals of a person, as whoever records a click does:
// also when nothing but the click that counts is to change.
func TestThePassWaitsForWhoeverHoldsThePerson(t *testing.T) {
	t.Parallel()
	url := testkit.Database(t)
	w := addWorld(t, testkit.Open(t, url), 1)
	ids := w.offered(w.newOffer(nil))
	w.sentAt(noon.Add(-time.Hour), ids...)
	w.seenUntil(noon)
	w.tap(ids[0], by("198.51.100.7", 5*time.Second))
	w.tap(ids[0], by("198.51.100.7", 3*time.Second))
	release := testkit.Hold(t, url, `UPDATE totals SET click_count = click_count`)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := w.ReviseClicks(ctx, noon.Add(time.Minute), 1000)
	require.Error(t, err)
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM revisions WHERE seen = $1`, noon), "what was not done is done again")
	release()
	w.revise(noon.Add(time.Minute))
	w.believed()
}

// A pass that is cut off in the middle of its writing has written nothing, and the next one
// does all of it.
func TestAPassThatIsCutOffChangedNothing(t *testing.T) {
	t.Parallel()
	url := testkit.Database(t)
	w := addWorld(t, testkit.Open(t, url), 3)
	ids := w.offered(w.newOffer(cpc))
	w.sentAt(noon, ids...)
	w.seenUntil(noon)
	for i, id := range ids {
		w.tap(id, by(fmt.Sprintf("198.51.100.%d", i), time.Second))
	}
	before := w.text(`SELECT string_agg(t::text, ' ' ORDER BY subscription_id) FROM totals t`)
	release := testkit.Hold(t, url, `UPDATE first_clicks SET revenue = revenue WHERE message_id = $1`, ids[2])
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	_, err := w.ReviseClicks(ctx, noon.Add(time.Minute), 1000)
	require.Error(t, err)
	release()
	require.Equal(t, before, w.text(`SELECT string_agg(t::text, ' ' ORDER BY subscription_id) FROM totals t`))
	require.Zero(t, w.count(`SELECT count(*) FROM clicks WHERE verdict <> 'human'`))
	w.believed()
	require.EqualValues(t, 3, w.revise(noon.Add(time.Minute)).Changed)
	w.believed()
}

// Clicks come while passes run over the same messages: none is lost, none counts twice.
func TestClicksRaceThePass(t *testing.T) {
	t.Parallel()
	url := testkit.Database(t)
	w := addWorld(t, testkit.Open(t, url), 20)
	stores := []*store.Store{w.Store, testkit.Open(t, url)}
	ids := append(w.offered(w.newOffer(cpc)), w.offered(w.newOffer(nil))...)
	w.sentAt(noon, ids...)
	w.seenUntil(noon)
	done := make(chan struct{})
	var passes, taps sync.WaitGroup
	for n := range 2 {
		passes.Go(func() {
			for i := time.Duration(1); ; i++ {
				if _, err := stores[n].ReviseClicks(t.Context(), noon.Add(time.Minute+i*time.Millisecond), 1000); err != nil {
					t.Errorf("pass: %v", err)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range 1200 {
		taps.Go(func() {
			// Some too soon, some in time, some with two links' worth of machines before them.
			after := time.Duration(i*37%9000) * time.Millisecond
			tapOn(t, stores[i%2], ids[i*7%len(ids)], func(c *models.Click) {
				by(fmt.Sprintf("198.51.100.%d", i%5), after)(c)
				if i%11 == 0 {
					c.Verdict, c.Reason, c.Method = verdict.Bot, verdict.Head, "HEAD"
				}
			})
		})
		if i%100 == 0 {
			time.Sleep(3 * time.Millisecond)
		}
	}
	taps.Wait()
	close(done)
	passes.Wait()
	w.seenUntil(noon.Add(time.Minute))
	w.revise(noon.Add(2 * time.Minute))
	require.EqualValues(t, 1200, w.count(`SELECT count(*) FROM clicks`))
	require.Positive(t, w.count(`SELECT count(*) FROM clicks WHERE verdict <> own_verdict`))
	require.Positive(t, w.count(`SELECT count(*) FROM first_clicks`))
	w.believed()
}
