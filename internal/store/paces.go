package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
	"trackly/rules/pace"
)

// Reserve gives texts their places. It locks the list's row, and then the group's, so
// that all processes together keep the pace; the arithmetic is rules/pace. Where nothing
// is limited nothing is locked: a list's batches would only wait for each other's commits.
func (s *Store) Reserve(ctx context.Context, r pace.Order) (pace.Places, error) {
	reserve := s.reserve
	if r.Limit.Free() && r.Group == "" {
		reserve = s.glance
	}
	g, now, err := reserve(ctx, r)
	return pace.Places{Start: g.Start.Sub(now), Offsets: g.Offsets, Again: g.Again.Sub(now)}, err
}

// reserve gives the places by the database's clock, and what time it was.
func (s *Store) reserve(ctx context.Context, r pace.Order) (g pace.Grant, now time.Time, err error) {
	err = s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		list := &pace.Lane{Limit: r.Limit}
		var day string
		var tomorrow time.Time
		if now, day, tomorrow, err = lockLane(ctx, tx, r, laneOfList(models.ListID(r.List)), list); err != nil {
			return err
		}
		lanes := []*pace.Lane{list}
		if r.Group != "" {
			group := &pace.Lane{}
			if group.Limit, err = groupLimit(ctx, tx, r); err != nil {
				return err
			}
			// Its lock may have been waited for: the time before that is past.
			if now, day, tomorrow, err = lockLane(ctx, tx, r, laneOfGroup(r.Group), group); err != nil {
				return err
			}
			lanes = append(lanes, group)
		}
		g = pace.Reserve(pace.Request{Now: now, Day: day, Tomorrow: tomorrow, Hurried: r.Hurried, Segments: r.Segments}, lanes...)
		if len(g.Offsets) == 0 {
			return nil
		}
		if err := saveLane(ctx, tx, models.AccountID(r.Account), laneOfList(models.ListID(r.List)), list); err != nil || r.Group == "" {
			return err
		}
		return saveLane(ctx, tx, models.AccountID(r.Account), laneOfGroup(r.Group), lanes[1])
	})
	return g, now, explain(err, "pace")
}

// glance is reserve for a list without limits: only a provider's wish for patience holds
// it.
func (s *Store) glance(ctx context.Context, r pace.Order) (g pace.Grant, now time.Time, err error) {
	var l pace.Lane
	err = s.pool.QueryRow(ctx, `SELECT clock_timestamp(), coalesce(max(greatest(slow_until, 'epoch')), 'epoch')
		FROM paces WHERE account_id = $1 AND owner = $2`, r.Account, laneOfList(models.ListID(r.List))).Scan(&now, &l.SlowUntil)
	return pace.Reserve(pace.Request{Now: now, Hurried: r.Hurried, Segments: r.Segments}, &l), now, explain(err, "pace")
}

// SlowDown keeps a list away from its provider, which asked for it, in every process.
func (s *Store) SlowDown(ctx context.Context, account models.AccountID, list models.ListID, wait time.Duration) error {
	err := s.run(ctx, `INSERT INTO paces (account_id, owner, slow_until) VALUES ($1, $2, clock_timestamp() + $3::interval)
		ON CONFLICT (account_id, owner) DO UPDATE SET slow_until = greatest(paces.slow_until, excluded.slow_until)`,
		account, laneOfList(list), wait)
	return explain(err, "pace")
}

func laneOfList(id models.ListID) string { return "list/" + string(id) }

func laneOfGroup(name string) string { return "group/" + name }

// lockLane reads and locks a lane, and says what time and day it is, and when tomorrow
// begins, where the account is.
func lockLane(ctx context.Context, tx pgx.Tx, r pace.Order, owner string, l *pace.Lane) (now time.Time, day string, tomorrow time.Time, err error) {
	// The no-op update makes a row that exists come back too, locked.
	err = tx.QueryRow(ctx, `
		INSERT INTO paces AS p (account_id, owner) VALUES ($1, $2)
		ON CONFLICT (account_id, owner) DO UPDATE SET owner = excluded.owner
		RETURNING greatest(p.tail, 'epoch'), greatest(p.slow_until, 'epoch'), greatest(p.day, 'epoch')::text, p.used,
		          clock_timestamp(), (clock_timestamp() AT TIME ZONE $3)::date::text,
		          ((clock_timestamp() AT TIME ZONE $3)::date + 1)::timestamp AT TIME ZONE $3`,
		r.Account, owner, r.Zone).Scan(&l.Tail, &l.SlowUntil, &l.Day, &l.Used, &now, &day, &tomorrow)
	return now, day, tomorrow, err
}

func saveLane(ctx context.Context, tx pgx.Tx, account models.AccountID, owner string, l *pace.Lane) error {
	_, err := tx.Exec(ctx, `UPDATE paces SET tail = $3, day = $4::text::date, used = $5 WHERE account_id = $1 AND owner = $2`,
		account, owner, l.Tail, l.Day, l.Used)
	return err
}

func groupLimit(ctx context.Context, tx pgx.Tx, r pace.Order) (l pace.Limit, err error) {
	rows, err := tx.Query(ctx, `SELECT messages_per_second, segments_per_second, messages_per_day
		FROM pace_groups WHERE account_id = $1 AND name = $2`, r.Account, r.Group)
	if err != nil {
		return l, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[pace.Limit])
	if err != nil || len(all) == 0 {
		return l, err // a group without limits limits nothing
	}
	return all[0], nil
}

// SetPaceGroup sets the pace of all routes that name the group.
func (s *Store) SetPaceGroup(ctx context.Context, account models.AccountID, name string, l pace.Limit) error {
	err := s.run(ctx, `INSERT INTO pace_groups (account_id, name, messages_per_second, segments_per_second, messages_per_day)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id, name) DO UPDATE
		SET messages_per_second = excluded.messages_per_second, segments_per_second = excluded.segments_per_second,
		    messages_per_day = excluded.messages_per_day`,
		account, name, l.MessagesPerSecond, l.SegmentsPerSecond, l.MessagesPerDay)
	return explain(err, "pace group")
}

// PaceGroups reads the account's pace groups by name.
func (s *Store) PaceGroups(ctx context.Context, account models.AccountID) (map[string]pace.Limit, error) {
	rows, err := s.pool.Query(ctx, `SELECT name, messages_per_second, segments_per_second, messages_per_day
		FROM pace_groups WHERE account_id = $1`, account)
	if err != nil {
		return nil, explain(err, "pace groups")
	}
	groups := map[string]pace.Limit{}
	var name string
	var l pace.Limit
	_, err = pgx.ForEachRow(rows, []any{&name, &l.MessagesPerSecond, &l.SegmentsPerSecond, &l.MessagesPerDay}, func() error {
		groups[name] = l
		return nil
	})
	return groups, explain(err, "pace groups")
}
