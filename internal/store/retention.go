package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

const (
	batchesAtATime = 10 // some thousands of messages
	inboundAtATime = 2000
)

// AccountIDs reads a page of the installation's accounts. It crosses accounts: what grows
// old is taken away for all.
func (s *Store) AccountIDs(ctx context.Context, after models.AccountID, limit int) ([]models.AccountID, error) {
	rows, err := s.pool.Query(ctx, `SELECT id::text FROM accounts
		WHERE $1 = '' OR id > nullif($1, '')::uuid ORDER BY accounts.id LIMIT $2`, after, limit)
	if err != nil {
		return nil, explain(err, "accounts")
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[models.AccountID])
	return out, explain(err, "accounts")
}

// RedactMessages takes the texts of finished messages away that are older at this time
// than the account keeps them, from some batches after the cursor. next is where to go
// on; 0 means that nothing old is left. What is not redacted yet is known from the rows,
// so it may be stopped anywhere, and a second run does nothing.
func (s *Store) RedactMessages(ctx context.Context, account models.AccountID, at time.Time, after models.BatchID) (gone int64, next models.BatchID, err error) {
	err = s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		gone, next = 0, 0
		var cutoff time.Time
		if err := tx.QueryRow(ctx, `SELECT `+cutoffSQL+` FROM accounts a WHERE a.id = $1`, account, at).Scan(&cutoff); err != nil {
			return err
		}
		old, more, err := oldBatches(ctx, tx, account, cutoff, after)
		if err != nil || len(old) == 0 {
			return err
		}
		if more {
			next = old[len(old)-1]
		}
		gone, err = redactBatches(ctx, tx, account, at, cutoff, old)
		return err
	})
	return gone, next, explain(err, "messages")
}

// cutoffSQL is the moment before which texts of an account a are too old at $2. Days are
// 24 hours: a session's zone must not move it.
const cutoffSQL = `$2::timestamptz - make_interval(hours => 24 * a.keep_texts_days)`

// oldBatches gives the next batches in which something is old. Ids grow with time, so a
// page in which nothing is old is the end; more says that the page was full.
func oldBatches(ctx context.Context, tx pgx.Tx, account models.AccountID, cutoff time.Time, after models.BatchID) (old []models.BatchID, more bool, err error) {
	rows, err := tx.Query(ctx, `
		SELECT b.id, coalesce((SELECT m.queued_at FROM messages m WHERE m.id = b.id), '-infinity') < $2
		  FROM batches b WHERE b.account_id = $1 AND b.redacted_at IS NULL AND b.id > $3 ORDER BY b.id LIMIT $4`,
		account, cutoff, after, batchesAtATime)
	if err != nil {
		return nil, false, err
	}
	var id models.BatchID
	var isOld bool
	n := 0
	_, err = pgx.ForEachRow(rows, []any{&id, &isOld}, func() error {
		if n++; isOld {
			old = append(old, id)
		}
		return nil
	})
	return old, n == batchesAtATime, err
}

func redactBatches(ctx context.Context, tx pgx.Tx, account models.AccountID, at, cutoff time.Time, ids []models.BatchID) (int64, error) {
	// Every id is spelled out: a join with the batches' ranges is guesswork for the planner,
	// and it guessed a nested loop over the whole table.
	messages := make([]int64, 0, len(ids)*models.BatchSize)
	for _, id := range ids {
		for nth := range int64(models.BatchSize) {
			messages = append(messages, int64(id)+nth)
		}
	}
	// One whose answer never came is finished too when it has been so for that long.
	tag, err := tx.Exec(ctx, `
		UPDATE messages m SET body = '', provider_text = '', redacted_at = $2
		 WHERE m.id = ANY ($4::bigint[]) AND m.account_id = $1 AND m.queued_at < $3 AND m.redacted_at IS NULL
		   AND (m.state IN ('sent', 'delivered', 'undelivered', 'failed', 'skipped') OR m.state = 'unknown' AND m.unknown_at < $3)`,
		account, at, cutoff, messages)
	if err != nil {
		return 0, err
	}
	// A list's last batch of single texts still grows.
	_, err = tx.Exec(ctx, `
		UPDATE batches b SET redacted_at = $2
		 WHERE b.account_id = $1 AND b.id = ANY ($3) AND (b.campaign_id IS NOT NULL OR b.size = $4)
		   AND (SELECT count(*) FROM messages m WHERE m.id >= b.id AND m.id < b.id + $4 AND m.redacted_at IS NULL) = 0`,
		account, at, ids, models.BatchSize)
	return tag.RowsAffected(), err
}

// RedactInbound does the same with what people wrote. The words that ended permission, or
// gave it, or may have, are evidence and stay.
func (s *Store) RedactInbound(ctx context.Context, account models.AccountID, at time.Time, after int64) (gone, next int64, err error) {
	var read int
	var last int64
	err = again(func() error {
		return s.pool.QueryRow(ctx, `
			WITH page AS MATERIALIZED (
				SELECT i.id, i.received_at FROM inbound_messages i
				 WHERE i.account_id = $1 AND i.redacted_at IS NULL AND `+noEvidence+` AND i.id > $3 ORDER BY i.id LIMIT $4
			), gone AS (
				UPDATE inbound_messages i SET body = '', redacted_at = $2
				  FROM page p, accounts a WHERE i.id = p.id AND a.id = $1 AND p.received_at < `+cutoffSQL+`
				RETURNING i.id
			)
			SELECT (SELECT count(*) FROM gone), count(*), coalesce(max(id), 0) FROM page`,
			account, at, after, inboundAtATime).Scan(&gone, &read, &last)
	})
	if gone > 0 && read == inboundAtATime {
		next = last
	}
	return gone, next, explain(err, "inbound messages")
}

// noEvidence is the condition that an inbound text i proves nothing. The index of what
// is not redacted yet has the same words.
const noEvidence = `i.verdict IN ('none', 'help')`
