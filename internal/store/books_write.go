package store

import (
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
	"trackly/rules/price"
)

// bookChanges are what books change, so that sums which others read need no recounting.
type bookChanges struct {
	fresh, moved, told []*bookRow
	moves              []tallyMove
	totals             map[models.SubscriptionID]*totalsChange
	stands             map[*bookRow]int
}

// tallyMove is what a conversion adds to the reports, on its own time.
type tallyMove struct {
	of                     *bookRow
	message                *models.MessageID
	conversions, reversals int
	revenue                price.Micros
}

// totalsChange is what a subscription gains, or loses with an event it was credited for.
type totalsChange struct {
	count   int
	revenue price.Micros
	last    *time.Time
	lost    bool
}

func (d *bookChanges) add(r *bookRow) {
	if r.was != nil && r.more > 0 {
		d.told = append(d.told, r)
	}
	switch {
	case r.was == nil:
		d.fresh = append(d.fresh, r)
		d.addMove(r, &r.Conversion, 1)
	case r.State != r.was.State || r.Booked != r.was.Booked || r.Counted != r.was.Counted ||
		!same(r.MessageID, r.was.MessageID) || !same(r.MatchedMessage, r.was.MatchedMessage):
		d.moved = append(d.moved, r)
		d.addMove(r, &r.Conversion, 1)
		d.addMove(r, r.was, -1)
	}
}

// addMove joins what stays with the same message to one move; most are then nothing.
func (d *bookChanges) addMove(r *bookRow, c *models.Conversion, sign int) {
	m := tallyMove{of: r, message: c.MessageID, revenue: c.Booked * price.Micros(sign)}
	switch c.Counted {
	case 1:
		m.conversions = sign
	case -1:
		m.reversals = sign
	}
	if last := len(d.moves) - 1; last >= 0 && d.moves[last].of == r && same(d.moves[last].message, m.message) {
		l := &d.moves[last]
		l.conversions, l.reversals, l.revenue = l.conversions+m.conversions, l.reversals+m.reversals, l.revenue+m.revenue
	} else {
		d.moves = append(d.moves, m)
	}
	if c.SubscriptionID == nil {
		return
	}
	t := d.totals[*c.SubscriptionID]
	if t == nil {
		t = &totalsChange{}
		d.totals[*c.SubscriptionID] = t
	}
	t.count, t.revenue = t.count+sign*c.Counted, t.revenue+m.revenue
	switch {
	case c.Counted == 1 && sign < 0:
		t.lost = true
	case c.Counted == 1 && (t.last == nil || c.At.After(*t.last)):
		t.last = &c.At
	}
}

func (d *bookChanges) addStands(all []stand, sign int) {
	for _, s := range all {
		d.stands[s.row] += sign * s.n
	}
}

func same[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// queue obeys the order of locks: totals, then the offers' days.
func (d *bookChanges) queue(last *pgx.Batch) {
	queueFresh(last, d.fresh)
	queueMoved(last, d.moved)
	d.queueTold(last)
	d.queueMoves(last)
	d.queueTotals(last)
	d.queueDays(last)
}

func (d *bookChanges) queueTold(batch *pgx.Batch) {
	if len(d.told) == 0 {
		return
	}
	ids, more := make([]models.ConversionID, len(d.told)), make([]int32, len(d.told))
	for i, r := range d.told {
		ids[i], more[i] = r.ID, int32(r.more) //nolint:gosec // some hundreds
	}
	batch.Queue(`UPDATE conversions c SET repeats = c.repeats + w.more
		FROM unnest($1::uuid[], $2::int[]) AS w (id, more) WHERE c.id = w.id`, ids, more)
}

func (d *bookChanges) queueMoves(batch *pgx.Batch) {
	var accounts, offers []string
	var messages []*int64
	var times []time.Time
	var conversions, reversals []int32
	var revenue []int64
	for _, m := range d.moves {
		if m.conversions == 0 && m.reversals == 0 && m.revenue == 0 {
			continue
		}
		accounts, messages = append(accounts, string(m.of.AccountID)), append(messages, (*int64)(m.message))
		offers, times = append(offers, string(m.of.OfferID)), append(times, m.of.At)
		conversions, reversals = append(conversions, int32(m.conversions)), append(reversals, int32(m.reversals)) //nolint:gosec // -1 to 1
		revenue = append(revenue, int64(m.revenue))
	}
	if len(accounts) > 0 {
		batch.Queue(`INSERT INTO tally_moves (account_id, message_id, offer_id, at, conversions, reversals, revenue)
			SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::timestamptz[], $5::int[], $6::int[], $7::bigint[])`,
			accounts, messages, offers, times, conversions, reversals, revenue)
	}
}

// queueTotals changes the totals of whom the events are credited to. Of somebody erased none are begun: has_phone
// is written out, for the function took as long as all the rest. When one was taken away the last conversion is
// looked up, by a statement of its own: it must see what was written by whoever held the row before.
func (d *bookChanges) queueTotals(batch *pgx.Batch) {
	var ids, revenue, lost []int64
	var counts []int32
	var last []*time.Time
	for _, id := range slices.Sorted(maps.Keys(d.totals)) {
		t := d.totals[id]
		if t.count == 0 && t.revenue == 0 && t.last == nil && !t.lost {
			continue
		}
		ids, counts = append(ids, int64(id)), append(counts, int32(t.count)) //nolint:gosec // some hundreds
		revenue, last = append(revenue, int64(t.revenue)), append(last, t.last)
		if t.lost {
			lost = append(lost, int64(id))
		}
	}
	if len(ids) == 0 {
		return
	}
	batch.Queue(`INSERT INTO totals AS t (subscription_id, conversion_count, revenue, last_converted_at)
		SELECT w.id, w.n, w.revenue, w.last FROM unnest($1::bigint[], $2::int[], $3::bigint[], $4::timestamptz[]) AS w (id, n, revenue, last)
		 CROSS JOIN LATERAL (SELECT FROM subscriptions s JOIN contacts c ON c.id = s.contact_id
		                      WHERE s.id = w.id AND c.phone IS NOT NULL OFFSET 0) has_phone
		 ORDER BY w.id
		ON CONFLICT (subscription_id) DO UPDATE
		   SET conversion_count = t.conversion_count + excluded.conversion_count, revenue = t.revenue + excluded.revenue,
		       last_converted_at = greatest(t.last_converted_at, excluded.last_converted_at)`, ids, counts, revenue, last)
	if len(lost) > 0 {
		batch.Queue(`UPDATE totals t SET last_converted_at = (
			SELECT max(c.at) FROM messages m JOIN conversions c ON c.message_id = m.id
			 WHERE m.subscription_id = t.subscription_id AND c.counted = 1)
			WHERE t.subscription_id = ANY ($1::bigint[])`, lost)
	}
}

func (d *bookChanges) queueDays(batch *pgx.Batch) {
	var offers []string
	var times []time.Time
	var n []int32
	for r, by := range d.stands {
		if by != 0 {
			offers, times, n = append(offers, string(r.OfferID)), append(times, r.At), append(n, int32(by)) //nolint:gosec // -1 to 5
		}
	}
	if len(offers) > 0 {
		batch.Queue(`INSERT INTO offer_days AS d (offer_id, day, conversions)
			SELECT o.id, (w.at AT TIME ZONE o.zone)::date AS day, sum(w.n)
			  FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (offer_id, at, n) JOIN offers o ON o.id = w.offer_id
			 GROUP BY o.id, day HAVING sum(w.n) <> 0 ORDER BY o.id, day
			ON CONFLICT (offer_id, day) DO UPDATE SET conversions = d.conversions + excluded.conversions`, offers, times, n)
	}
}
