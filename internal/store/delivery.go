package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// ClaimMessages takes rendered messages for handing over, and returns those it got.
// Everything that may have changed since they were planned is read again here, in the
// claiming transaction: the holder's rights, the campaign's and the list's state, each
// contact's consent and suppressions, and the caps. A queued message whose contact must
// not be texted is skipped in the same transaction.
func (s *Store) ClaimMessages(ctx context.Context, c models.Claim) ([]models.MessageID, error) {
	var got []models.MessageID
	use, err := s.reserveSegments(ctx, c)
	if err != nil {
		return nil, explain(err, "batch")
	}
	var written bool
	err = s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) (err error) {
		defer func() { written = err == nil }()
		if got, err = claim(ctx, tx, c, use.costs); err != nil {
			return err
		}
		missing := len(got) < len(c.Texts)
		if got, err = underCaps(ctx, tx, c, got); err != nil {
			return err
		}
		if missing {
			if err := skipForbidden(ctx, tx, c.Batch); err != nil {
				return err
			}
		}
		if err := countLinks(ctx, tx, c, got); err != nil {
			return err
		}
		return use.giveBack(ctx, tx, c, got)
	})
	// Where all was written the commit may have happened, though its answer did not come.
	if err != nil && !written {
		s.forgo(ctx, use, c)
	}
	return got, explain(err, "batch")
}

func claim(ctx context.Context, tx pgx.Tx, c models.Claim, costs []int64) ([]models.MessageID, error) {
	n := len(c.Texts)
	ids, bodies, places := make([]int64, n), make([]string, n), make([]string, n)
	segments, carriers, states := make([]int16, n), make([]string, n), make([]string, n)
	for i, t := range c.Texts {
		ids[i], bodies[i], places[i], carriers[i], states[i] = int64(t.MessageID), t.Body, t.Place, t.Carrier, t.AtState
		segments[i] = int16(t.Count.Segments) //nolint:gosec // at most 1,600 characters
	}
	rows, err := tx.Query(ctx, `
		WITH held AS MATERIALIZED (
			SELECT lower(l.brand) AS brand FROM batches b
			  LEFT JOIN campaigns c ON c.id = b.campaign_id
			  JOIN lists l ON l.id = coalesce(b.list_id, c.list_id) AND l.state = 'active'
			 WHERE b.id = $1 AND b.account_id = $2 AND b.holder = $3 AND (b.campaign_id IS NULL OR c.state = 'sending')
			   FOR NO KEY UPDATE OF b)
		UPDATE messages m
		   SET state = 'claimed', claimed_at = clock_timestamp(), body = t.body, segments = t.segments, place = t.place, route = $8, uncalled = $9,
		       cost = t.cost, carrier = t.carrier, at_state = t.at_state
		  FROM held, unnest($4::bigint[], $5::text[], $6::smallint[], $7::text[], $10::bigint[], $11::text[], $12::text[])
		       AS t (id, body, segments, place, cost, carrier, at_state)
		 WHERE m.id = t.id AND m.account_id = $2 AND m.batch_id = $1 AND m.state = 'queued'
		   AND EXISTS (SELECT FROM subscriptions s WHERE s.id = m.subscription_id AND `+mayBeTexted("held.brand")+`)
		RETURNING m.id`, c.Batch.ID, c.Batch.AccountID, c.Holder, ids, bodies, segments, places, c.Route, c.Uncalled,
		costs, carriers, states)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[models.MessageID])
}

// MarkCalled notes that these messages are about to be handed over, and returns those that
// may be: still claimed by this holder. From here on nobody knows whether they went out.
func (s *Store) MarkCalled(ctx context.Context, b models.Batch, holder string, ids []models.MessageID) ([]models.MessageID, error) {
	var got []models.MessageID
	err := again(func() error {
		rows, err := s.pool.Query(ctx, `
			WITH held AS MATERIALIZED (
				SELECT 1 FROM batches WHERE id = $1 AND account_id = $2 AND holder = $3 FOR NO KEY UPDATE)
			UPDATE messages SET uncalled = false
			 WHERE EXISTS (SELECT FROM held) AND id = ANY ($4) AND account_id = $2 AND state = 'claimed'
			RETURNING id`, b.ID, b.AccountID, holder, ids)
		if err != nil {
			return err
		}
		got, err = pgx.CollectRows(rows, pgx.RowTo[models.MessageID])
		return err
	})
	return got, explain(err, "batch")
}

// mayBeTexted is consent, as a condition on a message m and its subscription s. brand is
// the SQL for the list's brand in small letters. The one answer to a STOP and to HELP is
// owed to everybody; a person who is waited for or waits (a reply, a passcode, a check)
// need not be active, but must not have said STOP.
func mayBeTexted(brand string) string {
	return `(m.kind IN ('confirmation', 'help') OR (
		CASE WHEN m.kind IN ('campaign', 'api') THEN s.status = 'active' ELSE s.status NOT IN ('opted_out', 'invalid') END
		AND NOT EXISTS (SELECT FROM suppressions x
		     WHERE x.account_id = s.account_id AND x.contact_id = s.contact_id AND x.lifted_at IS NULL
		       AND (x.scope = 'account' OR x.list_id = s.list_id OR x.brand = ` + brand + `))))`
}

func skipForbidden(ctx context.Context, tx pgx.Tx, b models.Batch) error {
	_, err := tx.Exec(ctx, `
		UPDATE messages m
		   SET state = 'skipped', finished_at = now(),
		       reason = CASE WHEN s.status IN ('suppressed', 'invalid') THEN $4 ELSE $3 END
		  FROM subscriptions s JOIN lists l ON l.id = s.list_id
		 WHERE m.id >= $1 AND m.id < $1 + $5 AND m.account_id = $2 AND m.state = 'queued'
		   AND s.id = m.subscription_id AND NOT `+mayBeTexted("lower(l.brand)"),
		b.ID, b.AccountID, models.ReasonOptedOut, models.ReasonNotActive, models.BatchSize)
	return err
}

// SettleMessages writes what became of claimed messages, in bulk. A message that a
// status callback has settled meanwhile keeps its state and only learns the
// provider's id; one that another holder declared unknown is settled all the same: an
// answer did come.
func (s *Store) SettleMessages(ctx context.Context, account models.AccountID, outcomes []models.Outcome) error {
	if len(outcomes) == 0 {
		return nil
	}
	c := columnsOf(inOrder(outcomes))
	err := s.run(ctx, `
			UPDATE messages m
			   SET provider_id = CASE WHEN o.provider_id = '' THEN m.provider_id ELSE o.provider_id END,
			       state = CASE WHEN `+open+` THEN o.state ELSE m.state END,
			       reason = CASE WHEN `+open+` THEN o.reason ELSE m.reason END,
			       provider_code = CASE WHEN `+open+` THEN o.code ELSE m.provider_code END,
			       provider_text = CASE WHEN m.redacted_at IS NULL AND `+open+` THEN o.text ELSE m.provider_text END,
			       sent_at = CASE WHEN `+open+` AND o.state IN ('sent', 'delivered', 'undelivered') THEN clock_timestamp() ELSE m.sent_at END,
			       unknown_at = CASE WHEN `+open+` AND o.state = 'unknown' THEN clock_timestamp() ELSE m.unknown_at END,
			       finished_at = CASE WHEN `+open+` AND o.state NOT IN ('sent', 'unknown') THEN clock_timestamp() ELSE m.finished_at END
			  FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
			       AS o (id, state, reason, provider_id, code, text)
			 WHERE m.id = o.id AND m.account_id = $1`,
		account, c.ids, c.states, c.reasons, c.providerIDs, c.codes, c.texts)
	return explain(err, "batch")
}

// open means that an answer still decides. Postgres asks it again of the newest version
// of a row that another statement changed while this one waited for it.
const open = `m.state IN ('claimed', 'unknown')`

// inOrder sorts by message, so that two statements over the same messages rarely wait
// for each other in a ring; again tries anew when they do.
func inOrder(outcomes []models.Outcome) []models.Outcome {
	return slices.SortedStableFunc(slices.Values(outcomes), func(a, b models.Outcome) int {
		return cmp.Compare(a.MessageID, b.MessageID)
	})
}

type outcomeColumns struct {
	ids                                        []int64
	states, reasons, providerIDs, codes, texts []string
}

func columnsOf(outcomes []models.Outcome) (c outcomeColumns) {
	for _, o := range outcomes {
		c.ids = append(c.ids, int64(o.MessageID))
		c.states = append(c.states, string(o.State))
		c.reasons = append(c.reasons, o.Reason)
		c.providerIDs = append(c.providerIDs, o.ProviderID)
		c.codes = append(c.codes, o.ProviderCode)
		c.texts = append(c.texts, o.ProviderText)
	}
	return c
}

// ReleaseMessages puts claimed messages that certainly never left back in the queue.
// Only the holder may: after another one took over, the same messages may be on their
// way again.
func (s *Store) ReleaseMessages(ctx context.Context, b models.Batch, holder string, ids []models.MessageID) error {
	if len(ids) == 0 {
		return nil
	}
	err := s.run(ctx, `
			WITH held AS MATERIALIZED (
				SELECT 1 FROM batches WHERE id = $1 AND account_id = $2 AND holder = $3 FOR NO KEY UPDATE)
			UPDATE messages SET state = 'queued', `+anyRoute+`
			 WHERE EXISTS (SELECT FROM held) AND id = ANY ($4) AND account_id = $2 AND state = 'claimed'`,
		b.ID, b.AccountID, holder, ids)
	return explain(err, "batch")
}

// anyRoute lets a message that certainly never left go over any route the next time. A
// check's text keeps its own.
const anyRoute = `route = CASE WHEN kind = 'test' THEN route ELSE 0 END`

// RightsOf tells a holder what it may still do, and which of the messages it has
// claimed and not yet handed over must not go out any more.
func (s *Store) RightsOf(ctx context.Context, b models.Batch, holder string, claimed []models.MessageID) (models.Rights, error) {
	var r models.Rights
	var ids []models.MessageID
	var reasons []string
	err := s.pool.QueryRow(ctx, `
		SELECT coalesce(b.holder = $3, false), (b.campaign_id IS NULL OR c.state = 'sending') AND l.state = 'active', x.ids, x.reasons
		  FROM batches b
		  LEFT JOIN campaigns c ON c.id = b.campaign_id
		  JOIN lists l ON l.id = coalesce(b.list_id, c.list_id)
		 CROSS JOIN LATERAL (
		       SELECT array_agg(m.id ORDER BY m.id) AS ids,
		              array_agg(CASE WHEN s.status IN ('suppressed', 'invalid') THEN $6 ELSE $5 END ORDER BY m.id) AS reasons
		         FROM messages m JOIN subscriptions s ON s.id = m.subscription_id
		        WHERE m.id = ANY ($4) AND NOT `+mayBeTexted("lower(l.brand)")+`) x
		 WHERE b.id = $1 AND b.account_id = $2`, b.ID, b.AccountID, holder, claimed, models.ReasonOptedOut, models.ReasonNotActive).
		Scan(&r.Holder, &r.Sending, &ids, &reasons)
	for i, id := range ids {
		r.Inactive = append(r.Inactive, models.Barred{ID: id, Reason: reasons[i]})
	}
	return r, explain(err, "batch")
}
