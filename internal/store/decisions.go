package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// Decide writes down waits and skips, and skips what is to be skipped. A wait that is
// written down already is not written again.
func (s *Store) Decide(ctx context.Context, b models.Batch, holder string, all []models.Decision) error {
	if len(all) == 0 {
		return nil
	}
	var c decisionColumns
	for _, d := range all {
		c.add(d)
	}
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO decisions (account_id, message_id, check_name, verdict, why, until, version)
			SELECT $1, t.* FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
			       AS t (id, check_name, verdict, why, until, version)
			 WHERE NOT EXISTS (SELECT FROM decisions d WHERE d.message_id = t.id AND d.check_name = t.check_name
			                    AND d.verdict = t.verdict AND d.why = t.why)`,
			b.AccountID, c.ids, c.checks, c.verdicts, c.whys, c.untils, c.versions)
		if err != nil || len(c.skipped) == 0 {
			return err
		}
		_, err = tx.Exec(ctx, `
			WITH held AS MATERIALIZED (
				SELECT 1 FROM batches WHERE id = $1 AND account_id = $2 AND holder = $3 FOR NO KEY UPDATE)
			UPDATE messages m SET state = 'skipped', reason = t.reason, finished_at = clock_timestamp()
			  FROM unnest($4::bigint[], $5::text[]) AS t (id, reason)
			 WHERE EXISTS (SELECT FROM held) AND m.id = t.id AND m.account_id = $2 AND m.state = 'queued'`,
			b.ID, b.AccountID, holder, c.skipped, c.reasons)
		return err
	})
	return explain(err, "decisions")
}

type decisionColumns struct {
	ids                    []int64
	checks, verdicts, whys []string
	untils                 []*time.Time
	versions               []string
	skipped                []int64
	reasons                []string
}

func (c *decisionColumns) add(d models.Decision) {
	c.ids = append(c.ids, int64(d.MessageID))
	c.checks = append(c.checks, d.Check)
	c.verdicts = append(c.verdicts, string(d.Verdict))
	c.whys = append(c.whys, d.Why)
	c.untils = append(c.untils, d.Until)
	c.versions = append(c.versions, d.Version)
	if d.Verdict == models.VerdictSkip {
		c.skipped, c.reasons = append(c.skipped, int64(d.MessageID)), append(c.reasons, d.Check)
	}
}

// Decisions reads what kept a message from going out at once, in order.
func (s *Store) Decisions(ctx context.Context, account models.AccountID, id models.MessageID) ([]models.Decision, error) {
	rows, err := s.pool.Query(ctx, `SELECT message_id, check_name, verdict, why, until, version, at FROM decisions
		WHERE account_id = $1 AND message_id = $2 ORDER BY id`, account, id)
	if err != nil {
		return nil, explain(err, "decisions")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Decision])
	return out, explain(err, "decisions")
}
