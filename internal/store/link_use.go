package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// countLinks counts the claimed texts that lead to the claim's link domain, and retires it
// when its burn limit is reached. It comes last in the claim: a list's batches wait for each
// other here, and hold nothing longer than the commit takes.
func countLinks(ctx context.Context, tx pgx.Tx, c models.Claim, got []models.MessageID) error {
	n := linked(c.Texts, got)
	if c.Domain == "" || n == 0 {
		return nil
	}
	d := models.LinkDomain{ID: c.Domain, AccountID: c.Batch.AccountID}
	var retired bool
	err := tx.QueryRow(ctx, `
		WITH old AS (SELECT state FROM link_domains WHERE account_id = $1 AND id = $2 FOR UPDATE)
		UPDATE link_domains d SET messages = d.messages + $3,
		       state = CASE WHEN d.burn_limit > 0 AND d.messages + $3 >= d.burn_limit THEN 'retired' ELSE d.state END
		  FROM old WHERE d.id = $2
		RETURNING d.list_id::text, d.url, d.state = 'retired' AND old.state = 'up'`,
		d.AccountID, d.ID, n).Scan(&d.ListID, &d.URL, &retired)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // deleted since the texts were written
	}
	if err != nil || !retired {
		return err
	}
	return leftUse(ctx, tx, d, models.EventDomainRetired, models.Warning, "has reached its burn limit; new texts lead to the list's next domain")
}

func linked(texts []models.Text, got []models.MessageID) (n int64) {
	claimed := make(map[models.MessageID]bool, len(got))
	for _, id := range got {
		claimed[id] = true
	}
	for _, t := range texts {
		if t.Linked && claimed[t.MessageID] {
			n++
		}
	}
	return n
}

// leftUse tells of a domain that has just ceased to be up, and of the list having no other.
func leftUse(ctx context.Context, tx pgx.Tx, d models.LinkDomain, kind models.EventKind, s models.Severity, what string) error {
	err := addEvent(ctx, tx, models.Event{AccountID: d.AccountID, ListID: d.ListID, Kind: kind, Severity: s, Text: "link domain " + d.URL + " " + what})
	if err != nil {
		return err
	}
	return fallenBack(ctx, tx, d)
}

// fallenBack tells that no domain of the list is left, once: of two that leave at the same
// time the second one sees, behind the lock, what the first one did.
func fallenBack(ctx context.Context, tx pgx.Tx, d models.LinkDomain) error {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, domainsLock(d.ListID)); err != nil {
		return err
	}
	var left bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM link_domains WHERE account_id = $1 AND list_id = $2 AND state = 'up')`,
		d.AccountID, d.ListID).Scan(&left)
	if err != nil || left {
		return err
	}
	return addEvent(ctx, tx, models.Event{
		AccountID: d.AccountID, ListID: d.ListID, Kind: models.EventLinkFallback, Severity: models.Alert,
		Text: "no link domain of the list can be used any more: new texts lead to the list's other address, or else to this server's own",
	})
}

// DomainsToCheck reads a page of all link domains. It crosses accounts: the installation
// checks them all. Retired ones are among them: texts already sent lead there.
func (s *Store) DomainsToCheck(ctx context.Context, after models.DomainID, limit int) ([]models.LinkDomain, error) {
	var rows []models.LinkDomain
	q := s.db.WithContext(ctx).Order("id").Limit(limit)
	if after != "" {
		q = q.Where("id > ?", after)
	}
	err := q.Find(&rows).Error
	return rows, explain(err, "link domains")
}

// CheckedDomain keeps what a check has found; no problem means that the domain reaches us.
// It returns the domain as it is now. One that went down or came back is told of once,
// whoever found out. A retired one stays so.
func (s *Store) CheckedDomain(ctx context.Context, d models.LinkDomain, problem string) (models.LinkDomain, error) {
	next := models.DomainUp
	if problem != "" {
		next = models.DomainDown
	}
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		var was, is models.DomainState
		err := tx.QueryRow(ctx, `
			WITH old AS (SELECT state FROM link_domains WHERE account_id = $1 AND id = $2 FOR UPDATE)
			UPDATE link_domains d SET state = CASE WHEN d.state = 'retired' THEN d.state ELSE $3 END, problem = $4, checked_at = now()
			  FROM old WHERE d.id = $2
			RETURNING old.state, d.state`, d.AccountID, d.ID, next, problem).Scan(&was, &is)
		switch {
		case err != nil:
			return err
		case was == models.DomainUp && is == models.DomainDown:
			return leftUse(ctx, tx, d, models.EventDomainDown, models.Alert, "is down: "+problem)
		case was == models.DomainDown && is == models.DomainUp:
			return addEvent(ctx, tx, models.Event{
				AccountID: d.AccountID, ListID: d.ListID, Kind: models.EventDomainUp, Severity: models.Info, Text: "link domain " + d.URL + " is back",
			})
		}
		return nil
	})
	if err != nil {
		return d, explain(err, "link domain")
	}
	return s.LinkDomain(ctx, d.AccountID, d.ListID, d.ID)
}
