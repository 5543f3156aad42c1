package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// standing is the condition that a suppression x holds for a contact on a list l.
const standing = `x.lifted_at IS NULL AND (x.scope = 'account' OR x.list_id = l.id OR x.brand = lower(l.brand))`

// silenced reports whether a contact that is not on the list must not be texted from it:
// suppressed in a scope that covers the list, or erased.
func (s *Store) silenced(ctx context.Context, tx pgx.Tx, account models.AccountID, list models.ListID, contact models.ContactID, phone string) (silent bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM suppressions x JOIN lists l ON l.id = $2
		                WHERE x.account_id = $1 AND x.contact_id = $3 AND `+standing+`)
		    OR EXISTS (SELECT FROM erasures e WHERE e.account_id = $1 AND e.phone_hash = $4 AND e.lifted_at IS NULL)`,
		account, list, contact, s.phoneHash(phone)).Scan(&silent)
	return silent, err
}

// phoneHash names an erased phone: HMAC-SHA256 under a key that is not in the database.
func (s *Store) phoneHash(phone string) []byte {
	mac := hmac.New(sha256.New, s.phoneKey)
	_, _ = mac.Write([]byte(phone)) // a hash never fails
	return mac.Sum(nil)
}

// contactFor finds the contact of a phone, or makes one.
func (s *Store) contactFor(ctx context.Context, tx pgx.Tx, phone, region string, zones []string) (models.ContactID, error) {
	if zones == nil {
		zones = []string{}
	}
	var id models.ContactID
	// The no-op update makes a row that exists come back too.
	err := tx.QueryRow(ctx, `INSERT INTO contacts (phone, region, zones) VALUES ($1, $2, $3)
		ON CONFLICT (phone) DO UPDATE SET phone = excluded.phone RETURNING id`, phone, region, zones).Scan(&id)
	return id, err
}

// suppress silences a contact in a scope of the account: the suppression stands, every
// subscription in the scope is opted out, and what was queued for them is skipped. What
// was so before stays as it was. The effect says whether anything changed, how many
// messages were skipped, and which running campaigns had one.
func suppress(ctx context.Context, tx pgx.Tx, x models.Suppression, e *models.InboundEffect) error {
	_, ended, err := suppressAll(ctx, tx, x, []models.ContactID{x.ContactID}, e)
	e.OptedOut = len(ended) > 0
	return err
}

// ended is a subscription that a suppression ended.
type ended struct {
	list    models.ListID
	contact models.ContactID
}

// suppressAll does so for many contacts, whatever contact x names. It gives the number
// of new suppressions and the subscriptions that ended.
func suppressAll(ctx context.Context, tx pgx.Tx, x models.Suppression, contacts []models.ContactID, e *models.InboundEffect) (int64, []ended, error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO suppressions (account_id, contact_id, scope, list_id, brand, source, inbound_id, note)
		SELECT $1, c, $3, nullif($4, '')::uuid, nullif(lower($5), ''), $6, nullif($7::bigint, 0), $8
		  FROM unnest($2::bigint[]) AS c ORDER BY c
		ON CONFLICT DO NOTHING`,
		x.AccountID, contacts, x.Scope, x.ListID, x.Brand, x.Source, x.InboundID, x.Note)
	if err != nil {
		return 0, nil, err
	}
	rows, err := tx.Query(ctx, `
		UPDATE subscriptions s SET status = 'opted_out', opted_out_at = now(), status_reason = ''
		  FROM lists l
		 WHERE s.account_id = $1 AND s.contact_id = ANY ($2) AND l.id = s.list_id AND s.status <> 'opted_out'
		   AND `+inScope+`
		RETURNING s.list_id::text, s.contact_id`, x.AccountID, contacts, x.Scope, x.ListID, x.Brand)
	if err != nil {
		return 0, nil, err
	}
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (n ended, err error) {
		err = r.Scan(&n.list, &n.contact)
		return n, err
	})
	if err != nil {
		return 0, nil, err
	}
	return tag.RowsAffected(), all, skipSilenced(ctx, tx, x, contacts, e)
}

// inScope is the condition that a list l lies in the scope $3, of the list $4 or the
// brand $5.
const inScope = `($3 = 'account' OR ($3 = 'list' AND l.id::text = $4) OR ($3 = 'brand' AND lower(l.brand) = lower($5)))`

// skipSilenced skips what is queued for silenced contacts, and names the running
// campaigns that had something waiting or in flight.
func skipSilenced(ctx context.Context, tx pgx.Tx, x models.Suppression, contacts []models.ContactID, e *models.InboundEffect) error {
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT c.id::text FROM messages m
		  JOIN subscriptions s ON s.id = m.subscription_id
		  JOIN lists l ON l.id = s.list_id
		  JOIN campaigns c ON c.id = m.campaign_id AND c.state IN ('sending', 'paused')
		 WHERE s.account_id = $1 AND s.contact_id = ANY ($2) AND m.state IN ('queued', 'claimed') AND `+inScope,
		x.AccountID, contacts, x.Scope, x.ListID, x.Brand)
	if err != nil {
		return err
	}
	if e.Campaigns, err = pgx.CollectRows(rows, pgx.RowTo[models.CampaignID]); err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `
		UPDATE messages m SET state = 'skipped', reason = $6, finished_at = now()
		  FROM subscriptions s JOIN lists l ON l.id = s.list_id
		 WHERE s.account_id = $1 AND s.contact_id = ANY ($2) AND m.subscription_id = s.id AND m.state = 'queued'
		   AND m.kind NOT IN ('confirmation', 'help') AND `+inScope,
		x.AccountID, contacts, x.Scope, x.ListID, x.Brand, models.ReasonOptedOut)
	e.Skipped = tag.RowsAffected()
	return err
}

// lift ends the suppressions of a contact that cover a list and that the person can end:
// what an owner decided or uploaded, an owner ends. Subscriptions that nothing covers any
// more are active again.
func lift(ctx context.Context, tx pgx.Tx, account models.AccountID, list models.ListID, contact models.ContactID, by string) (lifted bool, err error) {
	tag, err := tx.Exec(ctx, `
		UPDATE suppressions x SET lifted_at = now(), lifted_by = $4
		  FROM lists l WHERE l.id = $2 AND x.account_id = $1 AND x.contact_id = $3
		   AND x.source NOT IN ('upload', 'owner') AND `+standing,
		account, list, contact, by)
	if err != nil {
		return false, err
	}
	// A subscription that another suppression still covers stays as it is.
	active, err := tx.Exec(ctx, `
		UPDATE subscriptions s SET status = 'active', opted_out_at = NULL, status_reason = ''
		  FROM lists l
		 WHERE s.account_id = $1 AND s.contact_id = $2 AND l.id = s.list_id
		   AND (s.status = 'opted_out' OR s.list_id = $3 AND s.status = 'suppressed' AND s.status_reason IN ('review', 'stranger'))
		   AND NOT EXISTS (SELECT FROM suppressions x WHERE x.account_id = s.account_id AND x.contact_id = s.contact_id AND `+standing+`)`,
		account, contact, list)
	return tag.RowsAffected()+active.RowsAffected() > 0, err
}
