package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"trackly/internal/fault"
	"trackly/models"
)

// AddCampaign stores a draft with its variants.
func (s *Store) AddCampaign(ctx context.Context, o models.Once, c models.Campaign) (models.Campaign, error) {
	id, err := s.once(ctx, c.AccountID, o, string(c.ID), func(tx *gorm.DB) error {
		if err := tx.Create(&c).Error; err != nil {
			return err
		}
		if err := tx.Create(&c.Variants).Error; err != nil {
			return err
		}
		return addParts(tx, c)
	})
	if err != nil {
		return models.Campaign{}, explain(err, "campaign")
	}
	return s.Campaign(ctx, c.AccountID, models.CampaignID(id))
}

// Campaign reads one campaign with its variants.
func (s *Store) Campaign(ctx context.Context, account models.AccountID, id models.CampaignID) (models.Campaign, error) {
	var c models.Campaign
	if !models.IsID(id) {
		return c, fault.New(fault.NotFound, "no such campaign")
	}
	err := s.db.WithContext(ctx).Take(&c, "account_id = ? AND id = ?", account, id).Error
	if err != nil {
		return c, explain(err, "campaign")
	}
	err = s.db.WithContext(ctx).Order("number").Find(&c.Variants, "campaign_id = ?", id).Error
	if err != nil {
		return c, explain(err, "campaign")
	}
	one := []models.Campaign{c}
	err = s.readParts(ctx, one)
	return one[0], err
}

// Campaigns reads a page of campaigns after the cursor, oldest first, without variants.
func (s *Store) Campaigns(ctx context.Context, account models.AccountID, after models.CampaignID, limit int) ([]models.Campaign, error) {
	var rows []models.Campaign
	if err := s.page(ctx, account, string(after), limit).Find(&rows).Error; err != nil {
		return nil, explain(err, "campaigns")
	}
	return rows, s.readParts(ctx, rows)
}

// MoveCampaign changes a campaign's state under a row lock, so two callers cannot both
// find the move legal. Asking for the state it already has is not an error: activities
// are retried.
func (s *Store) MoveCampaign(ctx context.Context, account models.AccountID, id models.CampaignID,
	next models.CampaignState, reason string, at time.Time,
) (models.Campaign, error) {
	return s.changeCampaign(ctx, account, id, func(c *models.Campaign) error {
		if c.State == next {
			return nil
		}
		c.Reason = reason
		return c.MoveTo(next, at)
	})
}

// LaunchCampaign moves a draft to scheduled. Launching what is launched already is a
// conflict, except at the same time to send: then the request is a repetition. One by the
// contacts' own clocks has no time to send but that.
func (s *Store) LaunchCampaign(ctx context.Context, account models.AccountID, id models.CampaignID,
	sendAt *time.Time, at time.Time,
) (models.Campaign, error) {
	return s.changeCampaign(ctx, account, id, func(c *models.Campaign) error {
		if c.LaunchedAt != nil && (sameTime(c.SendAt, sendAt) || c.LocalTime != "" && sendAt == nil) {
			return nil
		}
		if err := c.Schedule(sendAt, at); err != nil {
			return err
		}
		return c.MoveTo(models.CampaignScheduled, at)
	})
}

func sameTime(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Truncate(time.Microsecond).Equal(b.Truncate(time.Microsecond))
}

func (s *Store) changeCampaign(ctx context.Context, account models.AccountID, id models.CampaignID,
	change func(*models.Campaign) error,
) (models.Campaign, error) {
	if !models.IsID(id) {
		return models.Campaign{}, fault.New(fault.NotFound, "no such campaign")
	}
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var c models.Campaign
		lock := clause.Locking{Strength: clause.LockingStrengthUpdate}
		if err := tx.Clauses(lock).Take(&c, "account_id = ? AND id = ?", account, id).Error; err != nil {
			return err
		}
		if err := change(&c); err != nil {
			return err
		}
		return tx.Select("State", "Reason", "SendAt", "LaunchedAt", "StartedAt", "FinishedAt").Updates(&c).Error
	})
	if err != nil {
		return models.Campaign{}, explain(err, "campaign")
	}
	return s.Campaign(ctx, account, id)
}

// UnfinishedCampaigns lists campaigns launched before the given time that still need a
// workflow. It crosses accounts: the keeper looks after all of them.
func (s *Store) UnfinishedCampaigns(ctx context.Context, before time.Time, limit int) ([]models.Campaign, error) {
	var rows []models.Campaign
	err := s.db.WithContext(ctx).
		Where("state IN ('scheduled', 'sending', 'paused') AND launched_at < ?", before).
		Order("launched_at").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, explain(err, "campaigns")
	}
	return rows, s.readParts(ctx, rows)
}

// Progress counts a source's messages. It always adds up: it is one read of counters
// that move together with the messages.
func (s *Store) Progress(ctx context.Context, src models.Source) (models.Progress, error) {
	var p models.Progress
	if src.CampaignID != "" && !models.IsID(src.CampaignID) {
		return p, fault.New(fault.NotFound, "no such campaign")
	}
	where, arg := ofSource(src)
	err := s.pool.QueryRow(ctx, `
		SELECT coalesce(sum(size), 0), coalesce(sum(claimed), 0), coalesce(sum(sent), 0),
		       coalesce(sum(skipped), 0), coalesce(sum(failed), 0), coalesce(sum(unknown), 0)
		  FROM batches b WHERE `+where, src.AccountID, arg).
		Scan(&p.Planned, &p.Claimed, &p.Sent, &p.Skipped, &p.Failed, &p.Unknown)
	p.Queued = p.Planned - p.Claimed - p.Sent - p.Skipped - p.Failed - p.Unknown
	return p, explain(err, "progress")
}
