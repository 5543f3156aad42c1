package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
	"trackly/rules/optout"
)

// RecordInbound stores a text from a person, read in the situation it came in. A STOP
// ends the subscriptions in the account's scope in the same transaction: the opt-out, its
// proof and the end of every queued message of that contact become true together. A
// webhook delivered twice changes nothing.
func (s *Store) RecordInbound(ctx context.Context, l models.List, in models.Inbound) (models.InboundEffect, error) {
	var e models.InboundEffect
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		e = models.InboundEffect{}
		asked, err := s.hearInbound(ctx, tx, &in, &e)
		if err != nil || !e.New {
			return err
		}
		if asked {
			if err := answered(ctx, tx, in); err != nil {
				return err
			}
		}
		if err := s.heed(ctx, tx, l, in, &e); err != nil {
			return err
		}
		// Bounded: no clock that is wrong may undo an opt-out.
		_, err = tx.Exec(ctx, `UPDATE inbound_messages
			SET took_ms = least(greatest(extract(epoch FROM clock_timestamp() - received_at) * 1000, 0), 2147483647) WHERE id = $1`, in.ID)
		return err
	})
	return e, explain(err, "inbound message")
}

// heed does what the text asks for.
func (s *Store) heed(ctx context.Context, tx pgx.Tx, l models.List, in models.Inbound, e *models.InboundEffect) error {
	switch in.Verdict {
	case optout.Stop:
		return s.optOut(ctx, tx, l, in, e)
	case optout.Start:
		return s.optIn(ctx, tx, in)
	case optout.Help:
		return s.answer(ctx, tx, l, in, models.KindHelp, e)
	case optout.Ambiguous:
		return holdForReview(ctx, tx, in)
	case optout.None:
	}
	return nil
}

// hearInbound reads the text in its situation and keeps it.
func (s *Store) hearInbound(ctx context.Context, tx pgx.Tx, in *models.Inbound, e *models.InboundEffect) (asked bool, err error) {
	if in.ContactID, err = s.contactFor(ctx, tx, in.Phone, "", nil); err != nil {
		return false, err
	}
	var now optout.Situation
	err = tx.QueryRow(ctx, `
		SELECT coalesce(bool_or(status = 'opted_out'), false), coalesce(bool_or(asked_until > now()), false)
		  FROM subscriptions WHERE account_id = $1 AND list_id = $2 AND contact_id = $3`,
		in.AccountID, in.ListID, in.ContactID).Scan(&now.OptedOut, &now.Asked)
	if err != nil {
		return false, err
	}
	read := optout.Read(in.Body, now)
	in.Verdict, in.Tier, in.Matched, in.Version = read.Verdict, read.Tier, read.Match, optout.Version
	if in.Verdict == optout.Ambiguous {
		in.Review = models.ReviewOpen
	}
	rows, err := tx.Query(ctx, `
		INSERT INTO inbound_messages (account_id, list_id, contact_id, provider_id, body, verdict, tier, matched, version, review, received_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (list_id, provider_id) DO NOTHING RETURNING id`,
		in.AccountID, in.ListID, in.ContactID, in.ProviderID, in.Body, in.Verdict, in.Tier, in.Matched, in.Version, in.Review, in.ReceivedAt)
	if err != nil {
		return false, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err == nil && len(ids) == 1 {
		in.ID, e.New, e.Verdict = ids[0], true, in.Verdict
	}
	return now.Asked, err
}

func answered(ctx context.Context, tx pgx.Tx, in models.Inbound) error {
	_, err := tx.Exec(ctx, `UPDATE subscriptions SET asked_until = NULL WHERE account_id = $1 AND list_id = $2 AND contact_id = $3`,
		in.AccountID, in.ListID, in.ContactID)
	return err
}

func (s *Store) optOut(ctx context.Context, tx pgx.Tx, l models.List, in models.Inbound, e *models.InboundEffect) error {
	// A stranger's STOP is kept too: if the phone is imported later it stays silent.
	tag, err := tx.Exec(ctx, `
		INSERT INTO subscriptions (account_id, list_id, contact_id, status, opted_out_at) VALUES ($1, $2, $3, 'opted_out', now())
		ON CONFLICT (list_id, contact_id) DO NOTHING`, in.AccountID, in.ListID, in.ContactID)
	if err != nil {
		return err
	}
	x, err := suppressionFor(ctx, tx, l, in)
	if err != nil {
		return err
	}
	if err := suppress(ctx, tx, x, e); err != nil {
		return err
	}
	e.OptedOut = e.OptedOut || tag.RowsAffected() == 1
	if err := keepConsent(ctx, tx, in, "opt_out"); err != nil || !e.OptedOut || time.Since(in.ReceivedAt) > models.ConfirmationLife {
		return err // one confirmation, however often they say it, and only soon after
	}
	return s.answer(ctx, tx, l, in, models.KindConfirmation, e)
}

// suppressionFor is what a STOP silences: as far as the account's settings say.
func suppressionFor(ctx context.Context, tx pgx.Tx, l models.List, in models.Inbound) (models.Suppression, error) {
	x := models.Suppression{AccountID: in.AccountID, ContactID: in.ContactID, InboundID: in.ID, Source: models.ByKeyword}
	if in.Tier == optout.Phrase {
		x.Source = models.ByPhrase
	}
	if in.Review == models.ReviewOptedOut {
		x.Source = models.ByReview
	}
	err := tx.QueryRow(ctx, `SELECT opt_out_scope FROM accounts WHERE id = $1`, in.AccountID).Scan(&x.Scope)
	return x.Over(l), err
}

// answer queues the automatic answer, when it is ours to give. It overtakes campaigns.
func (s *Store) answer(ctx context.Context, tx pgx.Tx, l models.List, in models.Inbound, kind models.Kind, e *models.InboundEffect) error {
	who := l.AnswersStop
	if kind == models.KindHelp {
		who = l.AnswersHelp
	}
	if who != models.AnsweredByTrackly {
		return nil
	}
	single := models.Single{AccountID: in.AccountID, ListID: in.ListID, Phone: in.Phone, Body: l.Answer(kind), Kind: kind}
	place, err := reserveID(ctx, tx, in.AccountID, in.ListID)
	if err != nil {
		return err
	}
	sub, err := s.subscriber(ctx, tx, single, in.ContactID)
	if err != nil {
		return err
	}
	e.Answer = place.id
	return place.fill(ctx, tx, single, sub)
}

const saidStart = "the phone said START"

func (s *Store) optIn(ctx context.Context, tx pgx.Tx, in models.Inbound) error {
	back, err := s.comeBack(ctx, tx, in)
	if err != nil {
		return err
	}
	lifted, err := lift(ctx, tx, in.AccountID, in.ListID, in.ContactID, saidStart)
	if err != nil || !lifted && !back {
		return err
	}
	return keepConsent(ctx, tx, in, "opt_in")
}

// holdForReview keeps marketing from a contact until a person has read the answer.
func holdForReview(ctx context.Context, tx pgx.Tx, in models.Inbound) error {
	_, err := tx.Exec(ctx, `UPDATE subscriptions SET status = 'suppressed', status_reason = $4
		WHERE account_id = $1 AND list_id = $2 AND contact_id = $3 AND status = 'active'`,
		in.AccountID, in.ListID, in.ContactID, models.StatusReview)
	if err != nil {
		return err
	}
	return addEvent(ctx, tx, models.Event{
		AccountID: in.AccountID, ListID: in.ListID, Kind: models.EventReview, Severity: models.Warning,
		Text: "an answer may mean STOP; that person gets nothing until you decide",
	})
}

func keepConsent(ctx context.Context, tx pgx.Tx, in models.Inbound, kind string) error {
	_, err := tx.Exec(ctx, `INSERT INTO consents (account_id, list_id, contact_id, kind, method, evidence, inbound_id, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		in.AccountID, in.ListID, in.ContactID, kind, consentMethod(in), in.Body, in.ID, in.Version)
	return err
}

func consentMethod(in models.Inbound) string {
	if in.Tier == optout.NoTier || in.Tier == optout.Unclear {
		return "review"
	}
	return string(in.Tier)
}

// OptOutByProvider records that the provider refuses to text these messages' contacts
// because they said STOP to it: its block is per number, so it silences the list.
func (s *Store) OptOutByProvider(ctx context.Context, account models.AccountID, ids []models.MessageID) error {
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT DISTINCT s.contact_id, s.list_id::text FROM messages m JOIN subscriptions s ON s.id = m.subscription_id
			 WHERE m.id = ANY ($2) AND m.account_id = $1 AND s.status <> 'opted_out' ORDER BY 1, 2`, account, ids)
		if err != nil {
			return err
		}
		all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (x models.Suppression, err error) {
			x = models.Suppression{AccountID: account, Scope: models.ScopeList, Source: models.ByProvider}
			err = r.Scan(&x.ContactID, &x.ListID)
			return x, err
		})
		if err != nil {
			return err
		}
		for _, x := range all {
			if err := suppress(ctx, tx, x, &models.InboundEffect{}); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO consents (account_id, list_id, contact_id, kind, method)
				VALUES ($1, $2, $3, 'opt_out', 'provider')`, account, x.ListID, x.ContactID)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return explain(err, "opt-outs")
}

// Review is a person's reading of an unclear answer: it was an opt-out, or the
// subscription goes on. A second reading of the same answer is a conflict.
func (s *Store) Review(ctx context.Context, account models.AccountID, id int64, was models.Review, by string, at time.Time) (models.InboundEffect, error) {
	var e models.InboundEffect
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		e = models.InboundEffect{}
		in, err := openReview(ctx, tx, account, id)
		if err != nil {
			return err
		}
		in.Review = was
		_, err = tx.Exec(ctx, `UPDATE inbound_messages SET review = $3, review_by = $4, reviewed_at = $5 WHERE account_id = $1 AND id = $2`,
			account, id, was, by, at)
		if err != nil {
			return err
		}
		if was == models.ReviewKept {
			return goOn(ctx, tx, in)
		}
		var l models.List
		err = tx.QueryRow(ctx, `SELECT id::text, brand, name, answers_stop, stop_text FROM lists WHERE account_id = $1 AND id = $2`,
			account, in.ListID).Scan(&l.ID, &l.Brand, &l.Name, &l.AnswersStop, &l.StopText)
		if err != nil {
			return err
		}
		l.AccountID = account
		return s.optOut(ctx, tx, l, in, &e)
	})
	return e, explain(err, "inbound message")
}

// goOn makes a subscription active that was held for this answer, unless another one of
// the same contact still waits to be read.
func goOn(ctx context.Context, tx pgx.Tx, in models.Inbound) error {
	// Locked first, so that of two readings at once the second sees the first one's.
	_, err := tx.Exec(ctx, `SELECT FROM subscriptions WHERE list_id = $1 AND contact_id = $2 FOR NO KEY UPDATE`, in.ListID, in.ContactID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE subscriptions SET status = 'active', status_reason = ''
		WHERE account_id = $1 AND list_id = $2 AND contact_id = $3 AND status = 'suppressed' AND status_reason = $4
		  AND NOT EXISTS (SELECT FROM inbound_messages i
		       WHERE i.account_id = $1 AND i.list_id = $2 AND i.contact_id = $3 AND i.review = 'open')`,
		in.AccountID, in.ListID, in.ContactID, models.StatusReview)
	return err
}
