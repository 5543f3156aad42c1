package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// usage is a claim's place among the segments of the account's cycle, which decides what
// each of its texts costs.
type usage struct {
	cycle    int
	reserved int64
	costs    []int64 // by text
}

// cycleSQL numbers the cycles of 360 days since an account a was made.
const cycleSQL = `floor(extract(epoch FROM now() - a.created_at) / (360 * 86400))::int`

// reserveSegments takes places for all of a claim's segments, in a statement of its own:
// in the claim's transaction the row's lock would let one claim of an account run at a
// time. A claim that fails forgoes its places. One that is cut off in its commit, a process
// that dies between the two or a database that is gone may leave places that nobody has,
// at most a batch's each time: the border between two prices is then that much early.
func (s *Store) reserveSegments(ctx context.Context, c models.Claim) (u usage, err error) {
	for _, t := range c.Texts {
		u.reserved += int64(t.Count.Segments)
	}
	var after int64
	err = again(func() error {
		return s.pool.QueryRow(ctx, `
			INSERT INTO segment_usage AS u (account_id, cycle, segments)
			SELECT a.id, `+cycleSQL+`, $2 FROM accounts a WHERE a.id = $1
			ON CONFLICT (account_id, cycle) DO UPDATE SET segments = u.segments + excluded.segments
			RETURNING cycle, segments`, c.Batch.AccountID, u.reserved).Scan(&u.cycle, &after)
	})
	before := after - u.reserved
	u.costs = make([]int64, len(c.Texts))
	for i, t := range c.Texts {
		u.costs[i] = int64(c.Prices.Cost(before, int64(t.Count.Segments)))
		before += int64(t.Count.Segments)
	}
	return u, err
}

// giveBack returns the places of texts that were not claimed, and those that an earlier
// claim of the same text reserved: a text that comes back counts once.
func (u usage) giveBack(ctx context.Context, tx pgx.Tx, c models.Claim, got []models.MessageID) error {
	claimed := make(map[models.MessageID]bool, len(got))
	for _, id := range got {
		claimed[id] = true
	}
	back := u.reserved
	for _, t := range c.Texts {
		if claimed[t.MessageID] {
			back -= int64(t.Count.Segments) - int64(t.Reserved)
		}
	}
	if back == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, giveBackSQL, c.Batch.AccountID, u.cycle, back)
	return err
}

const giveBackSQL = `UPDATE segment_usage SET segments = greatest(segments - $3, 0) WHERE account_id = $1 AND cycle = $2`

// forgoLimit is short: whoever was told to stop waits for it.
const forgoLimit = 2 * time.Second

// forgo gives back all places of a claim that certainly did not happen, also when it failed
// because it was told to stop. Should this fail too, the claim's own error is the one to tell.
func (s *Store) forgo(ctx context.Context, u usage, c models.Claim) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), forgoLimit)
	defer cancel()
	_ = s.run(ctx, giveBackSQL, c.Batch.AccountID, u.cycle, u.reserved)
}
