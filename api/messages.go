package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"trackly/models"
)

// messageStore reads messages.
type messageStore interface {
	Campaign(ctx context.Context, account models.AccountID, id models.CampaignID) (models.Campaign, error)
	Message(ctx context.Context, account models.AccountID, id models.MessageID) (models.Message, error)
	Messages(ctx context.Context, account models.AccountID, campaign models.CampaignID, state models.MessageState, after models.MessageID, limit int) ([]models.Message, error)
}

func (s *Server) messageRoutes() {
	get(s, operation(http.MethodGet, "/v1/campaigns/{id}/messages", "list-messages", "messages", "Read a campaign's messages"), s.messages)
	get(s, operation(http.MethodGet, "/v1/messages/{id}", "get-message", "messages", "Read a message with its history"), s.message)
}

// messageView is one text to one contact.
type messageView struct {
	ID           string     `json:"id"`
	Kind         string     `json:"kind" enum:"campaign,api,reply,confirmation,help,passcode,test" doc:"Why it is sent, and so which checks it is spared."`
	CampaignID   string     `json:"campaign_id,omitempty" doc:"Absent for a single text."`
	ListID       string     `json:"list_id"`
	ContactID    string     `json:"contact_id"`
	Variant      int        `json:"variant,omitempty" doc:"Its number, from 1; absent for a single text."`
	Route        int        `json:"route,omitempty" doc:"The rank of the route that took it; absent before."`
	State        string     `json:"state" enum:"queued,claimed,sent,delivered,undelivered,failed,skipped,unknown"`
	Reason       string     `json:"reason,omitempty" doc:"Why it was skipped, failed or undelivered."`
	Body         string     `json:"body,omitempty" doc:"The text as handed over."`
	Segments     int        `json:"segments"`
	ProviderID   string     `json:"provider_id,omitempty" doc:"The provider's id of the message."`
	ProviderCode string     `json:"provider_code,omitempty" doc:"The provider's own code."`
	ProviderText string     `json:"provider_text,omitempty" doc:"The provider's own words."`
	History      []stepView `json:"history" nullable:"false" doc:"The states it went through, in order."`
}

type stepView struct {
	State string    `json:"state"`
	At    time.Time `json:"at"`
}

func messageViewOf(m models.Message) messageView {
	v := messageView{
		ID: strconv.FormatInt(int64(m.ID), 10), Kind: string(m.Kind), CampaignID: string(m.CampaignID), ListID: string(m.ListID), Route: m.Route,
		ContactID: strconv.FormatInt(int64(m.SubscriptionID), 10), Variant: m.Variant, State: string(m.State), Reason: m.Reason,
		Body: m.Body, Segments: m.Segments, ProviderID: m.ProviderID, ProviderCode: m.ProviderCode, ProviderText: m.ProviderText,
	}
	for _, step := range m.History() {
		v.History = append(v.History, stepView{State: string(step.State), At: step.At.UTC()})
	}
	return v
}

func (s *Server) messages(ctx context.Context, in *struct {
	OnID
	Paging
	State string `query:"state" enum:"queued,claimed,sent,delivered,undelivered,failed,skipped,unknown" doc:"Only those in this state."`
},
) (*reply[Page[messageView]], error) {
	after, err := afterNumber[models.MessageID](in.Paging)
	if err != nil {
		return nil, err
	}
	c, err := s.store.Campaign(ctx, accountOf(ctx), models.CampaignID(in.ID))
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Messages(ctx, c.AccountID, c.ID, models.MessageState(in.State), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(rows, in.Limit, messageViewOf, func(m models.Message) string { return strconv.FormatInt(int64(m.ID), 10) }), nil
}

func (s *Server) message(ctx context.Context, in *OnID) (*reply[messageView], error) {
	id, err := numberOf[models.MessageID](in.ID, "message")
	if err != nil {
		return nil, err
	}
	m, err := s.store.Message(ctx, accountOf(ctx), id)
	if err != nil {
		return nil, err
	}
	return &reply[messageView]{Body: messageViewOf(m)}, nil
}
