package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/experiment"
)

// Freeze plans one message for every active subscription in the campaign's audience,
// splits them over the variants to the exact contact, and moves the campaign to
// sending. It returns how many batches there are to hand over. All of it is one
// transaction on one snapshot; freezing a frozen campaign changes nothing.
func (s *Store) Freeze(ctx context.Context, account models.AccountID, id models.CampaignID, at time.Time) (planned int64, batches int, err error) {
	c, err := s.Campaign(ctx, account, id)
	if err != nil {
		return 0, 0, err
	}
	err = s.atomic(ctx, pgx.RepeatableRead, func(tx pgx.Tx) error {
		planned, err = s.freeze(ctx, tx, c, at)
		return err
	})
	return planned, batchesFor(planned), explain(err, "campaign")
}

func batchesFor(planned int64) int {
	return int((planned + models.BatchSize - 1) / models.BatchSize)
}

func (s *Store) freeze(ctx context.Context, tx pgx.Tx, c models.Campaign, at time.Time) (int64, error) {
	var before *int64
	var state models.CampaignState
	err := tx.QueryRow(ctx, `SELECT state, planned FROM campaigns WHERE account_id = $1 AND id = $2 FOR UPDATE`,
		c.AccountID, c.ID).Scan(&state, &before)
	if err != nil {
		return 0, err
	}
	if before != nil {
		return *before, nil
	}
	if c.State = state; c.MoveTo(models.CampaignSending, at) != nil {
		return 0, fault.New(fault.Conflict, "a %s campaign cannot be frozen", state)
	}
	where, args, err := s.compileFor(ctx, c.AccountID, c.Filter, at, []any{c.AccountID, c.ListID})
	if err != nil {
		return 0, err
	}
	planned, err := planMessages(ctx, tx, c, where, args)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `UPDATE campaigns SET state = $3, planned = $4, started_at = $5 WHERE account_id = $1 AND id = $2`,
		c.AccountID, c.ID, c.State, planned, at)
	return planned, err
}

// planMessages makes two orders of the members. The order of their subscriptions gives
// the batches and message ids, so that a batch reads neighbouring rows. A shuffled
// order gives the variants: random, exact, and the same at every retry.
func planMessages(ctx context.Context, tx pgx.Tx, c models.Campaign, f compiled, args []any) (int64, error) {
	members := `FROM subscriptions s` + f.joins() + `
		WHERE s.account_id = $1 AND s.list_id = $2 AND s.status = 'active' AND (` + f.where + `)`
	var n int64
	if err := tx.QueryRow(ctx, `SELECT count(*) `+members, args...).Scan(&n); err != nil || n == 0 {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `
		INSERT INTO batches (id, account_id, campaign_id, number, size)
		SELECT nextval('batch_ids'), $1, $2, number, least($4::bigint, $3::bigint - number * $4::bigint)
		  FROM generate_series(0, $5::int - 1) number`,
		c.AccountID, c.ID, n, models.BatchSize, batchesFor(n)); err != nil {
		return 0, err
	}
	k := len(args)
	args = append(args, c.ID, seedOf(c.ID), experiment.Bounds(n, c.Percents()), models.BatchSize)
	tag, err := tx.Exec(ctx, fmt.Sprintf(`
		INSERT INTO messages (id, account_id, list_id, campaign_id, batch_id, subscription_id, variant)
		SELECT b.id + p.place %% $%[4]d, $1, $2, $%[1]d, b.id, p.id, 1 + width_bucket(p.shuffled, $%[3]d::bigint[])
		  FROM (SELECT s.id, row_number() OVER (ORDER BY hashint8extended(s.id, $%[2]d), s.id) - 1 AS shuffled,
		               row_number() OVER (ORDER BY s.id) - 1 AS place %[5]s) p
		  JOIN batches b ON b.campaign_id = $%[1]d AND b.number = p.place / $%[4]d
		 ORDER BY p.id`,
		k+1, k+2, k+3, k+4, members), args...)
	if err == nil && tag.RowsAffected() != n {
		err = fault.New(fault.Internal, "planned %d messages for %d members", tag.RowsAffected(), n)
	}
	return n, err
}

// seedOf makes the shuffle of a campaign its own, and the same at every retry.
func seedOf(id models.CampaignID) int64 {
	u := uuid.MustParse(string(id))              // an id that was just read from a uuid column
	return int64(binary.BigEndian.Uint64(u[8:])) //nolint:gosec // any 64 bits will do
}

// AudienceSize counts whom the filter would reach now.
func (s *Store) AudienceSize(ctx context.Context, account models.AccountID, list models.ListID, f audience.Filter) (int64, error) {
	c, args, err := s.compileFor(ctx, account, f, time.Now(), []any{account, list})
	if err != nil {
		return 0, err
	}
	var n int64
	err = s.pool.QueryRow(ctx, `SELECT count(*) FROM subscriptions s`+c.joins()+`
		WHERE s.account_id = $1 AND s.list_id = $2 AND s.status = 'active' AND (`+c.where+`)`, args...).Scan(&n)
	return n, explain(err, "audience")
}
