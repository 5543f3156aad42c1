package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// AddSingle queues a text, at most one time for each of the account's idempotency keys.
// It refuses a person who said STOP; what happens between now and the handing over is
// judged again when the message is claimed.
func (s *Store) AddSingle(ctx context.Context, o models.Once, in models.Single) (models.MessageID, error) {
	var id models.MessageID
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		kept, err := recall(ctx, tx, in.AccountID, o)
		if err != nil || kept != "" {
			return keptID(&id, kept, err)
		}
		if in.Refusal != nil {
			return in.Refusal
		}
		id, _, err = s.queueSingle(ctx, tx, o, in)
		return err
	})
	return id, explain(err, "message")
}

// queueSingle gives the text a place in the outbox, or finds the one that the same request
// got at the same moment. It takes the contact before the batch, as a STOP does: else the
// two wait in a ring.
func (s *Store) queueSingle(ctx context.Context, tx pgx.Tx, o models.Once, in models.Single) (id models.MessageID, repeated bool, err error) {
	contact, err := s.contactFor(ctx, tx, in.Phone, in.Region, in.Zones)
	if err != nil {
		return 0, false, err
	}
	sub, err := s.subscriber(ctx, tx, in, contact)
	if err != nil {
		return 0, false, err
	}
	place, err := reserveID(ctx, tx, in.AccountID, in.ListID)
	if err != nil {
		return 0, false, err
	}
	kept, err := rememberOnce(ctx, tx, in.AccountID, o, place.id.String())
	if err != nil {
		return 0, false, err
	}
	if kept != place.id.String() { // the place stays empty
		err = keptID(&id, kept, place.giveBack(ctx, tx))
		return id, true, err
	}
	return place.id, false, place.fill(ctx, tx, in, sub)
}

func keptID(id *models.MessageID, kept string, err error) error {
	if err != nil {
		return err
	}
	*id, err = models.ParseMessageID(kept)
	return err
}

// seat is a place for one message in a batch of single texts.
type seat struct {
	id     models.MessageID
	batch  models.BatchID
	number int
}

// reserveID takes the next id of the list's open batch of single texts, or opens a batch.
// The batch's row lock orders those who do so at once; where there is no batch to lock,
// the list's does.
func reserveID(ctx context.Context, tx pgx.Tx, account models.AccountID, list models.ListID) (seat, error) {
	st, err := nextSeat(ctx, tx, account, list)
	if fault.KindOf(explain(err, "batch")) != fault.NotFound {
		return st, err
	}
	var one int
	if err := tx.QueryRow(ctx, `SELECT 1 FROM lists WHERE account_id = $1 AND id = $2 FOR NO KEY UPDATE`, account, list).Scan(&one); err != nil {
		return st, err
	}
	// Another one may have opened a batch before this one got the list.
	if st, err = nextSeat(ctx, tx, account, list); fault.KindOf(explain(err, "batch")) != fault.NotFound {
		return st, err
	}
	err = tx.QueryRow(ctx, `
		INSERT INTO batches (id, account_id, list_id, number, size)
		SELECT nextval('batch_ids'), $1, $2, coalesce(max(number) + 1, 0), 1 FROM batches WHERE list_id = $2 AND campaign_id IS NULL
		RETURNING id, number`, account, list).Scan(&st.batch, &st.number)
	st.id = models.MessageID(st.batch)
	return st, err
}

func nextSeat(ctx context.Context, tx pgx.Tx, account models.AccountID, list models.ListID) (seat, error) {
	var st seat
	var size int
	err := tx.QueryRow(ctx, `
		UPDATE batches SET size = size + 1, not_before = NULL
		 WHERE id = (SELECT id FROM batches WHERE account_id = $1 AND list_id = $2 AND campaign_id IS NULL ORDER BY number DESC LIMIT 1)
		   AND size < $3
		RETURNING id, size, number`, account, list, models.BatchSize).Scan(&st.batch, &size, &st.number)
	st.id = models.MessageID(st.batch) + models.MessageID(size) - 1
	return st, err
}

// giveBack undoes the reservation of the last place, which this transaction has locked.
func (st seat) giveBack(ctx context.Context, tx pgx.Tx) error {
	if st.id == models.MessageID(st.batch) {
		_, err := tx.Exec(ctx, `DELETE FROM batches WHERE id = $1`, st.batch)
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE batches SET size = size - 1 WHERE id = $1`, st.batch)
	return err
}

func (st seat) fill(ctx context.Context, tx pgx.Tx, in models.Single, sub models.SubscriptionID) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO messages (id, account_id, list_id, batch_id, subscription_id, variant, kind, body, route)
		VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8)`,
		st.id, in.AccountID, in.ListID, st.batch, sub, in.Kind, in.Body, in.Route)
	if err != nil || !in.Asks {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE subscriptions SET asked_until = now() + interval '24 hours' WHERE id = $1`, sub)
	return err
}

// subscriber finds the contact's subscription on the list, or makes one: active with the
// proof of consent, and otherwise a stranger's, which is never messaged by a campaign.
func (s *Store) subscriber(ctx context.Context, tx pgx.Tx, in models.Single, contact models.ContactID) (models.SubscriptionID, error) {
	var id models.SubscriptionID
	var allowed, stranger bool
	// The statement reads consent as a claim does, with the message that is to be.
	err := tx.QueryRow(ctx, `
		SELECT s.id, `+mayBeTexted("lower(l.brand)")+`, s.status = 'suppressed' AND s.status_reason = $5
		  FROM subscriptions s JOIN lists l ON l.id = s.list_id, (SELECT $4::text AS kind) m
		 WHERE s.account_id = $1 AND s.list_id = $2 AND s.contact_id = $3 FOR NO KEY UPDATE OF s`,
		in.AccountID, in.ListID, contact, in.Kind, models.StatusStranger).Scan(&id, &allowed, &stranger)
	switch {
	case fault.KindOf(explain(err, "subscription")) == fault.NotFound:
		return s.newSubscriber(ctx, tx, in, contact)
	case err != nil:
		return 0, err
	case stranger && in.OptIn != nil:
		return id, s.welcome(ctx, tx, in, contact, id)
	case !allowed:
		return 0, fault.New(fault.Forbidden, "this person must not be texted from this list: opted out, suppressed or invalid")
	}
	return id, nil
}

// welcome makes a stranger, who once wrote or was answered, a subscriber.
func (s *Store) welcome(ctx context.Context, tx pgx.Tx, in models.Single, contact models.ContactID, id models.SubscriptionID) error {
	silent, err := s.silenced(ctx, tx, in.AccountID, in.ListID, contact, in.Phone)
	if err != nil {
		return err
	}
	if silent {
		return errSilent
	}
	if _, err := tx.Exec(ctx, `UPDATE subscriptions SET status = 'active', status_reason = '', signup_at = now() WHERE id = $1`, id); err != nil {
		return err
	}
	return keepOptIn(ctx, tx, in, contact)
}

var errSilent = fault.New(fault.Forbidden, "this person must not be texted: opted out or erased")

func (s *Store) newSubscriber(ctx context.Context, tx pgx.Tx, in models.Single, contact models.ContactID) (models.SubscriptionID, error) {
	status, reason := models.SubscriptionActive, ""
	switch {
	case in.OptIn != nil:
	case in.Kind == models.KindAPI:
		return 0, fault.New(fault.Forbidden, "this phone is not on the list; add its consent to the request")
	default:
		status, reason = models.SubscriptionSuppressed, models.StatusStranger
	}
	silent, err := s.silenced(ctx, tx, in.AccountID, in.ListID, contact, in.Phone)
	if err != nil {
		return 0, err
	}
	if silent && in.Kind != models.KindConfirmation && in.Kind != models.KindHelp {
		return 0, errSilent
	}
	var id models.SubscriptionID
	err = tx.QueryRow(ctx, `INSERT INTO subscriptions (account_id, list_id, contact_id, status, status_reason)
		SELECT account_id, id, $3, $4, $5 FROM lists WHERE account_id = $1 AND id = $2 RETURNING id`, in.AccountID, in.ListID, contact, status, reason).Scan(&id)
	if err != nil || in.OptIn == nil {
		return id, err
	}
	return id, keepOptIn(ctx, tx, in, contact)
}

func keepOptIn(ctx context.Context, tx pgx.Tx, in models.Single, contact models.ContactID) error {
	o := in.OptIn
	_, err := tx.Exec(ctx, `
		INSERT INTO consents (account_id, list_id, contact_id, kind, method, evidence, disclosure, disclosure_hash, page_url, ip, user_agent)
		VALUES ($1, $2, $3, 'opt_in', $4, $5, $6, CASE WHEN $6 <> '' THEN sha256(convert_to($6, 'UTF8')) END, $7, $8, $9)`,
		in.AccountID, in.ListID, contact, o.Method, o.Evidence, o.Disclosure, o.PageURL, o.IP, o.UserAgent)
	return err
}

// OutboxesWaiting lists the sources of single texts that were queued before the given
// time and that nobody hands over. It crosses accounts: the keeper looks after all.
func (s *Store) OutboxesWaiting(ctx context.Context, before time.Time, limit int) ([]models.Source, error) {
	rows, err := s.pool.Query(ctx, `
		SELECT DISTINCT b.account_id::text, b.list_id::text FROM batches b
		 WHERE b.campaign_id IS NULL AND b.sent + b.skipped + b.failed + b.unknown < b.size
		   AND (b.not_before IS NULL OR b.not_before <= now())
		   AND EXISTS (SELECT FROM messages m WHERE m.id >= b.id AND m.id < b.id + b.size
		        AND m.state IN ('queued', 'claimed') AND m.queued_at < $1)
		 LIMIT $2`, before, limit)
	if err != nil {
		return nil, explain(err, "single texts")
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (src models.Source, err error) {
		err = r.Scan(&src.AccountID, &src.ListID)
		return src, err
	})
	return out, explain(err, "single texts")
}
