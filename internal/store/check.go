package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// BeginCheck queues the test text of a route, which in.Route names, and forgets what was
// checked before: the check that begins now decides. A route that was blocked gets its
// chance too. Test texts of an earlier check that nobody has tried yet do not go out. A
// repetition changes nothing and gives the first one's text.
func (s *Store) BeginCheck(ctx context.Context, o models.Once, in models.Single) (models.Route, models.MessageID, error) {
	var r models.Route
	var id models.MessageID
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		r = models.Route{AccountID: in.AccountID, ListID: in.ListID, Rank: in.Route}
		err := tx.QueryRow(ctx, `SELECT id::text FROM routes WHERE account_id = $1 AND list_id = $2 AND rank = $3 FOR UPDATE`,
			in.AccountID, in.ListID, in.Route).Scan(&r.ID)
		if err != nil {
			return err
		}
		var repeated bool
		if id, repeated, err = s.queueSingle(ctx, tx, o, in); err != nil || repeated {
			return err
		}
		if err := skipTests(ctx, tx, in, id); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE routes SET credentials_at = NULL, text_at = NULL, webhook_at = NULL, check_problem = '',
			state = 'up', reason = '', probe_at = NULL, changed_at = now() WHERE id = $1`, r.ID)
		return err
	})
	return r, id, explain(err, "route")
}

// skipTests keeps the test texts of earlier checks of the same route from going out.
func skipTests(ctx context.Context, tx pgx.Tx, in models.Single, newest models.MessageID) error {
	_, err := tx.Exec(ctx, `
		UPDATE messages m SET state = 'skipped', reason = $5, finished_at = now()
		  FROM batches b WHERE b.account_id = $1 AND b.list_id = $2 AND b.campaign_id IS NULL
		   AND m.id >= b.id AND m.id < b.id + $6 AND m.kind = 'test' AND m.route = $3 AND m.state = 'queued' AND m.id < $4`,
		in.AccountID, in.ListID, in.Route, newest, models.ReasonCheckFailed, models.BatchSize)
	return err
}
