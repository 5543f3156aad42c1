package store

import (
	"context"

	"gorm.io/gorm"

	"trackly/internal/fault"
	"trackly/models"
)

// addParts stores the lists and audiences of a new campaign, in its transaction.
func addParts(tx *gorm.DB, c models.Campaign) error {
	for i, list := range c.From() {
		err := tx.Exec(`INSERT INTO campaign_lists (campaign_id, number, list_id) VALUES (?, ?, ?)`, c.ID, i+1, list).Error
		if err != nil {
			return err
		}
	}
	for _, named := range c.Filter.Named() {
		if err := hold(tx, c.AccountID, models.AudienceID(named.ID)); err != nil {
			return err
		}
	}
	for exclude, ids := range map[bool][]models.AudienceID{false: c.Include, true: c.Exclude} {
		for _, id := range ids {
			if err := hold(tx, c.AccountID, id); err != nil {
				return err
			}
			err := tx.Exec(`INSERT INTO campaign_audiences (campaign_id, audience_id, exclude) VALUES (?, ?, ?)`, c.ID, id, exclude).Error
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// hold keeps an audience from being deleted until the campaign that needs it is stored.
func hold(tx *gorm.DB, account models.AccountID, id models.AudienceID) error {
	res := tx.Exec(`SELECT FROM audiences WHERE id = ? AND account_id = ? AND deleted_at IS NULL FOR KEY SHARE`, id, account)
	if res.Error == nil && res.RowsAffected == 0 {
		return fault.New(fault.Conflict, "an audience of the campaign was deleted at this moment")
	}
	return res.Error
}

// readParts adds to campaigns which lists they go out from, and whom they mean and do not.
func (s *Store) readParts(ctx context.Context, all []models.Campaign) error {
	at, ids := make(map[string]int, len(all)), make([]string, len(all))
	for i, c := range all {
		at[string(c.ID)], ids[i] = i, string(c.ID)
	}
	// 0 stands for the lists, 1 for whom to include, 2 for whom to exclude.
	rows, err := s.pool.Query(ctx, `
		SELECT campaign_id::text, 0 AS part, number AS place, list_id::text FROM campaign_lists WHERE campaign_id = ANY ($1::uuid[])
		UNION ALL
		SELECT campaign_id::text, CASE WHEN exclude THEN 2 ELSE 1 END, 0, audience_id::text
		  FROM campaign_audiences WHERE campaign_id = ANY ($1::uuid[])
		ORDER BY 1, 2, 3, 4`, ids)
	if err != nil {
		return explain(err, "campaign")
	}
	defer rows.Close()
	for rows.Next() {
		var campaign, id string
		var part, place int
		if err := rows.Scan(&campaign, &part, &place, &id); err != nil {
			return explain(err, "campaign")
		}
		c := &all[at[campaign]]
		switch part {
		case 0:
			c.Lists = append(c.Lists, models.ListID(id))
		case 1:
			c.Include = append(c.Include, models.AudienceID(id))
		default:
			c.Exclude = append(c.Exclude, models.AudienceID(id))
		}
	}
	return explain(rows.Err(), "campaign")
}
