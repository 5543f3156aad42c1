package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/testkit"
	"trackly/models"
)

func TestAConversionIsBooked(t *testing.T) {
	t.Parallel()
	m := newMarket(t, 2)
	click := m.tapped(m.messages[0], "human", noon.Add(-time.Hour))
	got := m.tell(m.sale("t", func(s *models.Told) { s.ClickID = click }))
	require.Equal(t, models.Credited, got[0].State)
	require.False(t, got[0].Repeated)
	text := m.messages[0]
	require.Equal(t, fmt.Sprintf("t sale credited 10000000 1 %d 1 10000000 f x0", text), m.rows())
	require.Equal(t, fmt.Sprintf("0 %d 1 0 10000000", text), m.moves())
	require.Equal(t, "1 1 10000000 0", m.totals())
	require.Equal(t, "2026-05-04 1", m.days())

	again := m.tell(m.sale("t", func(s *models.Told) { s.ClickID = click }))
	require.Equal(t, models.Booking{ID: got[0].ID, State: models.Credited, Repeated: true}, again[0])
	require.Equal(t, fmt.Sprintf("0 %d 1 0 10000000", text), m.moves())

	m.tell(m.refund("t", nil))
	require.Equal(t, fmt.Sprintf("t refund credited -10000000 -1 %d 1 0 t x0\nt sale credited 10000000 1 %d 1 10000000 f x1", text, text), m.rows())
	require.Equal(t, fmt.Sprintf("0 %d 1 0 10000000\n5 %d 0 1 -10000000", text, text), m.moves())
	require.Equal(t, "1 0 0 0", m.totals())
	require.Empty(t, m.days(), "the sale stands no more")
	m.balanced()
}

// The sums end as when one comes after the other: they add up to nothing, but there was a sale.
func TestASaleToldWithItsRefundWasASale(t *testing.T) {
	t.Parallel()
	m := newMarket(t, 1)
	click := m.tapped(m.messages[0], "human", noon.Add(-time.Hour))
	m.tell(m.sale("t", func(s *models.Told) { s.ClickID = click }), m.refund("t", nil))
	require.Equal(t, "1 0 0 0", m.totals())
	m.balanced()
}

func TestWhoIsCredited(t *testing.T) {
	t.Parallel()
	hour := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	for name, tc := range map[string]struct {
		taps  func(m *market) string // gives the click that the postback names
		names int                    // the message it names, from 1
		state models.ConversionState
		to    int // the message, from 1
	}{
		"the named click": {func(m *market) string { return m.tapped(m.messages[0], "human", hour(-1)) }, 0, models.Credited, 1},
		"the earliest of the person": {func(m *market) string {
			m.tapped(m.messages[0], "human", hour(-2))
			return m.tapped(m.messages[0], "human", hour(-1))
		}, 0, models.Credited, 1},
		"a click that is no person's": {func(m *market) string { return m.tapped(m.messages[0], "bot", hour(-1)) }, 0, models.Uncredited, 0},
		"another click than the machine's": {func(m *market) string {
			m.tapped(m.messages[0], "human", hour(-1))
			return m.tapped(m.messages[0], "bot", hour(-2))
		}, 0, models.Credited, 1},
		"a click that is too old":          {func(m *market) string { return m.tapped(m.messages[0], "human", hour(-24*30-1)) }, 0, models.Uncredited, 0},
		"the last hour of the window":      {func(m *market) string { return m.tapped(m.messages[0], "human", hour(-24*30)) }, 0, models.Credited, 1},
		"a clock that is a little ahead":   {func(m *market) string { return m.tapped(m.messages[0], "human", noon.Add(time.Minute)) }, 0, models.Credited, 1},
		"a click after the conversion":     {func(m *market) string { return m.tapped(m.messages[0], "human", hour(1)) }, 0, models.Uncredited, 0},
		"a click on another offer":         {func(m *market) string { return m.tappedOn(m.addOffer("cpa", 1), m.messages[0], "human", hour(-1)) }, 0, models.Uncredited, 0},
		"a click nobody made":              {func(*market) string { return models.NewID[string]() }, 0, models.Unmatched, 0},
		"no click id at all":               {func(*market) string { return "'; DROP TABLE clicks" }, 0, models.Unmatched, 0},
		"nobody":                           {func(*market) string { return "" }, 0, models.Unmatched, 0},
		"a message":                        {func(m *market) string { m.tapped(m.messages[1], "human", hour(-1)); return "" }, 2, models.Credited, 2},
		"a message whose link nobody used": {func(*market) string { return "" }, 2, models.Uncredited, 0},
		"an unknown click and a message":   {func(m *market) string { m.tapped(m.messages[1], "human", hour(-1)); return models.NewID[string]() }, 2, models.Credited, 2},
		"the click rather than the text":   {func(m *market) string { return m.tapped(m.messages[0], "human", hour(-1)) }, 2, models.Credited, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMarket(t, 2)
			told := m.sale("t", nil)
			told.ClickID = tc.taps(m)
			if tc.names > 0 {
				told.MessageID = m.messages[tc.names-1]
			}
			require.Equal(t, tc.state, m.tell(told)[0].State)
			want := "-"
			if tc.to > 0 {
				want = m.messages[tc.to-1].String()
			}
			require.Equal(t, want, m.text(`SELECT coalesce(message_id::text, '-') FROM conversions`))
			require.Equal(t, "0 "+want+" 1 0 10000000", m.moves(), "it counts for the offer at least")
			m.balanced()
		})
	}
}

func TestWhatIsNotOursIsNoProof(t *testing.T) {
	t.Parallel()
	m := newMarket(t, 1)
	other := &market{world: addWorld(t, m.Store, 1)}
	other.offer = other.addOffer("cpa", dollar)
	click := m.tapped(m.messages[0], "human", noon)
	got, err := m.Convert(t.Context(), other.account, []models.Told{
		m.sale("stolen", nil),
		other.sale("click", func(s *models.Told) { s.ClickID = click }),
		other.sale("message", func(s *models.Told) { s.MessageID = m.messages[0] }),
	})
	require.NoError(t, err)
	require.Equal(t, fault.NotFound, fault.KindOf(got[0].Refused))
	require.Equal(t, models.Unmatched, got[1].State)
	require.Equal(t, models.Unmatched, got[2].State)
	require.Zero(t, m.count(`SELECT count(*) FROM conversions WHERE contact_id IS NOT NULL`))

	// A transaction that is known by its offer says nothing to a stranger.
	m.tell(m.sale("known", nil))
	got, err = m.Convert(t.Context(), other.account, []models.Told{m.sale("known", nil)})
	require.NoError(t, err)
	require.Equal(t, fault.NotFound, fault.KindOf(got[0].Refused))
	require.Zero(t, m.count(`SELECT sum(repeats) FROM conversions`))
}

func TestWhatCannotBeBookedIsRefusedAlone(t *testing.T) {
	t.Parallel()
	m := newMarket(t, 1)
	good := m.sale("good", nil)
	bad := map[string]models.Told{
		"kind":           m.sale("k", func(s *models.Told) { s.Kind = "theft" }),
		"source":         m.sale("k", func(s *models.Told) { s.Source = "rumour" }),
		"transaction_id": m.sale("", nil),
		"amount":         m.sale("a", func(s *models.Told) { s.Amount = amount(-1) }),
		"currency":       m.sale("c", func(s *models.Told) { s.Amount, s.Currency = amount(1), "XXX" }),
		"at":             m.sale("t", func(s *models.Told) { s.At = time.Now().Add(48 * time.Hour) }),
	}
	for where, told := range bad {
		got := m.tell(told, good)
		require.Equal(t, fault.Invalid, fault.KindOf(got[0].Refused), where)
		require.ErrorContains(t, got[0].Refused, where+": ")
		require.NoError(t, got[1].Refused)
		alone := m.tell(told)
		require.Equal(t, fault.Invalid, fault.KindOf(alone[0].Refused), where)
	}
	require.Equal(t, fmt.Sprintf("good sale unmatched 10000000 1 - - 10000000 f x%d", len(bad)-1), m.rows())
	for _, id := range []string{"a\x00b", "\xff", fmt.Sprintf("%0256d", 1)} {
		require.Equal(t, fault.Invalid, fault.KindOf(m.tell(m.sale(id, nil))[0].Refused))
	}
	require.NoError(t, m.tell(m.sale(fmt.Sprintf("%0255d", 1), nil))[0].Refused)
	require.Equal(t, fault.NotFound, fault.KindOf(m.tell(m.sale("o", func(s *models.Told) { s.OfferID = "x" }))[0].Refused))
	require.ErrorContains(t, m.tell(bad["currency"])[0].Refused, "PUT /v1/rates/XXX")
}

func TestARefundBeforeItsSaleWaits(t *testing.T) {
	t.Parallel()
	m := newMarket(t, 1)
	click := m.tapped(m.messages[0], "human", noon.Add(-time.Hour))
	require.Equal(t, models.Waiting, m.tell(m.refund("t", amount(4*dollar)))[0].State)
	require.Empty(t, m.moves())
	require.Empty(t, m.days())
	m.tell(m.sale("t", func(s *models.Told) { s.ClickID = click }))
	require.Equal(t, fmt.Sprintf("0 %d 1 0 10000000\n5 %d 0 0 -4000000", m.messages[0], m.messages[0]), m.moves())
	require.Equal(t, "1 1 6000000 0", m.totals())
	require.Equal(t, "2026-05-04 1", m.days())
	m.balanced()
}

// Whoever repeats a postback ten thousand times gets one conversion, and waits for nobody.
func TestTenThousandPostbacksOfOneTransaction(t *testing.T) {
	t.Parallel()
	url := testkit.Database(t)
	m := &market{world: addWorld(t, testkit.Open(t, url), 0)}
	m.offer = m.addOffer("cpa", 10*dollar)
	second := testkit.Open(t, url) // as another process would
	began := time.Now()
	var all sync.WaitGroup
	var mu sync.Mutex
	kept := 0
	for range 100 {
		all.Go(func() {
			for i := range 100 {
				st := m.Store
				if i%2 == 0 {
					st = second
				}
				got, err := st.Convert(t.Context(), m.account, []models.Told{m.sale("t", nil)})
				if err != nil || got[0].Refused != nil {
					t.Errorf("%+v %v", got, err)
					return
				}
				if !got[0].Repeated {
					mu.Lock()
					kept++
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	t.Logf("10,000 postbacks took %s", time.Since(began))
	require.Equal(t, 1, kept)
	require.Equal(t, "t sale unmatched 10000000 1 - - 10000000 f x9999", m.rows())
	require.Less(t, time.Since(began), time.Minute)
	m.balanced()
}

func TestManyAtOnceAreBookedLikeOneByOne(t *testing.T) {
	t.Parallel()
	m := newMarket(t, 1)
	var told []models.Told
	for _, id := range transactions(700) {
		told = append(told, m.sale(id, nil), m.refund(id, nil))
	}
	got := m.tell(told...)
	for i, b := range got {
		require.Equal(t, models.Unmatched, b.State)
		require.False(t, b.Repeated)
		require.Equal(t, told[i].TransactionID, m.text(`SELECT transaction_id FROM conversions WHERE id = $1`, b.ID))
	}
	require.EqualValues(t, 1400, m.count(`SELECT count(*) FROM conversions`))
	require.Equal(t, "0 - 700 0 7000000000\n5 - 0 700 -7000000000", m.moves())
	require.Empty(t, m.days())
	m.balanced()
}
