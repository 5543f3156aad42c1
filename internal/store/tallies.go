package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// A report is one sum over rows of four sources: the tallies, less what they have of
// batches that changed since, those batches counted anew, and the moves that are not
// folded yet. In every source a row has a day, a cell's columns and the metrics.

const (
	cellColumns = `account_id, list_id, campaign_id, variant, creative_id, offer_id, kind, provider, carrier, at_state`
	// batchMetrics are counted from the messages of a batch, moveMetrics come as moves.
	batchMetrics = `sends, delivered, undelivered, failed, skipped, unknown, segments, cost`
	moveMetrics  = `clicks, bot_clicks, unsure_clicks, conversions, reversals, revenue, opt_outs`
	allMetrics   = batchMetrics + `, ` + moveMetrics
	noCell       = `'00000000-0000-0000-0000-000000000000'::uuid`
)

// eachOf writes every column of a list into a form, in which % is the column.
func eachOf(columns, form string) string {
	names := strings.Split(columns, ", ")
	for i, n := range names {
		names[i] = strings.ReplaceAll(form, "%", n)
	}
	return strings.Join(names, ", ")
}

func sumsOf(columns string) string { return eachOf(columns, "coalesce(sum(%), 0)::bigint AS %") }

func noneOf(columns string) string { return eachOf(columns, "0::bigint AS %") }

// countBatches counts the messages of the batches in a source with a batch_id. Every batch
// is read by itself: the planner guesses badly at a join with ranges of ids.
func countBatches(source string) string {
	return `SELECT k.batch_id, f.* FROM ` + source + ` k CROSS JOIN LATERAL (
		SELECT m.day, ` + eachOf(cellColumns, "m.%") + `, ` + eachOf(batchMetrics, "sum(m.%)::bigint AS %") + `
		  FROM message_facts m
		 WHERE m.message_id >= k.batch_id AND m.message_id < k.batch_id + 500 AND m.batch_id = k.batch_id AND m.day IS NOT NULL
		 GROUP BY m.day, ` + eachOf(cellColumns, "m.%") + `) f`
}

// placeMoves gives moves their day and their cell. One without a text has its offer alone.
// state is the text's.
func placeMoves(source string) string {
	return `SELECT (v.at AT TIME ZONE a.zone)::date AS day, v.account_id, coalesce(f.list_id, ` + noCell + `) AS list_id,
	       coalesce(f.campaign_id, ` + noCell + `) AS campaign_id, coalesce(f.variant, 0)::smallint AS variant,
	       coalesce(f.creative_id, ` + noCell + `) AS creative_id, coalesce(v.offer_id, f.offer_id, ` + noCell + `) AS offer_id,
	       ` + eachOf(`kind, provider, carrier, at_state`, "coalesce(f.%, '') AS %") + `, ` + eachOf(moveMetrics, "v.%") + `, coalesce(f.state, '') AS state
	  FROM ` + source + ` v JOIN accounts a ON a.id = v.account_id
	  LEFT JOIN message_facts f ON f.message_id = v.message_id AND f.account_id = v.account_id`
}

// reported are the rows that a report of account $1 adds up.
var reported = `
	SELECT t.day, ` + eachOf(cellColumns, "c.%") + `, ` + eachOf(allMetrics, "t.%") + `
	  FROM tallies t JOIN cells c ON c.id = t.cell_id WHERE t.account_id = $1
	UNION ALL
	SELECT t.day, ` + eachOf(cellColumns, "c.%") + `, ` + eachOf(batchMetrics, "-t.%") + `, ` + noneOf(moveMetrics) + `
	  FROM ` + marked + ` k JOIN batch_tallies t ON t.batch_id = k.batch_id JOIN cells c ON c.id = t.cell_id
	UNION ALL
	SELECT f.day, ` + eachOf(cellColumns, "f.%") + `, ` + eachOf(batchMetrics, "f.%") + `, ` + noneOf(moveMetrics) + `
	  FROM (` + countBatches(marked) + `) f
	UNION ALL
	SELECT v.day, ` + eachOf(cellColumns, "v.%") + `, ` + noneOf(batchMetrics) + `, ` + eachOf(moveMetrics, "v.%") + `
	  FROM (` + placeMoves(`(SELECT * FROM tally_moves WHERE account_id = $1)`) + `) v`

const rawMoves = `(SELECT * FROM raw_moves WHERE account_id = $1)`

const marked = `(SELECT DISTINCT batch_id FROM tally_marks WHERE account_id = $1)`

// truth are the same rows from the messages and the events themselves.
var truth = `
	SELECT f.day, ` + eachOf(cellColumns, "f.%") + `, ` + eachOf(batchMetrics, "f.%") + `, ` + noneOf(moveMetrics) + `
	  FROM (` + countBatches(`(SELECT id AS batch_id FROM batches WHERE account_id = $1)`) + `) f
	UNION ALL
	SELECT v.day, ` + eachOf(cellColumns, "v.%") + `, ` + noneOf(batchMetrics) + `, ` + eachOf(moveMetrics, "v.%") + `
	  FROM (` + placeMoves(rawMoves) + `) v`

// inTurn runs what writes tallies, in a snapshot that has all that whoever had the turn
// before has written. LOCK must come first: it takes no snapshot, and a SELECT would.
func (s *Store) inTurn(ctx context.Context, do func(tx pgx.Tx) error) error {
	return s.atomic(ctx, pgx.RepeatableRead, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `LOCK TABLE tally_turn IN EXCLUSIVE MODE`); err != nil {
			return err
		}
		return do(tx)
	})
}

// metricsInto gives the places for allMetrics, in their order.
func metricsInto(m *models.Metrics) []any {
	return []any{
		&m.Sends, &m.Delivered, &m.Undelivered, &m.Failed, &m.Skipped, &m.Unknown, &m.Segments, &m.Cost,
		&m.Clicks, &m.BotClicks, &m.UnsureClicks, &m.Conversions, &m.Reversals, &m.Revenue, &m.OptOuts,
	}
}
