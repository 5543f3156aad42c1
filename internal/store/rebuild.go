package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// RebuildTallies makes an account's tallies anew from its messages and events. Reports are
// asked and given meanwhile; no fold runs.
func (s *Store) RebuildTallies(ctx context.Context, account models.AccountID) error {
	err := s.inTurn(ctx, func(tx pgx.Tx) error { return rebuild(ctx, tx, account) })
	return explain(err, "tallies")
}

// rebuild takes everything away that its snapshot has and counts what its snapshot has.
// What is changed meanwhile leaves marks and moves that are in neither.
func rebuild(ctx context.Context, tx pgx.Tx, account models.AccountID) error {
	return steps(
		ctx, tx, account,
		`DELETE FROM tallies WHERE account_id = $1`,
		`DELETE FROM batch_tallies t USING cells c WHERE c.id = t.cell_id AND c.account_id = $1`,
		`DELETE FROM tally_marks WHERE account_id = $1`,
		`DELETE FROM tally_moves WHERE account_id = $1`,
		keepBatches(`(SELECT id AS batch_id FROM batches WHERE account_id = $1)`),
		addTallies(batchMetrics, `SELECT c.account_id, t.day, t.cell_id, `+sumsOf(batchMetrics)+`
			FROM batch_tallies t JOIN cells c ON c.id = t.cell_id WHERE c.account_id = $1 GROUP BY 1, 2, 3`),
		addMoves(rawMoves, `WHERE state NOT IN `+restless),
		`INSERT INTO tally_moves (account_id, message_id, offer_id, at, `+moveMetrics+`)
			SELECT v.account_id, v.message_id, v.offer_id, v.at, `+eachOf(moveMetrics, "v.%")+`
			  FROM `+rawMoves+` v JOIN messages m ON m.id = v.message_id AND m.account_id = v.account_id WHERE m.state IN `+restless,
	)
}

// setZone moves an account's days. Its tallies are of the old ones, so they are made anew
// in the same transaction: no report ever mixes the two.
func (s *Store) setZone(ctx context.Context, account models.AccountID, zone string) error {
	var now string
	if err := s.pool.QueryRow(ctx, `SELECT zone FROM accounts WHERE id = $1`, account).Scan(&now); err != nil || now == zone {
		return explain(err, "account")
	}
	err := s.inTurn(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE accounts SET zone = $2 WHERE id = $1`, account, zone); err != nil {
			return err
		}
		return rebuild(ctx, tx, account)
	})
	return explain(err, "settings")
}

// mostDifferences bounds the answer of a check.
const mostDifferences = 1000

// CheckTallies compares all that reports are made of with the messages and the events, in
// one snapshot. It gives the first 1,000 cells and days that differ.
func (s *Store) CheckTallies(ctx context.Context, account models.AccountID) ([]models.TallyDifference, error) {
	rows, err := s.pool.Query(ctx, differences, account, mostDifferences)
	if err != nil {
		return nil, explain(err, "tallies")
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d models.TallyDifference, err error) {
		into := append([]any{&d.Day, &d.Cell}, metricsInto(&d.Report)...)
		return d, row.Scan(append(into, metricsInto(&d.Rows)...)...)
	})
	return out, explain(err, "tallies")
}

// Both sides are summed together: a full join would compare the columns of all cells.
var differences = `
	SELECT day, concat_ws(' ', 'list ' || list_id, 'campaign ' || campaign_id, 'variant ' || variant, 'creative ' || creative_id,
	                      'offer ' || offer_id, 'kind ' || kind, 'provider ' || provider, 'carrier ' || carrier, 'state ' || at_state),
	       ` + eachOf(allMetrics, "coalesce(sum(%) FILTER (WHERE side = 1), 0)::bigint") + `,
	       ` + eachOf(allMetrics, "coalesce(sum(%) FILTER (WHERE side = 2), 0)::bigint") + `
	  FROM (SELECT 1 AS side, s.* FROM (` + reported + `) s UNION ALL SELECT 2, s.* FROM (` + truth + `) s) both_sides
	 GROUP BY day, ` + cellColumns + `
	HAVING (` + eachOf(allMetrics, "coalesce(sum(%) FILTER (WHERE side = 1), 0)") + `)
	    <> (` + eachOf(allMetrics, "coalesce(sum(%) FILTER (WHERE side = 2), 0)") + `)
	 ORDER BY day, 2 LIMIT $2`
