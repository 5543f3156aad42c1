package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
	"trackly/rules/verdict"
)

// revisedAtATime bounds a transaction of the pass: clicks that wait for one of its people
// wait for milliseconds.
const revisedAtATime = 200

// ReviseClicks judges anew what became known until this time, at most so many new clicks,
// and lets all that follows from a verdict follow it. It crosses accounts: a scanner does
// too. Each part is a transaction by itself and the same evidence gives the same verdicts,
// so it may be stopped anywhere; one pass waits for another.
func (s *Store) ReviseClicks(ctx context.Context, at time.Time, most int) (models.Revised, error) {
	var res models.Revised
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		res = models.Revised{}
		var seen, to time.Time
		if err := tx.QueryRow(ctx, `SELECT seen FROM revisions FOR UPDATE`).Scan(&seen); err != nil {
			return err
		}
		if at = at.Truncate(time.Microsecond); !at.After(seen) {
			return nil // a clock that is behind another's
		}
		err := tx.QueryRow(ctx, `SELECT coalesce((SELECT k.at FROM clicks k WHERE k.at > $1 AND k.at < $2 ORDER BY k.at OFFSET $3 LIMIT 1), $2)`,
			seen, at, most-1).Scan(&to)
		if err != nil {
			return err
		}
		if err := s.reviseSince(ctx, seen, to, &res); err != nil {
			return err
		}
		res.More = to.Before(at)
		_, err = tx.Exec(ctx, `UPDATE revisions SET seen = $1`, to)
		return err
	})
	return res, explain(err, "clicks")
}

func (s *Store) reviseSince(ctx context.Context, seen, to time.Time, res *models.Revised) error {
	read, judge := verdict.Span(seen)
	all, err := s.readWindow(ctx, read, judge, to)
	if err != nil {
		return err
	}
	work := judgeAnew(all, judge)
	for _, k := range all {
		if !k.At.Before(judge) {
			res.Judged++
		}
	}
	for len(work) > 0 {
		n := 1
		for n < len(work) && n < revisedAtATime && work[n].account == work[0].account {
			n++
		}
		if err := s.applyVerdicts(ctx, work[:n]); err != nil {
			return err
		}
		for _, k := range work[:n] {
			if k.is.Is != k.was.Is {
				res.Changed++
			}
		}
		work = work[n:]
	}
	return nil
}

// judgeAnew gives, by account, the clicks of which something else is to be believed now,
// and those that came before the one that counts for their message: they were stored after
// it.
func judgeAnew(all []seenClick, judge time.Time) (work []seenClick) {
	evidence := make([]verdict.Click, len(all))
	for i := range all {
		evidence[i] = all[i].Click
	}
	for i, f := range verdict.Revise(evidence) {
		k := all[i]
		k.is = k.was
		// Whoever's address was cut short has lost what spoke for or against them.
		if !k.shortened {
			k.is = f
		}
		if !k.At.Before(judge) && (k.is != k.was || k.overtaken()) {
			work = append(work, k)
		}
	}
	slices.SortFunc(work, func(a, b seenClick) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.Message, b.Message), cmp.Compare(a.id, b.id))
	})
	return work
}
