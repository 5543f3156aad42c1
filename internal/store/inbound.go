package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
	"trackly/rules/optout"
)

// RecordInbound stores a text from a person. A STOP ends the subscription in the same
// transaction: the opt-out, its proof and the end of every queued message of that
// contact on this list become true together. A webhook delivered twice changes nothing.
func (s *Store) RecordInbound(ctx context.Context, in models.Inbound) (models.InboundEffect, error) {
	var e models.InboundEffect
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		e = models.InboundEffect{}
		if err := keepInbound(ctx, tx, &in, &e); err != nil || !e.New {
			return err
		}
		switch in.Verdict {
		case optout.Stop:
			return optOut(ctx, tx, in, &e)
		case optout.Start:
			return optIn(ctx, tx, in)
		case optout.None, optout.Help, optout.Ambiguous:
		}
		return nil
	})
	return e, explain(err, "inbound message")
}

func keepInbound(ctx context.Context, tx pgx.Tx, in *models.Inbound, e *models.InboundEffect) error {
	// The no-op update makes a row that exists come back too.
	err := tx.QueryRow(ctx, `INSERT INTO contacts (phone) VALUES ($1)
		ON CONFLICT (phone) DO UPDATE SET phone = excluded.phone RETURNING id`, in.Phone).Scan(&in.ContactID)
	if err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `
		INSERT INTO inbound_messages (account_id, list_id, contact_id, provider_id, body, verdict, received_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (list_id, provider_id) DO NOTHING RETURNING id`,
		in.AccountID, in.ListID, in.ContactID, in.ProviderID, in.Body, in.Verdict, in.ReceivedAt)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err == nil && len(ids) == 1 {
		in.ID, e.New = ids[0], true
	}
	return err
}

func optOut(ctx context.Context, tx pgx.Tx, in models.Inbound, e *models.InboundEffect) error {
	// A stranger's STOP is kept too: if the phone is imported later it stays silent.
	tag, err := tx.Exec(ctx, `
		INSERT INTO subscriptions AS s (account_id, list_id, contact_id, status, opted_out_at)
		VALUES ($1, $2, $3, 'opted_out', now())
		ON CONFLICT (list_id, contact_id) DO UPDATE SET status = 'opted_out', opted_out_at = now()
		 WHERE s.status <> 'opted_out'`, in.AccountID, in.ListID, in.ContactID)
	if err != nil {
		return err
	}
	e.OptedOut = tag.RowsAffected() == 1
	if err := keepConsent(ctx, tx, in, "opt_out"); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT c.id::text FROM messages m
		  JOIN subscriptions s ON s.id = m.subscription_id
		  JOIN campaigns c ON c.id = m.campaign_id AND c.state IN ('sending', 'paused')
		 WHERE s.list_id = $1 AND s.contact_id = $2 AND m.state IN ('queued', 'claimed')`, in.ListID, in.ContactID)
	if err != nil {
		return err
	}
	if e.Campaigns, err = pgx.CollectRows(rows, pgx.RowTo[models.CampaignID]); err != nil {
		return err
	}
	tag, err = tx.Exec(ctx, `
		UPDATE messages m SET state = 'skipped', reason = $3, finished_at = now()
		  FROM subscriptions s
		 WHERE s.list_id = $1 AND s.contact_id = $2 AND m.subscription_id = s.id AND m.state = 'queued'`,
		in.ListID, in.ContactID, models.ReasonOptedOut)
	e.Skipped = tag.RowsAffected()
	return err
}

func optIn(ctx context.Context, tx pgx.Tx, in models.Inbound) error {
	tag, err := tx.Exec(ctx, `UPDATE subscriptions SET status = 'active', opted_out_at = NULL
		WHERE account_id = $1 AND list_id = $2 AND contact_id = $3 AND status = 'opted_out'`,
		in.AccountID, in.ListID, in.ContactID)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	return keepConsent(ctx, tx, in, "opt_in")
}

func keepConsent(ctx context.Context, tx pgx.Tx, in models.Inbound, kind string) error {
	_, err := tx.Exec(ctx, `INSERT INTO consents (account_id, list_id, contact_id, kind, method, evidence, inbound_id)
		VALUES ($1, $2, $3, $4, 'keyword', $5, $6)`, in.AccountID, in.ListID, in.ContactID, kind, in.Body, in.ID)
	return err
}

// OptOutByProvider records that the provider refuses to text these messages' contacts
// because they said STOP to it.
func (s *Store) OptOutByProvider(ctx context.Context, account models.AccountID, ids []models.MessageID) error {
	return s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			WITH ended AS (
				UPDATE subscriptions s SET status = 'opted_out', opted_out_at = now()
				  FROM messages m
				 WHERE m.id = ANY ($2) AND m.account_id = $1 AND s.id = m.subscription_id AND s.status <> 'opted_out'
				RETURNING s.account_id, s.list_id, s.contact_id)
			INSERT INTO consents (account_id, list_id, contact_id, kind, method)
			SELECT account_id, list_id, contact_id, 'opt_out', 'provider' FROM ended`, account, ids)
		return explain(err, "opt-outs")
	})
}
