package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// Freeze plans one message for every person in the campaign's audience, splits them over
// the variants to the exact contact, and moves the campaign to sending. It returns how
// many batches there are to hand over. All of it is one transaction on one snapshot;
// freezing a frozen campaign changes nothing.
func (s *Store) Freeze(ctx context.Context, account models.AccountID, id models.CampaignID, at time.Time) (planned int64, batches int, err error) {
	c, err := s.Campaign(ctx, account, id)
	if err != nil {
		return 0, 0, err
	}
	err = s.atomic(ctx, pgx.RepeatableRead, func(tx pgx.Tx) error {
		planned, batches, err = s.freeze(ctx, tx, c, at)
		return err
	})
	return planned, batches, explain(err, "campaign")
}

func (s *Store) freeze(ctx context.Context, tx pgx.Tx, c models.Campaign, at time.Time) (planned int64, batches int, err error) {
	var before *int64
	err = tx.QueryRow(ctx, `SELECT c.state, c.planned, (SELECT count(*) FROM batches b WHERE b.campaign_id = c.id)
		FROM campaigns c WHERE c.account_id = $1 AND c.id = $2 FOR UPDATE`, c.AccountID, c.ID).Scan(&c.State, &before, &batches)
	if err != nil {
		return 0, 0, err
	}
	if before != nil {
		return *before, batches, nil
	}
	state := c.State
	if c.MoveTo(models.CampaignSending, at) != nil {
		return 0, 0, fault.New(fault.Conflict, "a %s campaign cannot be frozen", state)
	}
	w, l, err := s.layOut(ctx, tx, c, at)
	if err != nil {
		return 0, 0, err
	}
	if err := l.write(ctx, tx, c, w); err != nil {
		return 0, 0, err
	}
	_, err = tx.Exec(ctx, `UPDATE campaigns SET state = $3, planned = $4, started_at = $5 WHERE account_id = $1 AND id = $2`,
		c.AccountID, c.ID, c.State, l.members, at)
	return l.members, len(l.batches), err
}
