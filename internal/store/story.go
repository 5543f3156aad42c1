package store

import (
	"context"

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
