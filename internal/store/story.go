package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// Story reads all that is known of a message, for the question why it was or was not sent.
func (s *Store) Story(ctx context.Context, account models.AccountID, id models.MessageID) (models.Story, error) {
	var st models.Story
	var err error
	if st.Message, err = s.Message(ctx, account, id); err != nil {
		return st, err
	}
	if st.Decisions, err = s.Decisions(ctx, account, id); err != nil {
		return st, err
	}
	if st.Clicks, err = s.clicksOf(ctx, account, id); err != nil {
		return st, err
	}
	if st.List, err = s.List(ctx, account, st.Message.ListID); err != nil {
		return st, err
	}
	if st.Settings, err = s.Settings(ctx, account); err != nil || st.Message.CampaignID == "" {
		return st, err
	}
	c, err := s.Campaign(ctx, account, st.Message.CampaignID)
	st.Campaign = c.Name
	return st, err
}

// clicksTold bounds a story: a link that was posted somewhere is followed without end.
const clicksTold = 200

// clicksOf gives the first requests to the links of a message.
func (s *Store) clicksOf(ctx context.Context, account models.AccountID, id models.MessageID) ([]models.ClickTold, error) {
	rows, err := s.pool.Query(ctx, `
		SELECT k.at, k.link, k.verdict, k.reason, k.own_verdict, k.own_reason, f.click_id IS NOT NULL
		  FROM clicks k LEFT JOIN first_clicks f ON f.click_id = k.id AND f.message_id = k.message_id
		 WHERE k.account_id = $1 AND k.message_id = $2 ORDER BY k.at, k.id LIMIT $3`, account, id, clicksTold)
	if err != nil {
		return nil, explain(err, "clicks")
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.ClickTold])
	return all, explain(err, "clicks")
}
