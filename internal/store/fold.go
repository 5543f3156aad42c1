package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// movesPerBatch is how many moves a step of the fold takes for each batch: a batch means
// 500 messages to read, a move means one.
const movesPerBatch = 100

// Fold moves what has come to rest into the tallies: up to limit batches whose marks are
// all older at this time than quiet, and moves. It crosses accounts. What a report says is
// the same before and after; it only has less to count. Stopped anywhere, it did nothing.
func (s *Store) Fold(ctx context.Context, at time.Time, quiet time.Duration, limit int) (models.Folded, error) {
	var f models.Folded
	err := s.inTurn(ctx, func(tx pgx.Tx) error {
		batches, err := idsOf(ctx, tx, `SELECT batch_id FROM tally_marks
			GROUP BY batch_id HAVING max(at) < $1 ORDER BY batch_id LIMIT $2`, at.Add(-quiet), limit)
		if err != nil {
			return err
		}
		moves, err := idsOf(ctx, tx, `SELECT v.id FROM tally_moves v LEFT JOIN messages m ON m.id = v.message_id
			WHERE coalesce(m.state, '') NOT IN `+restless+` ORDER BY v.id LIMIT $1`, limit*movesPerBatch)
		if err != nil {
			return err
		}
		f = models.Folded{
			Batches: int64(len(batches)), Moves: int64(len(moves)),
			More: len(batches) == limit || len(moves) == limit*movesPerBatch,
		}
		if err := foldBatches(ctx, tx, batches); err != nil {
			return err
		}
		return foldMoves(ctx, tx, moves)
	})
	return f, explain(err, "tallies")
}

// restless are the states from which a message can still be claimed anew, for another carrier
// or over another route: what is known of it is not folded, or it could not be found again
// to be taken back.
const restless = `('queued', 'claimed', 'unknown')`

func idsOf(ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]int64, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// steps runs statements that all take the same argument.
func steps(ctx context.Context, tx pgx.Tx, arg any, statements ...string) error {
	for _, sql := range statements {
		if _, err := tx.Exec(ctx, sql, arg); err != nil {
			return err
		}
	}
	return nil
}

func foldBatches(ctx context.Context, tx pgx.Tx, batches []int64) error {
	if len(batches) == 0 {
		return nil
	}
	return steps(
		ctx, tx, batches,
		addTallies(batchMetrics, `SELECT c.account_id, t.day, t.cell_id, `+eachOf(batchMetrics, "-sum(t.%)::bigint AS %")+`
			FROM batch_tallies t JOIN cells c ON c.id = t.cell_id WHERE t.batch_id = ANY ($1::bigint[]) GROUP BY 1, 2, 3`),
		`DELETE FROM batch_tallies WHERE batch_id = ANY ($1::bigint[])`,
		keepBatches(`(SELECT unnest($1::bigint[]) AS batch_id)`),
		addTallies(batchMetrics, `SELECT c.account_id, t.day, t.cell_id, `+sumsOf(batchMetrics)+`
			FROM batch_tallies t JOIN cells c ON c.id = t.cell_id WHERE t.batch_id = ANY ($1::bigint[]) GROUP BY 1, 2, 3`),
		// Only the marks of this snapshot: a change that came later has a mark of its own.
		`DELETE FROM tally_marks WHERE batch_id = ANY ($1::bigint[])`,
	)
}

func foldMoves(ctx context.Context, tx pgx.Tx, moves []int64) error {
	if len(moves) == 0 {
		return nil
	}
	return steps(
		ctx, tx, moves,
		addMoves(`(SELECT * FROM tally_moves WHERE id = ANY ($1::bigint[]))`, ``),
		`DELETE FROM tally_moves WHERE id = ANY ($1::bigint[])`,
	)
}

// withCells gives the rows of counted their cells, and makes those that are missing. A
// conflict is impossible, since one at a time writes here, and one that was only skipped
// would burn an id each time.
const withCells = `, fresh AS (
		INSERT INTO cells (` + cellColumns + `)
		SELECT DISTINCT ` + cellColumns + ` FROM counted
		EXCEPT SELECT ` + cellColumns + ` FROM cells WHERE account_id IN (SELECT account_id FROM counted)
		RETURNING id, ` + cellColumns + `
	), known AS (
		SELECT id, ` + cellColumns + ` FROM fresh
		UNION ALL SELECT id, ` + cellColumns + ` FROM cells WHERE account_id IN (SELECT account_id FROM counted)
	)`

// keepBatches counts batches, and keeps what of the tallies is theirs.
func keepBatches(source string) string {
	return `WITH counted AS MATERIALIZED (` + countBatches(source) + `)` + withCells + `
		INSERT INTO batch_tallies (batch_id, cell_id, day, ` + batchMetrics + `)
		SELECT batch_id, known.id, day, ` + batchMetrics + ` FROM counted JOIN known USING (` + cellColumns + `)`
}

// addMoves adds moves of a source that meet a condition.
func addMoves(source, where string) string {
	return `WITH counted AS MATERIALIZED (
			SELECT day, ` + cellColumns + `, ` + sumsOf(moveMetrics) + ` FROM (` + placeMoves(source) + `) v ` + where + `
			 GROUP BY day, ` + cellColumns + `)` + withCells +
		addTallies(moveMetrics, `SELECT account_id, day, known.id, `+moveMetrics+` FROM counted JOIN known USING (`+cellColumns+`)`)
}

// addTallies adds rows of account, day, cell and metrics to the tallies.
func addTallies(metrics, rows string) string {
	return ` INSERT INTO tallies AS t (account_id, day, cell_id, ` + metrics + `) ` + rows + `
		ON CONFLICT (account_id, day, cell_id) DO UPDATE SET ` + eachOf(metrics, "% = t.% + excluded.%")
}
