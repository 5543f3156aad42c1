package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/field"
)

// campaignStore keeps campaigns.
type campaignStore interface {
	List(ctx context.Context, account models.AccountID, id models.ListID) (models.List, error)
	Creative(ctx context.Context, account models.AccountID, id models.CreativeID) (models.Creative, error)
	AddCampaign(ctx context.Context, o models.Once, c models.Campaign) (models.Campaign, error)
	Campaign(ctx context.Context, account models.AccountID, id models.CampaignID) (models.Campaign, error)
	Campaigns(ctx context.Context, account models.AccountID, after models.CampaignID, limit int) ([]models.Campaign, error)
	LaunchCampaign(ctx context.Context, account models.AccountID, id models.CampaignID, sendAt *time.Time, at time.Time) (models.Campaign, error)
	MoveCampaign(ctx context.Context, account models.AccountID, id models.CampaignID, next models.CampaignState, reason string, at time.Time) (models.Campaign, error)
	FieldSet(ctx context.Context, account models.AccountID) (field.Set, error)
	AudienceSize(ctx context.Context, account models.AccountID, list models.ListID, f audience.Filter) (int64, error)
}

func (s *Server) campaignRoutes() {
	create := operation(http.MethodPost, "/v1/campaigns", "create-campaign", "campaigns", "Create a campaign")
	create.DefaultStatus = http.StatusCreated
	post(s, create, s.createCampaign)
	get(s, operation(http.MethodGet, "/v1/campaigns", "list-campaigns", "campaigns", "Read the campaigns"), s.campaigns)
	get(s, operation(http.MethodGet, "/v1/campaigns/{id}", "get-campaign", "campaigns", "Read a campaign"), s.campaign)
	get(s, operation(http.MethodGet, "/v1/campaigns/{id}/audience-size", "get-audience-size", "campaigns", "Count whom a campaign would reach now"), s.audienceSize)
}

// newCampaign asks for a campaign.
type newCampaign struct {
	Name     string       `json:"name" example:"Autumn"`
	ListID   string       `json:"list_id" doc:"From where, and to whose contacts."`
	Filter   *filterJSON  `json:"filter,omitempty" doc:"To whom of them; left out: to all who may be texted."`
	Variants []newVariant `json:"variants" doc:"One, or up to ten for an A/B test."`
	Late     string       `json:"late,omitempty" enum:"wait,drop" default:"wait" doc:"What becomes of a text that does not fit into a contact's hours: it waits for the next opening, or is skipped."`
}

type newVariant struct {
	Name       string `json:"name" example:"A"`
	CreativeID string `json:"creative_id"`
	Percent    int    `json:"percent" doc:"Of the audience; all variants together make 100." example:"100"`
}

func (n newCampaign) campaign(account models.AccountID) models.Campaign {
	c := models.Campaign{
		ID: models.NewID[models.CampaignID](), AccountID: account, ListID: models.ListID(n.ListID), Name: n.Name,
		State: models.CampaignDraft, Filter: n.Filter.filter(), Late: cmp.Or(models.Late(n.Late), models.LateWaits),
	}
	for i, v := range n.Variants {
		c.Variants = append(c.Variants, models.Variant{
			CampaignID: c.ID, Number: i + 1, Name: v.Name, CreativeID: models.CreativeID(v.CreativeID), Percent: v.Percent,
		})
	}
	return c
}

func (s *Server) createCampaign(ctx context.Context, in *Posting, body newCampaign, bad *fault.Problems) (*created[campaignView], error) {
	c := body.campaign(accountOf(ctx))
	known, err := s.store.FieldSet(ctx, c.AccountID)
	if err != nil {
		return nil, err
	}
	if err := add(bad, c.Check(known), nil); err != nil {
		return nil, err
	}
	if err := s.checkParts(ctx, bad, c); err != nil {
		return nil, err
	}
	if err := bad.Err("the campaign"); err != nil {
		return nil, err
	}
	c, err = s.store.AddCampaign(ctx, in.once(), c)
	if err != nil {
		return nil, err
	}
	return &created[campaignView]{Location: "/v1/campaigns/" + string(c.ID), Body: campaignViewOf(c)}, nil
}

// checkParts complains of a list or creatives that do not exist or cannot be used.
func (s *Server) checkParts(ctx context.Context, bad *fault.Problems, c models.Campaign) error {
	if c.ListID != "" {
		if _, err := s.store.List(ctx, c.AccountID, c.ListID); err != nil {
			if err := missing(bad, err, "list_id", "is not a list of this account"); err != nil {
				return err
			}
		}
	}
	for i, v := range c.Variants[:min(len(c.Variants), 10)] {
		if v.CreativeID == "" {
			continue
		}
		where := fmt.Sprintf("variants[%d].creative_id", i)
		creative, err := s.store.Creative(ctx, c.AccountID, v.CreativeID)
		if err != nil {
			if err := missing(bad, err, where, "is not a creative of this account"); err != nil {
				return err
			}
			continue
		}
		if err := creative.Usable(); err != nil {
			bad.Add(where, "%s", err)
		}
	}
	return nil
}

func (s *Server) campaigns(ctx context.Context, in *struct{ Paging }) (*reply[Page[campaignView]], error) {
	after, err := afterID[models.CampaignID](in.Paging)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Campaigns(ctx, accountOf(ctx), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(rows, in.Limit, campaignViewOf, func(c models.Campaign) string { return string(c.ID) }), nil
}

func (s *Server) campaign(ctx context.Context, in *OnID) (*reply[campaignView], error) {
	c, err := s.store.Campaign(ctx, accountOf(ctx), models.CampaignID(in.ID))
	if err != nil {
		return nil, err
	}
	return &reply[campaignView]{Body: campaignViewOf(c)}, nil
}

type audienceSizeView struct {
	Contacts int64 `json:"contacts" doc:"Whom the campaign would reach if it were sent now."`
}

func (s *Server) audienceSize(ctx context.Context, in *OnID) (*reply[audienceSizeView], error) {
	c, err := s.store.Campaign(ctx, accountOf(ctx), models.CampaignID(in.ID))
	if err != nil {
		return nil, err
	}
	n, err := s.store.AudienceSize(ctx, c.AccountID, c.ListID, c.Filter)
	if err != nil {
		return nil, err
	}
	return &reply[audienceSizeView]{Body: audienceSizeView{Contacts: n}}, nil
}
