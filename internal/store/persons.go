package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// ExportPerson reads everything an account holds about a phone, as it stood at one
// moment: also what an erasure left. A phone of which it holds nothing is NotFound, even
// when another account knows it.
func (s *Store) ExportPerson(ctx context.Context, account models.AccountID, phone string) (models.Person, error) {
	var p models.Person
	if !models.IsID(account) {
		return p, fault.New(fault.NotFound, "no such account")
	}
	err := s.atomic(ctx, pgx.RepeatableRead, func(tx pgx.Tx) error {
		p = models.Person{AccountID: account, Phone: phone}
		contacts, err := s.contactsOf(ctx, tx, &p)
		if err != nil {
			return err
		}
		for _, read := range []func(context.Context, pgx.Tx, *models.Person, []models.ContactID) error{
			readFieldTypes, readSubscriptions, readConsents, readSuppressions, readInbound, readMessages, readDecisions, readClicks,
		} {
			if err := read(ctx, tx, &p, contacts); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && p.Empty() {
		return models.Person{}, fault.New(fault.NotFound, "nothing is held about this phone")
	}
	return p, explain(err, "person")
}

// contactsOf gives the phone's contact and those that erasures left of it.
func (s *Store) contactsOf(ctx context.Context, tx pgx.Tx, p *models.Person) ([]models.ContactID, error) {
	rows, err := tx.Query(ctx, `SELECT contact_id, at, asked_by, reason, lifted_at FROM erasures
		WHERE account_id = $1 AND phone_hash = $2 ORDER BY at`, p.AccountID, s.phoneHash(p.Phone))
	if err != nil {
		return nil, err
	}
	var contacts []models.ContactID
	var id models.ContactID
	var e models.ErasureRecord
	_, err = pgx.ForEachRow(rows, []any{&id, &e.At, &e.By, &e.Reason, &e.LiftedAt}, func() error {
		contacts, p.Erasures = append(contacts, id), append(p.Erasures, e)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := tx.QueryRow(ctx, `SELECT now()`).Scan(&p.At); err != nil {
		return nil, err
	}
	if rows, err = tx.Query(ctx, `SELECT id, region, zones FROM contacts WHERE phone = $1`, p.Phone); err != nil {
		return nil, err
	}
	_, err = pgx.ForEachRow(rows, []any{&id, &p.Region, &p.Zones}, func() error {
		contacts = append(contacts, id)
		return nil
	})
	return contacts, err
}

func readFieldTypes(ctx context.Context, tx pgx.Tx, p *models.Person, _ []models.ContactID) (err error) {
	p.Fields, err = fieldSet(ctx, tx, p.AccountID)
	return err
}

func readSubscriptions(ctx context.Context, tx pgx.Tx, p *models.Person, contacts []models.ContactID) error {
	return read(ctx, tx, &p.Subscriptions, `SELECT `+subscriptionColumns+` FROM `+subscribers+`
		WHERE s.account_id = $1 AND s.contact_id = ANY ($2) ORDER BY s.id`, p.AccountID, contacts)
}

func readConsents(ctx context.Context, tx pgx.Tx, p *models.Person, contacts []models.ContactID) error {
	return read(ctx, tx, &p.Consents, `
		SELECT o.id, o.list_id::text, o.kind, o.method, o.evidence, o.disclosure, o.disclosure_hash, o.page_url, o.ip, o.user_agent,
		       coalesce(o.import_id::text, ''), i.file_hash, coalesce(o.inbound_id, 0), o.version, o.given_at, o.at
		  FROM consents o LEFT JOIN imports i ON i.id = o.import_id
		 WHERE o.account_id = $1 AND o.contact_id = ANY ($2) ORDER BY o.id`, p.AccountID, contacts)
}

func readSuppressions(ctx context.Context, tx pgx.Tx, p *models.Person, contacts []models.ContactID) error {
	return read(ctx, tx, &p.Suppressions, `
		SELECT x.id, x.account_id::text, x.contact_id, coalesce(c.phone, ''), x.scope, coalesce(x.list_id::text, ''), coalesce(x.brand, ''),
		       x.source, coalesce(x.inbound_id, 0), x.note, x.created_at, x.lifted_at, x.lifted_by
		  FROM suppressions x JOIN contacts c ON c.id = x.contact_id
		 WHERE x.account_id = $1 AND x.contact_id = ANY ($2) ORDER BY x.id`, p.AccountID, contacts)
}

func readInbound(ctx context.Context, tx pgx.Tx, p *models.Person, contacts []models.ContactID) error {
	return read(ctx, tx, &p.Inbound, `SELECT `+inboundColumns+` FROM inbound_messages i JOIN contacts c ON c.id = i.contact_id
		WHERE i.account_id = $1 AND i.contact_id = ANY ($2) ORDER BY i.id`, p.AccountID, contacts)
}

// read collects rows whose columns are in the order of the struct's fields.
func read[T any](ctx context.Context, tx pgx.Tx, into *[]T, sql string, args ...any) error {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	*into, err = pgx.CollectRows(rows, pgx.RowToStructByPos[T])
	return err
}

func readMessages(ctx context.Context, tx pgx.Tx, p *models.Person, contacts []models.ContactID) error {
	var all []models.Message
	err := read(ctx, tx, &all, `SELECT `+messageColumns+` FROM subscriptions s JOIN messages m ON m.subscription_id = s.id
		WHERE s.account_id = $1 AND s.contact_id = ANY ($2) AND m.account_id = $1 ORDER BY m.id`, p.AccountID, contacts)
	if err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `SELECT list_id::text, rank, provider FROM routes WHERE account_id = $1`, p.AccountID)
	if err != nil {
		return err
	}
	type way struct {
		list models.ListID
		rank int
	}
	providers := map[way]string{}
	var w way
	var name string
	_, err = pgx.ForEachRow(rows, []any{&w.list, &w.rank, &name}, func() error {
		providers[w] = name
		return nil
	})
	for _, m := range all {
		one := models.PersonMessage{Message: m}
		if m.ClaimedAt != nil {
			one.Provider = providers[way{m.ListID, max(m.Route, 1)}] // messages of the first release had one route
		}
		p.Messages = append(p.Messages, one)
	}
	return err
}

func readDecisions(ctx context.Context, tx pgx.Tx, p *models.Person, _ []models.ContactID) error {
	var all []models.Decision
	ids, at := placesOf(p)
	err := read(ctx, tx, &all, `SELECT message_id, check_name, verdict, why, until, version, at FROM decisions
		WHERE account_id = $1 AND message_id = ANY ($2) ORDER BY id`, p.AccountID, ids)
	for _, d := range all {
		m := &p.Messages[at[d.MessageID]]
		m.Decisions = append(m.Decisions, d)
	}
	return err
}

func readClicks(ctx context.Context, tx pgx.Tx, p *models.Person, _ []models.ContactID) error {
	var all []models.Click
	ids, at := placesOf(p)
	err := read(ctx, tx, &all, `SELECT id::text, message_id, link, address, user_agent, at, method, verdict, reason, version, headers FROM clicks
		WHERE account_id = $1 AND message_id = ANY ($2) ORDER BY at`, p.AccountID, ids)
	for _, c := range all {
		m := &p.Messages[at[c.MessageID]]
		m.Clicks = append(m.Clicks, c)
	}
	return err
}

func placesOf(p *models.Person) (ids []models.MessageID, at map[models.MessageID]int) {
	at = make(map[models.MessageID]int, len(p.Messages))
	for i, m := range p.Messages {
		ids, at[m.ID] = append(ids, m.ID), i
	}
	return ids, at
}
