package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/rules/conversion"
)

// everything lists every table with a hash of its rows.
func (m *market) everything() string {
	m.t.Helper()
	return m.text(`SELECT string_agg(table_name || ' ' || (xpath('//md5/text()', query_to_xml(
			format('SELECT md5(coalesce(string_agg(t::text, E''\n'' ORDER BY t::text), '''')) FROM %I t', table_name), true, false, '')))[1]::text,
			E'\n' ORDER BY table_name)
		FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
}

// rehearse requires that rehearsing changes nothing.
func (m *market) rehearse(told ...models.Told) []models.Booking {
	m.t.Helper()
	before := m.everything()
	got, err := m.RehearseConversions(m.t.Context(), m.account, told)
	require.NoError(m.t, err)
	require.Len(m.t, got, len(told))
	require.Equal(m.t, before, m.everything())
	return got
}

// tellInParts tells as a file is told.
func (m *market) tellInParts(told []models.Told) []models.Booking {
	m.t.Helper()
	var all []models.Booking
	for part := range slices.Chunk(told, 500) {
		all = append(all, m.tell(part...)...)
	}
	return all
}

// outcomes are bookings that can be compared: without ids.
func outcomes(all []models.Booking, states bool) []string {
	out := make([]string, len(all))
	for i, b := range all {
		if out[i] = fmt.Sprint(b.Repeated, " ", b.Refused); states {
			out[i] += " " + string(b.State)
		}
	}
	return out
}

// rehearsed are files, each of an offer of its own.
func rehearsed() map[string]func(m *market) []models.Told {
	return map[string]func(m *market) []models.Told{
		"nothing": func(*market) []models.Told { return nil },
		"one line": func(m *market) []models.Told {
			return []models.Told{m.sale("t", nil)}
		},
		"a transaction twice, and another kind of it": func(m *market) []models.Told {
			lead := m.sale("t", func(s *models.Told) { s.Kind = models.Lead })
			return []models.Told{m.sale("t", nil), m.sale("u", nil), m.sale("t", nil), lead, lead}
		},
		"a refund before its original": func(m *market) []models.Told {
			return []models.Told{m.refund("t", amount(4*dollar)), m.refund("t", nil), m.refund("alone", nil), m.sale("t", nil)}
		},
		"a click of ours, one that nobody made, no id at all": func(m *market) []models.Told {
			ids := []string{m.tapped(m.messages[0], "human", noon.Add(-time.Hour)), models.NewID[string](), "'; DROP TABLE clicks"}
			var told []models.Told
			for i, id := range ids {
				told = append(told, m.sale(fmt.Sprint(i), func(s *models.Told) { s.ClickID = id }), m.refund(fmt.Sprint(i), nil))
			}
			return told
		},
		"amounts below nothing and above everything": func(m *market) []models.Told {
			return []models.Told{
				m.sale("t", func(s *models.Told) { s.Amount = amount(-1) }),
				m.sale("t", func(s *models.Told) { s.Amount = amount(conversion.Most + 1) }),
				m.sale("t", func(s *models.Told) { s.Amount, s.Currency = amount(conversion.Most), "EUR" }),
				m.sale("t", func(s *models.Told) { s.Amount = amount(conversion.Most) }),
			}
		},
		"a currency without a rate, before it is known and after": func(m *market) []models.Told {
			foreign := m.sale("t", func(s *models.Told) { s.Amount, s.Currency = amount(1), "XXX" })
			return []models.Told{foreign, foreign, m.sale("t", nil), foreign}
		},
		"what is known already": func(m *market) []models.Told {
			m.tell(m.sale("t", nil), m.refund("waits", nil))
			return []models.Told{m.refund("t", nil), m.sale("t", nil), m.sale("waits", nil), m.refund("waits", nil), m.refund("t", nil)}
		},
		"offers that are not ours": func(m *market) []models.Told {
			other := &market{world: addWorld(m.t, m.Store, 0)}
			other.offer = other.addOffer("cpa", dollar)
			other.tell(other.sale("t", nil))
			return []models.Told{other.sale("t", nil), m.sale("t", nil), m.sale("t", func(s *models.Told) { s.OfferID = "x" }), other.sale("t", nil)}
		},
		"repeats that are far apart": func(m *market) []models.Told {
			var told []models.Told
			for i := range 1500 {
				told = append(told, m.refund(fmt.Sprint(i%900), amount(dollar)), m.sale(fmt.Sprint(i%700), nil))
			}
			return told
		},
		"a transaction that is told of more often than a part has lines": func(m *market) []models.Told {
			told := []models.Told{m.sale("before", nil)}
			for range 1200 {
				told = append(told, m.sale("t", nil), m.refund("t", nil))
			}
			return append(told, m.sale("before", nil), m.sale("behind", nil))
		},
	}
}

func TestARehearsalAnswersWhatConvertThenDoes(t *testing.T) {
	t.Parallel()
	m := newMarket(t, 1)
	_, err := m.SetRate(t.Context(), m.account, models.Rate{Currency: "EUR", Rate: 2 * dollar})
	require.NoError(t, err)
	for name, file := range rehearsed() {
		m.offer = m.addOffer("cpa", 10*dollar)
		told := file(m)
		got := m.rehearse(told...)
		onePart := len(told) <= 500 // else the states are those of the part, not of the file
		require.Equal(t, outcomes(m.tellInParts(told), onePart), outcomes(got, onePart), name)
		for _, b := range m.rehearse(told...) {
			require.True(t, b.Repeated || b.Refused != nil, name)
			require.Empty(t, b.ID, name)
		}
	}
	m.balanced()
}

// One transaction of the database for a whole file would need more locks than there is
// room for, and would hold up every postback until the file's end.
func TestARehearsalHoldsNoMoreLocksThanConvert(t *testing.T) {
	t.Parallel()
	m := newMarket(t, 1)
	m.exec(`CREATE FUNCTION few_locks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory') > 600 THEN RAISE 'too many locks'; END IF;
		RETURN NULL; END $$`)
	m.exec(`CREATE TRIGGER few_locks AFTER INSERT ON conversions EXECUTE FUNCTION few_locks()`)
	var told []models.Told
	for _, id := range transactions(3000) {
		told = append(told, m.sale(id, nil))
	}
	for _, b := range m.rehearse(told...) {
		require.Equal(t, models.Booking{State: models.Unmatched}, b)
	}
}
