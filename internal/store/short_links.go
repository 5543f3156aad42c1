package store

import (
	"context"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"trackly/internal/fault"
	"trackly/models"
)

// AddShortLink stores a link of the account and gives it its number. One that leads to a
// host whose links lead here is refused, whoever's host it is.
func (s *Store) AddShortLink(ctx context.Context, o models.Once, l models.ShortLink) (models.ShortLink, error) {
	if err := s.leadsAway(ctx, l); err != nil {
		return l, err
	}
	if err := s.pool.QueryRow(ctx, `SELECT nextval('short_link_ids')`).Scan(&l.ID); err != nil {
		return l, explain(err, "link")
	}
	kept, err := s.once(ctx, l.AccountID, o, l.ID.String(), func(tx *gorm.DB) error { return tx.Create(&l).Error })
	if err != nil {
		return l, explain(err, "link")
	}
	id, err := models.ParseMessageID(kept)
	if err != nil {
		return l, err
	}
	return s.ShortLink(ctx, l.AccountID, id)
}

func (s *Store) leadsAway(ctx context.Context, l models.ShortLink) error {
	u, err := url.Parse(l.URL)
	if err != nil {
		return fault.New(fault.Invalid, "the URL cannot be read")
	}
	var back bool
	err = s.pool.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM (SELECT link_url FROM lists UNION ALL SELECT url FROM link_domains) x (url)
		                WHERE lower(substring(x.url FROM '^https?://([^/:?#]+)')) = $1)`,
		strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")).Scan(&back)
	if err == nil && back {
		var bad fault.Problems
		bad.Add("url", models.LeadsBack)
		return bad.Err("the link")
	}
	return explain(err, "link")
}

// ShortLink reads one link.
func (s *Store) ShortLink(ctx context.Context, account models.AccountID, id models.MessageID) (models.ShortLink, error) {
	var l models.ShortLink
	err := s.db.WithContext(ctx).Take(&l, "account_id = ? AND id = ?", account, id).Error
	return l, explain(err, "link")
}

// ShortLinks reads a page of links, oldest first.
func (s *Store) ShortLinks(ctx context.Context, account models.AccountID, after models.MessageID, limit int) ([]models.ShortLink, error) {
	var rows []models.ShortLink
	err := s.db.WithContext(ctx).Where("account_id = ? AND id > ?", account, after).Order("id").Limit(limit).Find(&rows).Error
	return rows, explain(err, "links")
}

// ShortLinkClicks counts the requests to links of the account. One that nobody followed is
// not in the answer.
func (s *Store) ShortLinkClicks(ctx context.Context, account models.AccountID, ids ...models.MessageID) (map[models.MessageID]models.ShortLinkClicks, error) {
	all := make(map[models.MessageID]models.ShortLinkClicks, len(ids))
	rows, err := s.pool.Query(ctx, `
		SELECT message_id, count(*) FILTER (WHERE verdict = 'human'), count(*) FILTER (WHERE verdict = 'bot'), count(*) FILTER (WHERE verdict = 'unsure')
		  FROM clicks WHERE account_id = $1 AND message_id = ANY ($2) GROUP BY message_id`, account, ids)
	if err != nil {
		return nil, explain(err, "clicks")
	}
	var id models.MessageID
	var n models.ShortLinkClicks
	_, err = pgx.ForEachRow(rows, []any{&id, &n.Human, &n.Bot, &n.Unsure}, func() error {
		all[id] = n
		return nil
	})
	return all, explain(err, "clicks")
}
