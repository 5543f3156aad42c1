package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/internal/provider/sandbox"
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

// gather reads both sides' books of one campaign.
func (w *world) gather(ctx context.Context, c campaign) (evidence, error) {
	e := evidence{Refusals: map[string]bool{}}
	for _, f := range w.faults.Codes {
		e.Refusals[fmt.Sprint(f.Code)] = true
	}
	for _, r := range w.box.Accepted() {
		if r.From == c.number {
			e.Accepted = append(e.Accepted, r)
		}
	}
	e.Stops = c.stopsOf(w.box.Stops())
	return e, patiently(ctx, time.Minute, apiPause, func(ctx context.Context) (bool, error) {
		err := w.readBooks(ctx, c, &e)
		return err == nil, err
	})
}

func (c campaign) stopsOf(all []sandbox.Stop) (mine []sandbox.Stop) {
	for _, s := range all {
		if s.Number == c.number {
			mine = append(mine, s)
		}
	}
	return mine
}

func (w *world) readBooks(ctx context.Context, c campaign, e *evidence) error {
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
