package main

import (
	"context"
	"fmt"
	"time"

	"trackly/models"
	"trackly/rules/audience"
)

// freeze is messages planned a second: from a launched campaign to all its messages.
func freeze(ctx context.Context, m *machine) (Result, error) {
	p, err := m.sliced(ctx, m.size(1_000_000))
	if err != nil {
		return Result{}, err
	}
	// Every one of them on one list.
	if _, err := m.pool.Exec(ctx, `UPDATE subscriptions SET list_id = $2 WHERE account_id = $1 AND list_id <> $2`, p.account, p.second.ID); err != nil {
		return Result{}, err
	}
	if _, err := m.pool.Exec(ctx, `VACUUM ANALYZE subscriptions`); err != nil {
		return Result{}, err
	}
	delete(m.slices, p.n) // nobody else shall find them so
	f := &freezing{m: m, p: p}
	if f.creative, err = m.app.Store.AddCreative(ctx, models.Once{}, models.Creative{
		ID: models.NewID[models.CreativeID](), AccountID: p.account, Name: "Quote", Body: text, Status: models.CreativeActive,
	}); err != nil {
		return Result{}, err
	}
	if f.most, err = m.app.Store.AddAudience(ctx, models.Once{}, models.Audience{
		ID: models.NewID[models.AudienceID](), AccountID: p.account, Name: "Most", Kind: models.AudienceDynamic,
		Filter: audience.NotOf(audience.Where("plan", audience.Eq, "trial")),
	}); err != nil {
		return Result{}, err
	}
	// The first one lets the files of the table grow, for both.
	if _, err := f.ours(ctx); err != nil {
		return Result{}, err
	}
	r, err := alternate(ctx, m.o.rounds, f.ours, f.bare)
	r.Unit, r.Want = "messages/s", ">= 0.5"
	r.BaselineIs = fmt.Sprintf("one INSERT ... SELECT of as many rows (%d) into the same table with the same columns: ids from row_number, the rest constant but the subscription; no audience, no batches, no variants",
		f.planned)
	return r, err
}

// freezing is a campaign to an audience that most contacts are in, again and again.
type freezing struct {
	m        *machine
	p        sliced
	creative models.Creative
	most     models.Audience
	planned  int64
}

func (f *freezing) ours(ctx context.Context) (float64, error) {
	c := models.Campaign{
		ID: models.NewID[models.CampaignID](), AccountID: f.p.account, ListID: f.p.second.ID, Name: "Bench",
		State: models.CampaignDraft, Late: models.LateWaits, Include: []models.AudienceID{f.most.ID},
	}
	for i := range 2 {
		c.Variants = append(c.Variants, models.Variant{CampaignID: c.ID, Number: i + 1, Name: fmt.Sprint(i + 1), CreativeID: f.creative.ID, Percent: 50})
	}
	if _, err := f.m.app.Store.AddCampaign(ctx, models.Once{}, c); err != nil {
		return 0, err
	}
	// Launched in an hour, else the keeper would start its workflow.
	if _, err := f.m.app.Store.LaunchCampaign(ctx, c.AccountID, c.ID, nil, time.Now().Add(time.Hour)); err != nil {
		return 0, err
	}
	return f.timed(ctx, func() (err error) {
		f.planned, _, err = f.m.app.Store.Freeze(ctx, c.AccountID, c.ID, time.Now())
		return err
	}, func() error {
		_, err := f.m.app.Store.MoveCampaign(ctx, c.AccountID, c.ID, models.CampaignCancelled, "", time.Now())
		return err
	})
}

func (f *freezing) bare(ctx context.Context) (float64, error) {
	return f.timed(ctx, func() error {
		_, err := f.m.pool.Exec(ctx, `
			INSERT INTO messages (id, account_id, list_id, campaign_id, batch_id, subscription_id, variant)
			SELECT row_number() OVER (), $1, $2, $3, 1, s.id, 1
			  FROM subscriptions s WHERE s.account_id = $1 AND s.list_id = $2 LIMIT $4`,
			f.p.account, f.p.second.ID, models.NewID[models.CampaignID](), f.planned)
		return err
	}, func() error { return nil })
}

// timed gives rows a second, and leaves the table empty. What one of the two leaves for
// the disk to do must not slow down the other.
func (f *freezing) timed(ctx context.Context, do, after func() error) (float64, error) {
	if _, err := f.m.pool.Exec(ctx, "CHECKPOINT"); err != nil {
		return 0, err
	}
	began := time.Now()
	if err := do(); err != nil {
		return 0, err
	}
	took := time.Since(began)
	if err := after(); err != nil {
		return 0, err
	}
	_, err := f.m.pool.Exec(ctx, "TRUNCATE messages, batches")
	return float64(f.planned) / took.Seconds(), err
}
