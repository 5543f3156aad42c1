package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"trackly/models"
	"trackly/rules/segment"
)

// sent gives the messages of a campaign that has been handed over whole, without
// handing it over: through the store, but with nobody called.
func (m *machine) sent(ctx context.Context, p people) ([]models.MessageID, error) {
	c, err := m.draft(ctx, p)
	if err != nil {
		return nil, err
	}
	st := m.app.Store
	if _, err := st.LaunchCampaign(ctx, p.account, c.ID, nil, time.Now()); err != nil {
		return nil, err
	}
	_, n, err := st.Freeze(ctx, p.account, c.ID, time.Now())
	if err != nil {
		return nil, err
	}
	for number := range n {
		if err := m.settleBatch(ctx, c, number); err != nil {
			return nil, err
		}
	}
	if _, err := st.MoveCampaign(ctx, p.account, c.ID, models.CampaignSent, "", time.Now()); err != nil {
		return nil, err
	}
	if _, err := m.pool.Exec(ctx, "VACUUM ANALYZE messages, batches, variants, creative_links"); err != nil {
		return nil, err
	}
	rows, err := m.pool.Query(ctx, `SELECT m.id FROM batches b JOIN messages m ON m.id >= b.id AND m.id < b.id + $2
		WHERE b.campaign_id = $1 AND m.state = 'sent' ORDER BY m.id`, c.ID, models.BatchSize)
	if err != nil {
		return nil, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[models.MessageID])
	if err == nil && len(ids) != p.n {
		err = fmt.Errorf("%d of %d messages are sent", len(ids), p.n)
	}
	return ids, err
}

func (m *machine) settleBatch(ctx context.Context, c models.Campaign, number int) error {
	batch, texts, holder, err := m.takeTexts(ctx, c, number)
	if err != nil {
		return err
	}
	got, err := m.app.Store.ClaimMessages(ctx, models.Claim{Batch: batch, Holder: holder, Route: 1, Texts: texts})
	if err != nil {
		return err
	}
	outcomes := make([]models.Outcome, len(got))
	for i, id := range got {
		outcomes[i] = models.Outcome{MessageID: id, State: models.MessageSent, ProviderID: providerID(id)}
	}
	return m.app.Store.SettleMessages(ctx, c.AccountID, outcomes)
}

// takeTexts makes us the holder of a batch and renders its texts.
func (m *machine) takeTexts(ctx context.Context, c models.Campaign, number int) (models.Batch, []models.Text, string, error) {
	holder := uuid.NewString()
	batch, err := m.app.Store.TakeBatch(ctx, sourceOf(c), number, holder)
	if err != nil {
		return batch, nil, "", err
	}
	queued, err := m.app.Store.QueuedMessages(ctx, batch)
	texts := make([]models.Text, len(queued))
	for i, q := range queued {
		body := fmt.Sprintf("Acme: Hi %s, your car quote is ready. Compare it here: %s/abc1234 Reply STOP to opt out", q.FirstName, m.orders.PublicURL)
		texts[i] = models.Text{MessageID: q.ID, Kind: q.Kind, Phone: q.Phone, Body: body, Count: segment.Of(body)}
	}
	return batch, texts, holder, err
}

func providerID(id models.MessageID) string { return fmt.Sprintf("SM%032x", int64(id)) }

// count asks how many there are.
func (m *machine) count(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = m.pool.QueryRow(ctx, query, args...).Scan(&n)
	return n, err
}
