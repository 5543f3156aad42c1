package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"trackly/internal/fault"
	"trackly/models"
)

// SetRoute adds a route to a list or replaces the one of its rank. What was checked of
// the old one says nothing of the new one. A replaced route keeps its id: texts it carried
// are still reported to its webhooks.
func (s *Store) SetRoute(ctx context.Context, r models.Route, c models.Credentials) (models.Route, error) {
	if _, err := s.List(ctx, r.AccountID, r.ListID); err != nil {
		return r, err
	}
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var old models.Route
		err := tx.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).
			Take(&old, "list_id = ? AND rank = ?", r.ListID, r.Rank).Error
		r.State, r.ChangedAt = models.RouteUp, time.Now()
		r.CreatedAt = r.ChangedAt
		if err == nil {
			if r.ID = old.ID; r.SameAccount(old) {
				r.CreatedAt = old.CreatedAt
			}
		} else if explained := explain(err, "route"); fault.KindOf(explained) != fault.NotFound {
			return explained
		}
		if r.Credentials, err = s.sealer.seal(r, c); err != nil {
			return err
		}
		if err := tx.Save(&r).Error; err != nil {
			return err
		}
		if r.Rank != 1 {
			return nil
		}
		return tx.Model(&models.List{}).Where("id = ?", r.ListID).Update("phone", r.Phone).Error
	})
	return r, explain(err, "route")
}

// WebhookRoute reads the route a provider's webhook is addressed to, its list, and its
// credentials. It takes no account: the secret in the address and the provider's signature
// are what prove the caller.
func (s *Store) WebhookRoute(ctx context.Context, id models.RouteID) (models.List, models.Route, models.Credentials, error) {
	var r models.Route
	if !models.IsID(id) {
		return models.List{}, r, models.Credentials{}, fault.New(fault.NotFound, "no such route")
	}
	if err := s.db.WithContext(ctx).Take(&r, "id = ?", id).Error; err != nil {
		return models.List{}, r, models.Credentials{}, explain(err, "route")
	}
	l, err := s.List(ctx, r.AccountID, r.ListID)
	if err != nil {
		return l, r, models.Credentials{}, err
	}
	c, err := s.sealer.open(r)
	return l, r, c, err
}

// RoutesAt reads the routes whose provider is reached at this URL. It crosses accounts:
// only the one-machine mode asks, for its own sandbox provider.
func (s *Store) RoutesAt(ctx context.Context, baseURL string) ([]models.Route, error) {
	var rows []models.Route
	err := s.db.WithContext(ctx).Order("id").Find(&rows, "base_url = ?", baseURL).Error
	return rows, explain(err, "routes")
}

// MoveRoute changes what is known of a route's health, once: of several processes that
// find the same out, one is told true and raises the event. A route that is down is
// probed again after probeIn.
func (s *Store) MoveRoute(ctx context.Context, r models.Route, next models.RouteState, reason string, probeIn time.Duration) (bool, error) {
	tag, err := s.pool.Exec(ctx, `
		UPDATE routes SET state = $4, reason = $5, changed_at = now(),
		       probe_at = CASE WHEN $4 = 'down' THEN now() + $6::interval END
		 WHERE account_id = $1 AND id = $2 AND state = $3 AND (state <> $4 OR reason <> $5)`,
		r.AccountID, r.ID, r.State, next, reason, probeIn)
	return tag.RowsAffected() == 1, explain(err, "route")
}

// TakeProbe lets one process at a time try a route that is down. It is false for whoever
// came second.
func (s *Store) TakeProbe(ctx context.Context, r models.Route, again time.Duration) (bool, error) {
	tag, err := s.pool.Exec(ctx, `UPDATE routes SET probe_at = now() + $3::interval
		WHERE account_id = $1 AND id = $2 AND state = 'down' AND probe_at <= now()`, r.AccountID, r.ID, again)
	return tag.RowsAffected() == 1, explain(err, "route")
}

// PassStep notes that steps of the check were passed.
func (s *Store) PassStep(ctx context.Context, account models.AccountID, id models.RouteID, steps ...models.CheckStep) error {
	columns := map[models.CheckStep]string{
		models.StepCredentials: "credentials_at", models.StepText: "text_at", models.StepWebhook: "webhook_at",
	}
	set := map[string]any{"check_problem": ""}
	for _, step := range steps {
		set[columns[step]] = gorm.Expr("coalesce(" + columns[step] + ", now())")
	}
	err := s.db.WithContext(ctx).Model(&models.Route{}).Where("account_id = ? AND id = ?", account, id).Updates(set).Error
	return explain(err, "route")
}

// FailCheck notes what the check found; what was passed before does not count any more.
// The test text does not go out later.
func (s *Store) FailCheck(ctx context.Context, account models.AccountID, id models.RouteID, test models.MessageID, problem string) error {
	err := s.db.WithContext(ctx).Model(&models.Route{}).Where("account_id = ? AND id = ?", account, id).
		Updates(map[string]any{"credentials_at": nil, "text_at": nil, "webhook_at": nil, "check_problem": problem}).Error
	if err != nil {
		return explain(err, "route")
	}
	return explain(s.run(ctx, `UPDATE messages SET state = 'skipped', reason = $3, finished_at = now()
		WHERE account_id = $1 AND id = $2 AND state = 'queued'`, account, test, models.ReasonCheckFailed), "message")
}

// ResealRoutes seals every route's credentials that are sealed with an older key anew, and
// says how many. It crosses accounts: a key belongs to the installation. A second run
// finds nothing to do.
func (s *Store) ResealRoutes(ctx context.Context) (int, error) {
	var rows []models.Route
	if err := s.db.WithContext(ctx).Order("id").Find(&rows).Error; err != nil {
		return 0, explain(err, "routes")
	}
	n := 0
	for _, r := range rows {
		if s.sealer.current(r.Credentials) {
			continue
		}
		c, err := s.sealer.open(r)
		if err != nil {
			return n, err
		}
		sealed, err := s.sealer.seal(r, c)
		if err != nil {
			return n, err
		}
		// Not over credentials that somebody set meanwhile.
		tag, err := s.pool.Exec(ctx, `UPDATE routes SET credentials = $3 WHERE id = $1 AND credentials = $2`, r.ID, r.Credentials, sealed)
		if err != nil {
			return n, explain(err, "route")
		}
		n += int(tag.RowsAffected())
	}
	return n, nil
}
