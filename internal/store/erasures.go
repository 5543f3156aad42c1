package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// errNothingNew undoes what an erasure began for somebody who is erased already.
var errNothingNew = errors.New("erased already")

// Erase makes an account forget a person, in one transaction. What proves permission and
// its end stays, on a contact without a phone; the phone stays as a keyed hash, so that no
// file brings the person back. A phone that nobody knows is kept out in the same way. A
// second erasure finds nothing and changes nothing. Other accounts' data is not touched.
func (s *Store) Erase(ctx context.Context, e models.Erasure) (models.Erased, error) {
	if err := e.Check(); err != nil {
		return models.Erased{}, err
	}
	if !models.IsID(e.AccountID) {
		return models.Erased{}, fault.New(fault.NotFound, "no such account")
	}
	var done models.Erased
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		done = models.Erased{}
		// Before any row: a conversion that is being booked would begin totals anew.
		if err := lockBooks(ctx, tx, e.AccountID); err != nil {
			return err
		}
		// Holding the contact's row keeps out imports and texts with the same phone.
		contact, err := s.contactFor(ctx, tx, e.Phone, "", nil)
		if err != nil {
			return err
		}
		if err := s.somethingToErase(ctx, tx, e, contact); err != nil {
			return err
		}
		if err := silence(ctx, tx, e, contact, &done); err != nil {
			return err
		}
		if err := blank(ctx, tx, e, contact, &done); err != nil {
			return err
		}
		left, err := leavePhone(ctx, tx, e.AccountID, contact)
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, `INSERT INTO erasures (account_id, phone_hash, contact_id, asked_by, reason)
			VALUES ($1, $2, $3, $4, $5) RETURNING at`,
			e.AccountID, s.phoneHash(e.Phone), left, e.By, e.Reason).Scan(&done.At)
	})
	if errors.Is(err, errNothingNew) {
		done.At, err = s.erasedAt(ctx, e)
	}
	return done, explain(err, "person")
}

func (s *Store) erasedAt(ctx context.Context, e models.Erasure) (at time.Time, err error) {
	err = s.pool.QueryRow(ctx, `SELECT max(at) FROM erasures WHERE account_id = $1 AND phone_hash = $2`,
		e.AccountID, s.phoneHash(e.Phone)).Scan(&at)
	return at, err
}

// somethingToErase is errNothingNew when the person is erased and has not written since.
func (s *Store) somethingToErase(ctx context.Context, tx pgx.Tx, e models.Erasure, contact models.ContactID) error {
	var account, erased, held bool
	err := tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM accounts WHERE id = $1),
		       EXISTS (SELECT FROM erasures WHERE account_id = $1 AND phone_hash = $3 AND lifted_at IS NULL),
		       EXISTS (SELECT FROM subscriptions WHERE account_id = $1 AND contact_id = $2)
		    OR EXISTS (SELECT FROM inbound_messages WHERE account_id = $1 AND contact_id = $2)
		    OR EXISTS (SELECT FROM consents WHERE account_id = $1 AND contact_id = $2)
		    OR EXISTS (SELECT FROM suppressions WHERE account_id = $1 AND contact_id = $2)`,
		e.AccountID, contact, s.phoneHash(e.Phone)).Scan(&account, &erased, &held)
	switch {
	case err != nil:
		return err
	case !account:
		return fault.New(fault.NotFound, "no such account")
	case erased && !held:
		return errNothingNew
	}
	return nil
}

// silence ends every subscription of the person and skips all that is queued, the answers
// to STOP and HELP too.
func silence(ctx context.Context, tx pgx.Tx, e models.Erasure, contact models.ContactID, done *models.Erased) error {
	var effect models.InboundEffect
	err := suppress(ctx, tx, models.Suppression{
		AccountID: e.AccountID, ContactID: contact, Scope: models.ScopeAccount, Source: models.ByErasure, Note: "erased on request",
	}, &effect)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `UPDATE messages m SET state = 'skipped', reason = $3, finished_at = now()
		WHERE `+toPerson+` AND m.state = 'queued'`, e.AccountID, contact, models.ReasonOptedOut)
	done.Skipped, done.Campaigns = effect.Skipped+tag.RowsAffected(), effect.Campaigns
	return err
}

// toPerson is the condition that a message m goes to the contact $2 of the account $1.
const toPerson = `m.subscription_id IN (SELECT s.id FROM subscriptions s WHERE s.account_id = $1 AND s.contact_id = $2)`

// blank takes away what describes the person and what was said, but for evidence.
func blank(ctx context.Context, tx pgx.Tx, e models.Erasure, contact models.ContactID, done *models.Erased) error {
	var totals int64 // in no report: they are made from the messages and the clicks
	for _, step := range []struct {
		counts *int64
		sql    string
	}{
		{&done.Messages, `UPDATE messages m SET body = '', provider_text = '', redacted_at = now()
			WHERE ` + toPerson + ` AND m.account_id = $1 AND m.redacted_at IS NULL`},
		{&done.Clicks, `UPDATE clicks k SET address = '', user_agent = '', headers = '{}' FROM messages m
			WHERE k.message_id = m.id AND k.account_id = $1 AND ` + toPerson + ` AND (k.address <> '' OR k.user_agent <> '' OR k.headers <> '{}')`},
		// After the messages: what was being sent has been added by now, and nothing is any more.
		{&totals, `DELETE FROM totals WHERE subscription_id IN (SELECT t.subscription_id FROM totals t
			WHERE t.subscription_id IN (SELECT s.id FROM subscriptions s WHERE s.account_id = $1 AND s.contact_id = $2)
			ORDER BY t.subscription_id FOR UPDATE)`},
		{&done.Inbound, `UPDATE inbound_messages i SET body = '', redacted_at = now()
			WHERE i.account_id = $1 AND i.contact_id = $2 AND i.redacted_at IS NULL AND ` + noEvidence},
		{&done.Subscriptions, `UPDATE subscriptions SET first_name = '', last_name = '', state = '', zone = '', postal = '', fields = '{}',
			at_state = '', at_zones = '{}', asked_until = NULL WHERE account_id = $1 AND contact_id = $2`},
	} {
		tag, err := tx.Exec(ctx, step.sql, e.AccountID, contact)
		if err != nil {
			return err
		}
		*step.counts = tag.RowsAffected()
	}
	return blankRefusals(ctx, tx, e, done)
}

// blankRefusals empties refused rows of imports that hold the phone, however the file
// wrote it.
func blankRefusals(ctx context.Context, tx pgx.Tx, e models.Erasure, done *models.Erased) error {
	tag, err := tx.Exec(ctx, `UPDATE import_refusals r SET value = '', message = '' FROM imports i
		WHERE i.id = r.import_id AND i.account_id = $1
		  AND (regexp_replace(r.value, '[^0-9]', '', 'g') LIKE '%' || $2 || '%'
		       OR regexp_replace(r.message, '[^0-9]', '', 'g') LIKE '%' || $2 || '%')`, e.AccountID, e.Tail())
	done.Refusals = tag.RowsAffected()
	return err
}

// leavePhone parts the account's rows from the phone, and gives the contact they hang on
// from then. A contact that nobody else uses loses its phone; otherwise the rows move to
// a new contact without one.
func leavePhone(ctx context.Context, tx pgx.Tx, account models.AccountID, contact models.ContactID) (models.ContactID, error) {
	var shared bool
	// By account, because that is how the indexes begin.
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM accounts a WHERE a.id <> $1 AND (
		       EXISTS (SELECT FROM subscriptions x WHERE x.account_id = a.id AND x.contact_id = $2)
		    OR EXISTS (SELECT FROM inbound_messages x WHERE x.account_id = a.id AND x.contact_id = $2)
		    OR EXISTS (SELECT FROM consents x WHERE x.account_id = a.id AND x.contact_id = $2)
		    OR EXISTS (SELECT FROM suppressions x WHERE x.account_id = a.id AND x.contact_id = $2)))`, account, contact).Scan(&shared)
	if err != nil {
		return 0, err
	}
	if !shared {
		_, err := tx.Exec(ctx, `UPDATE contacts SET phone = NULL, region = '', zones = '{}', carrier = '', line_type = '', looked_up_at = NULL WHERE id = $1`, contact)
		return contact, err
	}
	var left models.ContactID
	if err := tx.QueryRow(ctx, `INSERT INTO contacts (phone) VALUES (NULL) RETURNING id`).Scan(&left); err != nil {
		return 0, err
	}
	// Their messages name the clicks: no index begins with an account or with a contact of any verdict.
	if _, err := tx.Exec(ctx, `UPDATE clicks k SET contact_id = $3 FROM messages m
		WHERE k.message_id = m.id AND k.account_id = $1 AND k.contact_id = $2 AND `+toPerson, account, contact, left); err != nil {
		return 0, err
	}
	for _, table := range []string{"subscriptions", "inbound_messages", "consents", "suppressions", "texted", "conversions"} {
		_, err := tx.Exec(ctx, `UPDATE `+table+` SET contact_id = $3 WHERE account_id = $1 AND contact_id = $2`, account, contact, left)
		if err != nil {
			return 0, err
		}
	}
	return left, nil
}

// comeBack lifts the erasures of a person who said START: that is new permission, given
// by the phone itself. What the person had said to other lists before holds on. It
// reports whether there was an erasure.
func (s *Store) comeBack(ctx context.Context, tx pgx.Tx, in models.Inbound) (bool, error) {
	rows, err := tx.Query(ctx, `UPDATE erasures SET lifted_at = now()
		WHERE account_id = $1 AND phone_hash = $2 AND lifted_at IS NULL RETURNING contact_id`, in.AccountID, s.phoneHash(in.Phone))
	if err != nil {
		return false, err
	}
	left, err := pgx.CollectRows(rows, pgx.RowTo[models.ContactID])
	if err != nil || len(left) == 0 {
		return false, err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO suppressions (account_id, contact_id, scope, list_id, brand, source, inbound_id, note, created_at)
		SELECT account_id, $3, scope, list_id, brand, source, inbound_id, note, created_at FROM suppressions
		 WHERE account_id = $1 AND contact_id = ANY ($2) AND lifted_at IS NULL AND source <> 'erasure'
		ON CONFLICT DO NOTHING`, in.AccountID, left, in.ContactID)
	if err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, `UPDATE suppressions SET lifted_at = now(), lifted_by = $3
		WHERE account_id = $1 AND contact_id = ANY ($2) AND lifted_at IS NULL AND source = 'erasure'`, in.AccountID, left, saidStart)
	if err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO subscriptions (account_id, list_id, contact_id) VALUES ($1, $2, $3)
		ON CONFLICT (list_id, contact_id) DO NOTHING`, in.AccountID, in.ListID, in.ContactID)
	return true, err
}
