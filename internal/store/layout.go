package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/experiment"
)

// layout says where each member of a crowd sits. Batch after batch has a row of seats; a
// group begins in a row of its own and fills it in the order of its subscriptions, so that
// a batch reads neighbouring rows.
type layout struct {
	members  int64
	batches  []batchPlan
	first    []int32 // row of each group
	variants []byte  // by seat
}

// batchPlan is a batch that is to be written.
type batchPlan struct {
	group, turn int // turn is its place among the group's
	size        int
}

// layOut writes the crowd down, each with a place in its group, in a table that ends with
// the transaction. That is one pass over the subscriptions; nothing later reads them again.
func (s *Store) layOut(ctx context.Context, tx pgx.Tx, c models.Campaign, at time.Time) (crowd, layout, error) {
	w, err := s.crowdOf(ctx, tx, c, at)
	if err != nil {
		return w, layout{}, err
	}
	// Several lists are sorted by contact and by group.
	if _, err := tx.Exec(ctx, `SELECT set_config('work_mem', '64MB', true)`); err != nil {
		return w, layout{}, err
	}
	apart := ""
	if w.groups() > 1 {
		apart = "PARTITION BY m.grp "
	}
	_, err = tx.Exec(ctx, `CREATE TEMP TABLE freezing ON COMMIT DROP AS
		SELECT m.id, m.grp, (row_number() OVER (`+apart+`ORDER BY m.id) - 1)::int AS place FROM (`+w.sql+`) m`,
		append([]any{planned}, w.args...)...)
	if err != nil {
		return w, layout{}, err
	}
	sizes, err := w.counts(ctx, tx, "freezing")
	if err != nil {
		return w, layout{}, err
	}
	return w, seatsFor(sizes, c), nil
}

// seatsFor lays out groups of these sizes. The variants are shuffled over all members,
// whatever their group: exact, random, and the same at every retry.
func seatsFor(sizes []int64, c models.Campaign) layout {
	l := layout{first: make([]int32, len(sizes))}
	for group, n := range sizes {
		l.members += n
		l.first[group] = int32(len(l.batches)) //nolint:gosec // a batch has its number in an integer column
		for turn := 0; n > 0; turn++ {
			size := min(n, models.BatchSize)
			l.batches = append(l.batches, batchPlan{group: group, turn: turn, size: int(size)})
			n -= size
		}
	}
	all := experiment.Assign(l.members, c.Percents(), seedOf(c.ID))
	l.variants = make([]byte, len(l.batches)*models.BatchSize)
	for row, b := range l.batches {
		copy(l.variants[row*models.BatchSize:], all[:b.size])
		all = all[b.size:]
	}
	return l
}

// seedOf makes the shuffle of a campaign its own, and the same at every retry.
func seedOf(id models.CampaignID) uint64 {
	u := uuid.MustParse(string(id)) // an id that was just read from a uuid column
	return binary.BigEndian.Uint64(u[8:])
}

// numbers gives each batch its number. Batches go out by number: wave after wave, and
// within one the lists take turns, because each has a pace of its own.
func (l layout) numbers(w crowd) []int32 {
	order := make([]int, len(l.batches))
	for row := range order {
		order[row] = row
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := l.batches[a], l.batches[b]
		return cmp.Or(cmp.Compare(x.group/len(w.lists), y.group/len(w.lists)), cmp.Compare(x.turn, y.turn), cmp.Compare(x.group, y.group))
	})
	numbers := make([]int32, len(order))
	for number, row := range order {
		numbers[row] = int32(number)
	}
	return numbers
}

// write plans the messages.
func (l layout) write(ctx context.Context, tx pgx.Tx, c models.Campaign, w crowd) error {
	if l.members == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `SELECT nextval('batch_ids') FROM generate_series(1, $1)`, len(l.batches))
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	slices.Sort(ids)
	lists := make([]models.ListID, len(ids))
	if err := l.writeBatches(ctx, tx, c, w, ids, lists); err != nil {
		return err
	}
	// Sitting down is arithmetic: no join, and no order but the one the table has.
	tag, err := tx.Exec(ctx, `
		INSERT INTO messages (id, account_id, list_id, campaign_id, batch_id, subscription_id, variant)
		SELECT ($3::bigint[])[p.seat / $7 + 1] + p.seat % $7, $1, ($4::uuid[])[p.seat / $7 + 1], $2,
		       ($3::bigint[])[p.seat / $7 + 1], p.id, get_byte($5::bytea, p.seat)
		  FROM (SELECT m.id, ($6::int[])[m.grp + 1] * $7::int + m.place AS seat FROM freezing m) p`,
		planned, c.AccountID, c.ID, ids, lists, l.variants, l.first, models.BatchSize)
	if err == nil && tag.RowsAffected() != l.members {
		err = fault.New(fault.Internal, "planned %d messages for %d members", tag.RowsAffected(), l.members)
	}
	return err
}

// writeBatches also notes the batches' lists.
func (l layout) writeBatches(ctx context.Context, tx pgx.Tx, c models.Campaign, w crowd, ids []int64, lists []models.ListID) error {
	sizes, times := make([]int32, len(ids)), make([]*time.Time, len(ids))
	for row, b := range l.batches {
		lists[row], sizes[row], times[row] = w.list(b.group), int32(b.size), w.at(b.group) //nolint:gosec // at most 500
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO batches (id, account_id, campaign_id, list_id, number, size, not_before, wave_at)
		SELECT b.id, $1, $2, b.list, b.number, b.size, b.at, b.at
		  FROM unnest($3::bigint[], $4::uuid[], $5::int[], $6::int[], $7::timestamptz[]) AS b (id, list, number, size, at)`,
		c.AccountID, c.ID, ids, lists, l.numbers(w), sizes, times)
	return err
}
