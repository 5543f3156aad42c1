package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// AddAudience stores an audience. Of a static one it stores the members too, in the same
// transaction: whoever is active and matches at that moment.
func (s *Store) AddAudience(ctx context.Context, o models.Once, a models.Audience) (models.Audience, error) {
	id := a.ID
	q, err := s.membersOf(ctx, models.Members{AccountID: a.AccountID, Filter: a.Filter})
	if err != nil {
		return models.Audience{}, explain(err, "audience")
	}
	err = s.briefly(ctx, pgx.ReadWrite, func(tx pgx.Tx) error {
		var err error
		if id, err = rememberOnce(ctx, tx, a.AccountID, o, a.ID); err != nil || id != a.ID {
			return err
		}
		if err := holdNamed(ctx, tx, a.AccountID, a.Filter); err != nil {
			return err
		}
		if a.Kind == models.AudienceStatic {
			return freezeAudience(ctx, tx, a, q)
		}
		_, err = tx.Exec(ctx, `INSERT INTO audiences (id, account_id, name, kind, filter) VALUES ($1, $2, $3, $4, $5)`,
			a.ID, a.AccountID, a.Name, a.Kind, a.Filter)
		return err
	})
	if err != nil {
		return models.Audience{}, explain(err, "audience")
	}
	return s.Audience(ctx, a.AccountID, id)
}

// freezeAudience stores a static audience: one statement reads its members, so they are of
// one moment, and are as many as it says.
func freezeAudience(ctx context.Context, tx pgx.Tx, a models.Audience, q members) error {
	// The row comes first: its members refer to it.
	_, err := tx.Exec(ctx, `INSERT INTO audiences (id, account_id, name, kind, filter, size, frozen_at)
		VALUES ($1, $2, $3, $4, $5, 0, statement_timestamp())`, a.ID, a.AccountID, a.Name, a.Kind, a.Filter)
	if err != nil {
		return err
	}
	q.args = append(q.args, a.ID)
	tag, err := tx.Exec(ctx, `INSERT INTO audience_members (audience_id, subscription_id) SELECT `+q.last()+`::uuid, s.id `+q.from+` ORDER BY s.id`, q.args...)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE audiences SET size = $2 WHERE id = $1`, a.ID, tag.RowsAffected())
	return err
}

// Audience reads one audience that was not deleted.
func (s *Store) Audience(ctx context.Context, account models.AccountID, id models.AudienceID) (models.Audience, error) {
	var a models.Audience
	if !models.IsID(id) {
		return a, fault.New(fault.NotFound, "no such audience")
	}
	err := s.db.WithContext(ctx).Take(&a, "account_id = ? AND id = ? AND deleted_at IS NULL", account, id).Error
	return a, explain(err, "audience")
}

// Audiences reads a page of audiences after the cursor, oldest first.
func (s *Store) Audiences(ctx context.Context, account models.AccountID, after models.AudienceID, limit int) ([]models.Audience, error) {
	var rows []models.Audience
	err := s.page(ctx, account, string(after), limit).Where("deleted_at IS NULL").Find(&rows).Error
	return rows, explain(err, "audiences")
}

// ChangeAudience gives an audience the name and the filter of a. The filter of a static
// one says how it was made, and stays.
func (s *Store) ChangeAudience(ctx context.Context, a models.Audience) (models.Audience, error) {
	err := s.onAudience(ctx, a.AccountID, a.ID, func(tx pgx.Tx, kind models.AudienceKind) error {
		if kind == models.AudienceDynamic { // what a static one was made from may be gone
			if err := holdNamed(ctx, tx, a.AccountID, a.Filter); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `UPDATE audiences SET name = $2, filter = CASE WHEN kind = 'static' THEN filter ELSE $3 END, updated_at = now()
			WHERE id = $1`, a.ID, a.Name, a.Filter)
		return err
	})
	if err != nil {
		return models.Audience{}, explain(err, "audience")
	}
	return s.Audience(ctx, a.AccountID, a.ID)
}

// DeleteAudience takes an audience away, and the members of a static one. It is a
// conflict while an unfinished campaign or another audience needs it: whom it keeps out
// of them would be texted.
func (s *Store) DeleteAudience(ctx context.Context, account models.AccountID, id models.AudienceID) error {
	return explain(s.onAudience(ctx, account, id, func(tx pgx.Tx, _ models.AudienceKind) error {
		var user string
		err := tx.QueryRow(ctx, `
			SELECT coalesce((SELECT 'the campaign "' || c.name || '"' FROM campaigns c
			        WHERE c.account_id = $1 AND c.state NOT IN ('sent', 'cancelled')
			          AND (c.filter::text LIKE $3 OR EXISTS (
			               SELECT FROM campaign_audiences x WHERE x.campaign_id = c.id AND x.audience_id = $2)) LIMIT 1),
			       (SELECT 'the audience "' || a.name || '"' FROM audiences a
			         WHERE a.account_id = $1 AND a.id <> $2 AND a.deleted_at IS NULL AND a.kind = 'dynamic' AND a.filter::text LIKE $3 LIMIT 1),
			       '')`, account, id, "%"+string(id)+"%").Scan(&user)
		if err != nil {
			return err
		}
		if user != "" {
			return fault.New(fault.Conflict, "the audience is used by %s", user)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM audience_members WHERE audience_id = $1`, id); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE audiences SET deleted_at = now(), updated_at = now() WHERE id = $1`, id)
		return err
	}), "audience")
}

// onAudience holds an audience against whoever would begin to use it while do changes it.
func (s *Store) onAudience(ctx context.Context, account models.AccountID, id models.AudienceID, do func(tx pgx.Tx, kind models.AudienceKind) error) error {
	if !models.IsID(id) {
		return fault.New(fault.NotFound, "no such audience")
	}
	return s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		var kind models.AudienceKind
		err := tx.QueryRow(ctx, `SELECT kind FROM audiences WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE`,
			account, id).Scan(&kind)
		if err != nil {
			return err
		}
		return do(tx, kind)
	})
}
