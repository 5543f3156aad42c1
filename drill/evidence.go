package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// where is a campaign's row and its counters.
type where struct {
	state  models.CampaignState
	reason string
	p      models.Progress
	stored int64 // what the campaign's row says was planned
}

func (w *world) where(ctx context.Context, campaign string) (at where, err error) {
	err = w.db.QueryRow(ctx, `
		SELECT c.state, c.reason, coalesce(c.planned, 0), coalesce(sum(b.size), 0), coalesce(sum(b.claimed), 0),
		       coalesce(sum(b.sent), 0), coalesce(sum(b.skipped), 0), coalesce(sum(b.failed), 0), coalesce(sum(b.unknown), 0)
		  FROM campaigns c LEFT JOIN batches b ON b.campaign_id = c.id
		 WHERE c.id = $1 GROUP BY c.id`, campaign).
		Scan(&at.state, &at.reason, &at.stored, &at.p.Planned, &at.p.Claimed, &at.p.Sent, &at.p.Skipped, &at.p.Failed, &at.p.Unknown)
	p := &at.p
	p.Queued = p.Planned - p.Claimed - p.Sent - p.Skipped - p.Failed - p.Unknown
	return at, err
}

// owed is how many single texts of a list, such as confirmations, wait to be handed over.
func (w *world) owed(ctx context.Context, list string) (n int64, err error) {
	err = w.db.QueryRow(ctx, `SELECT coalesce(sum(size - sent - skipped - failed - unknown), 0) FROM batches
		WHERE list_id = $1 AND campaign_id IS NULL`, list).Scan(&n)
	return n, err
}

// gather reads both sides' books of one campaign.
func (w *world) gather(ctx context.Context, c campaign) (evidence, error) {
	// What was told comes first: the database is read after it, and must know.
	e := evidence{Fates: w.box.Fates(), Asked: canBeAsked(c.provider), Refused: map[string]string{}}
	e.Stops, e.Doubts = heard(w.box.Heard(), c.number)
	for _, phone := range c.phones {
		if why := w.box.Refuses(c.provider, phone); why != "" {
			e.Refused[phone] = why
		}
	}
	return e, patiently(ctx, time.Minute, apiPause, func(ctx context.Context) (bool, error) {
		err := w.readBooks(ctx, c, &e)
		return err == nil, err
	})
}

// sortAccepted parts the campaign's texts from those that are owed to single people.
func (w *world) sortAccepted(ctx context.Context, c campaign, e *evidence) error {
	rows, err := w.db.Query(ctx, `SELECT id FROM messages WHERE list_id = $1 AND campaign_id IS NULL`, c.list)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	single := make(map[int64]bool, len(ids))
	for _, id := range ids {
		single[id] = true
	}
	e.Accepted, e.Singles = nil, nil
	for _, r := range w.box.Accepted() {
		switch {
		case r.From != c.number:
		case single[r.MessageID]:
			e.Singles = append(e.Singles, r)
		default:
			e.Accepted = append(e.Accepted, r)
		}
	}
	return nil
}

func (w *world) readBooks(ctx context.Context, c campaign, e *evidence) error {
	if err := w.sortAccepted(ctx, c, e); err != nil {
		return err
	}
	rows, err := w.db.Query(ctx, `
		SELECT m.id, m.campaign_id::text, p.phone, l.phone, m.state, m.reason, m.provider_code
		  FROM messages m
		  JOIN subscriptions s ON s.id = m.subscription_id
		  JOIN contacts p ON p.id = s.contact_id
		  JOIN lists l ON l.id = m.list_id
		 WHERE m.campaign_id = $1`, c.id)
	if err != nil {
		return err
	}
	if e.Messages, err = pgx.CollectRows(rows, pgx.RowToStructByPos[planned]); err != nil {
		return err
	}
	rows, err = w.db.Query(ctx, `
		SELECT s.id FROM subscriptions s
		 WHERE s.list_id = $1 AND s.status = 'active'
		   AND NOT EXISTS (SELECT FROM messages m WHERE m.subscription_id = s.id AND m.campaign_id = $2)`, c.list, c.id)
	if err != nil {
		return err
	}
	if e.Forgotten, err = pgx.CollectRows(rows, pgx.RowTo[int64]); err != nil {
		return err
	}
	at, err := w.where(ctx, c.id)
	if err == nil {
		e.Trouble = at.trouble(e.Messages)
	}
	return err
}

// trouble is what is wrong with the campaign as a whole: it has not come to its end, or
// its counters do not say what its messages say.
func (at where) trouble(messages []planned) (all []string) {
	if at.state != models.CampaignSent {
		all = append(all, fmt.Sprintf("the campaign is %s (%s)", at.state, at.reason))
	}
	if counted := count(messages); counted != at.p {
		all = append(all, fmt.Sprintf("progress says %+v, the messages say %+v", at.p, counted))
	}
	if at.stored != at.p.Planned {
		all = append(all, fmt.Sprintf("%d were planned, the batches have %d", at.stored, at.p.Planned))
	}
	return all
}

func count(messages []planned) (p models.Progress) {
	for _, m := range messages {
		p.Count(m.State)
	}
	return p
}
