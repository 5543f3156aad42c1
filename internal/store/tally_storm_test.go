package store_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/verdict"
)

// storm is an account in which everything happens at once, through two processes.
type storm struct {
	*world
	url    string
	offers []models.Offer
	calls  sync.WaitGroup
}

func newStorm(t *testing.T) *storm {
	t.Helper()
	url := testkit.Database(t)
	s := &storm{world: addWorld(t, testkit.Open(t, url), 60), url: url}
	second := s.list.Routes[0]
	second.ID, second.Rank, second.Provider, second.Phone = models.NewID[models.RouteID](), 2, "bandwidth", "+14155550133"
	_, err := s.SetRoute(t.Context(), second, token)
	require.NoError(t, err)
	s.exec(`UPDATE contacts SET carrier = (ARRAY['', 'Verizon', 'AT&T'])[1 + id % 3]`)
	s.exec(`UPDATE subscriptions SET at_state = (ARRAY['', 'TX', 'CA', 'NY'])[1 + id % 4]`)
	s.offers = []models.Offer{
		s.newOffer(func(o *models.Offer) { o.Name = "sales" }),
		s.newOffer(func(o *models.Offer) { o.Name = "clicks"; o.PayoutType, o.Payout = models.PaysClick, 250_000 }),
	}
	return s
}

// blast sends a campaign of two variants as badly as can be: some released, some lost and
// sent again over the other route, some settled twice.
func (s *storm) blast(random *rand.Rand) {
	c := s.launched(everybody, 50, 50)
	s.exec(`INSERT INTO creative_links (creative_id, number, url, offer_id)
		SELECT creative_id, 1, '', ($2::uuid[])[number] FROM variants WHERE campaign_id = $1`, c.ID, []string{string(s.offers[0].ID), string(s.offers[1].ID)})
	b := s.take(c, first)
	ids := s.claim(b, first)
	random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	for _, id := range ids {
		s.calls.Go(func() { s.happens(id) })
	}
	s.settle(models.MessageSent, ids[:20]...)
	s.calls.Go(func() { s.settle(models.MessageSent, ids[10:30]...) })
	s.calls.Go(func() { s.settle(models.MessageFailed, ids[25:35]...) })
	if err := s.ReleaseMessages(s.t.Context(), b, first, ids[50:]); err != nil {
		s.t.Error(err)
	}
	taken := s.take(c, second)
	if err := s.RequeueAbsent(s.t.Context(), s.account, ids[35:45]); err != nil {
		s.t.Error(err)
	}
	s.settle(models.MessageSent, s.claimOver(2, taken, second)...)
}

// happens is what becomes of one message.
func (s *storm) happens(id models.MessageID) {
	for i, state := range []models.MessageState{models.MessageUndelivered, models.MessageDelivered} {
		if id%3 != 0 {
			s.hearStatus(id, state)
		}
		when := noon.Add(time.Duration(int(id)%60+i) * time.Hour)
		s.tap(id, func(c *models.Click) {
			c.At, c.Verdict = when, []verdict.Is{verdict.Human, verdict.Bot, verdict.Unsure, verdict.Human}[(int(id)+i)%4]
		})
		sale := models.Told{
			OfferID: s.offers[int(id)%2].ID, Kind: models.Sale, TransactionID: fmt.Sprint(id), Source: models.ByRequest,
			MessageID: id, At: when.Add(time.Minute), Amount: amount(3 * dollar),
		}
		if id%5 == 0 {
			sale.MessageID = 0
		}
		back := sale
		back.Kind, back.At, back.Amount = models.Refund, when.Add(50*time.Hour), nil
		for _, told := range [][]models.Told{{sale}, {back}}[:1+int(id)%2] {
			if _, err := s.Convert(s.t.Context(), s.account, told); err != nil {
				s.t.Error(err)
			}
		}
	}
	if id%7 == 0 {
		_, err := s.Suppress(s.t.Context(), models.Suppression{AccountID: s.account, Scope: models.ScopeAccount, Source: models.ByUpload},
			[]models.Number{{Phone: phoneOf(int(id) % 60), Region: "US"}})
		if err != nil {
			s.t.Error(err)
		}
	}
}

// until does something over and over until the storm is over, and counts how often.
func (s *storm) until(over *atomic.Bool, watchers *sync.WaitGroup, do func(n int)) *atomic.Int64 {
	var times atomic.Int64
	watchers.Go(func() {
		for !over.Load() && !s.t.Failed() {
			do(int(times.Add(1)))
		}
	})
	return &times
}

// same requires a report to say what the rows say, both seen in one snapshot.
func (s *storm) same(q models.ReportQuery) {
	sums, raw, err := s.SumsAndTruth(s.t.Context(), q)
	if err != nil {
		s.t.Error(err)
		return
	}
	for i := range max(len(sums), len(raw)) {
		if i >= len(sums) || i >= len(raw) || fmt.Sprint(sums[i]) != fmt.Sprint(raw[i]) {
			s.t.Errorf("by %v a report says\n%+v\nand the rows\n%+v", q.By, sums, raw)
			return
		}
	}
}

// The promise of ADR 17: whatever happens at once, every report says at any moment what the
// rows say, whether they are folded or not.
func TestReportsAreExactInAStorm(t *testing.T) {
	t.Parallel()
	s := newStorm(t)
	other := testkit.Open(t, s.url)
	pairs := everyPair(s.account)
	var over atomic.Bool
	var watchers sync.WaitGroup
	asked := s.until(&over, &watchers, func(n int) { s.same(pairs[n*7%len(pairs)]) })
	folded := s.until(&over, &watchers, func(int) {
		if _, err := other.Fold(t.Context(), time.Now().Add(time.Hour), time.Minute, 2); err != nil {
			t.Error(err)
		}
		time.Sleep(5 * time.Millisecond)
	})
	s.until(&over, &watchers, func(int) {
		if _, err := other.ReviseClicks(t.Context(), time.Now(), 50); err != nil {
			t.Error(err)
		}
		time.Sleep(50 * time.Millisecond)
	})
	s.until(&over, &watchers, func(n int) {
		time.Sleep(300 * time.Millisecond)
		s.set(func(a *models.Settings) { a.Zone = []string{"Asia/Tokyo", "America/New_York"}[n%2] })
	})
	for i := range 4 {
		s.calls.Go(func() { s.blast(rand.New(rand.NewPCG(17, uint64(i)))) })
	}
	s.calls.Wait()
	// A machine that was slow at asking goes on with that when the events are over.
	require.Eventually(t, func() bool { return asked.Load() > 10 && folded.Load() > 10 }, time.Minute, time.Millisecond)
	over.Store(true)
	watchers.Wait()
	t.Logf("%d reports, %d folds; %s", asked.Load(), folded.Load(), inWords(s.all()))
	for range 2 {
		for _, q := range pairs {
			s.same(q)
		}
		s.exact()
		s.fold()
	}
	require.Zero(t, s.count(`SELECT count(*) FROM tally_marks`))
	require.Zero(t, s.count(`SELECT count(*) FROM tally_moves v JOIN messages m ON m.id = v.message_id WHERE m.state NOT IN ('queued', 'claimed', 'unknown')`))
	m := s.all()
	for what, n := range map[string]int64{
		"sends": m.Sends, "failed": m.Failed, "delivered": m.Delivered, "clicks": m.Clicks, "bots": m.BotClicks, "unsure": m.UnsureClicks,
		"conversions": m.Conversions, "reversals": m.Reversals, "revenue": int64(m.Revenue),
	} {
		require.NotZero(t, n, what)
	}
}

func (s *storm) all() models.Metrics {
	s.t.Helper()
	rows, err := s.Sums(s.t.Context(), models.ReportQuery{AccountID: s.account})
	require.NoError(s.t, err)
	return rows[0].Metrics
}
