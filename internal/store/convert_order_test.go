package store_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

// history is all that is told of one transaction of an offer.
func (m *market) history(random *rand.Rand, click string) []models.Told {
	all := []models.Told{
		m.sale("t", func(s *models.Told) { s.ClickID = click }),
		m.sale("t", func(s *models.Told) { s.Kind, s.At, s.Amount = models.Lead, noon.Add(-time.Minute), amount(2*dollar) }),
		m.sale("t", func(s *models.Told) { s.Kind, s.At, s.MessageID = models.Rebill, noon.AddDate(0, 0, 40), m.messages[1] }),
		m.refund("t", amount(4*dollar)),
		m.sale("t", func(s *models.Told) { s.Kind, s.At = models.Chargeback, noon.AddDate(0, 0, 6) }),
	}
	for range random.IntN(6) {
		all = append(all, all[random.IntN(len(all))])
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// ofOffer is all that the books of an offer say but how often it was told.
func (m *market) ofOffer() string {
	return m.text(`SELECT string_agg(line, E'\n' ORDER BY line) FROM (
		SELECT concat_ws(' ', 'row', kind, at, state, booked, counted, message_id, subscription_id) AS line FROM conversions WHERE offer_id = $1
		UNION ALL
		SELECT concat_ws(' ', 'move', at, message_id, sum(conversions), sum(reversals), sum(revenue)) FROM tally_moves WHERE offer_id = $1
		 GROUP BY at, message_id HAVING (sum(conversions), sum(reversals), sum(revenue)) <> (0, 0, 0)
		UNION ALL
		SELECT concat_ws(' ', 'day', day, conversions) FROM offer_days WHERE offer_id = $1 AND conversions <> 0) x`, m.offer)
}

// However the events of a transaction arrive, in one request or in many at once, the rows,
// the moves, the totals and the offer's days end the same.
func TestConversionsInAnyOrderEndInTheSameBooks(t *testing.T) {
	t.Parallel()
	m := newMarket(t, 2)
	random := rand.New(rand.NewPCG(5, 5))
	var want string
	for round := range 40 {
		m.offer = m.addOffer("cpa", 10*dollar)
		told := m.history(random, m.tapped(m.messages[0], "human", noon.Add(-time.Hour)))
		switch round % 3 {
		case 0:
			m.tell(told...)
		case 1:
			for _, one := range told {
				m.tell(one)
			}
		default:
			var all sync.WaitGroup
			for _, one := range told {
				all.Go(func() {
					if got, err := m.Convert(t.Context(), m.account, []models.Told{one}); err != nil || got[0].Refused != nil {
						t.Errorf("%+v %v", got, err)
					}
				})
			}
			all.Wait()
		}
		if round == 0 {
			want = m.ofOffer()
			require.Contains(t, want, "row refund 2026-05-09 12:00:00+00 credited -4000000 0")
			require.Contains(t, want, "row chargeback 2026-05-10 12:00:00+00 credited -18000000 -1")
		}
		require.Equal(t, want, m.ofOffer())
		require.EqualValues(t, len(told)-5, m.count(`SELECT sum(repeats) FROM conversions WHERE offer_id = $1`, m.offer))
	}
	m.balanced()
}

func TestAnErasedPersonsConversionsKeepTheirMoney(t *testing.T) {
	t.Parallel()
	m := newMarket(t, 1)
	other := addWorld(t, m.Store, 1) // shares the person's phone
	click := m.tapped(m.messages[0], "human", noon.Add(-time.Hour))
	m.tell(m.sale("t", func(s *models.Told) { s.ClickID = click }))
	before := m.rows()
	_, err := m.Erase(t.Context(), models.Erasure{AccountID: m.account, Phone: phoneOf(0), By: "ada@example.com", Reason: "asked"})
	require.NoError(t, err)
	require.Equal(t, before, m.rows())
	require.Zero(t, m.count(`SELECT count(*) FROM conversions v JOIN contacts c ON c.id = v.contact_id WHERE c.phone IS NOT NULL`),
		"nothing leads from the money to the phone")
	require.EqualValues(t, 1, other.count(`SELECT count(*) FROM contacts WHERE phone = $1`, phoneOf(0)))

	// What comes later is booked, and begins no totals.
	m.tell(m.refund("t", nil), m.sale("u", func(s *models.Told) { s.ClickID = click }))
	require.Empty(t, m.totals())
	m.balanced()
}
