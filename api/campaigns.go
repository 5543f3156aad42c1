package api

import (
	"cmp"
	"context"
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
	Audience(ctx context.Context, account models.AccountID, id models.AudienceID) (models.Audience, error)
	CheckNamed(ctx context.Context, account models.AccountID, f audience.Filter) error
	Reach(ctx context.Context, c models.Campaign, now time.Time) (models.Reach, error)
	Waves(ctx context.Context, account models.AccountID, id models.CampaignID) ([]models.Wave, error)
}

func (s *Server) campaignRoutes() {
	create := operation(http.MethodPost, "/v1/campaigns", "create-campaign", "campaigns", "Create a campaign")
	create.DefaultStatus = http.StatusCreated
	post(s, create, s.createCampaign)
	get(s, operation(http.MethodGet, "/v1/campaigns", "list-campaigns", "campaigns", "Read the campaigns"), s.campaigns)
	get(s, operation(http.MethodGet, "/v1/campaigns/{id}", "get-campaign", "campaigns", "Read a campaign"), s.campaign)
	get(s, operation(http.MethodGet, "/v1/campaigns/{id}/audience-size", "get-audience-size", "campaigns", "Count whom a campaign would reach now"), s.audienceSize)
	get(s, operation(http.MethodGet, "/v1/campaigns/{id}/waves", "get-waves", "campaigns", "See when a campaign goes out to how many"), s.waves)
}

// newCampaign asks for a campaign.
type newCampaign struct {
	Name     string       `json:"name" example:"Autumn"`
	ListID   string       `json:"list_id,omitempty" doc:"From where, and to whose contacts. The same as one list in list_ids."`
	ListIDs  []string     `json:"list_ids,omitempty" doc:"Up to 20 lists. A person on several of them gets one text, from the first of them in this order."`
	Filter   *filterJSON  `json:"filter,omitempty" doc:"To whom of them; left out: to all who may be texted."`
	Include  []string     `json:"include_audiences,omitempty" doc:"Up to 20 audiences: only to whoever is in any of them. Left out: to all."`
	Exclude  []string     `json:"exclude_audiences,omitempty" doc:"Up to 20 audiences: not to whoever is in any of them, by this list or by any other one of the account."`
	Variants []newVariant `json:"variants" doc:"One, or up to ten for an A/B test."`
	Late     string       `json:"late,omitempty" enum:"wait,drop" default:"wait" doc:"What becomes of a text that does not fit into a contact's hours: it waits for the next opening, or is skipped."`
	OnFull   string       `json:"on_full,omitempty" enum:"ignore,pause,swap" default:"ignore" doc:"What to do when an offer of a variant is closed, or its cap leaves no room for more conversions, those still expected included: send on, pause, or send the spare to whoever is still queued."`
	Spare    *newSpare    `json:"spare,omitempty" doc:"What to send instead, with on_full swap. It is no part of the split and of the test."`
	Local    string       `json:"local_time,omitempty" doc:"A time on the wall: to each contact when it is that time where they are; of several zones they may be in, the latest counts. Left out: to all at once." example:"2026-11-26T09:00"`
}

type newVariant struct {
	Name       string `json:"name" example:"A"`
	CreativeID string `json:"creative_id"`
	Percent    int    `json:"percent" doc:"Of the audience; all variants together make 100." example:"100"`
}

type newSpare struct {
	Name       string `json:"name" example:"Spare"`
	CreativeID string `json:"creative_id"`
}

func (n newCampaign) campaign(account models.AccountID) models.Campaign {
	c := models.Campaign{
		ID: models.NewID[models.CampaignID](), AccountID: account, ListID: models.ListID(n.ListID), Name: n.Name,
		State: models.CampaignDraft, Filter: n.Filter.filter(), Late: cmp.Or(models.Late(n.Late), models.LateWaits),
		OnFull: cmp.Or(models.OnFull(n.OnFull), models.FullIgnored),
		Lists:  idsOf[models.ListID](n.ListIDs), LocalTime: n.Local,
		Include: idsOf[models.AudienceID](n.Include), Exclude: idsOf[models.AudienceID](n.Exclude),
	}
	if len(c.Lists) > 0 {
		c.ListID = c.Lists[0]
	}
	for i, v := range n.Variants {
		c.Variants = append(c.Variants, models.Variant{
			CampaignID: c.ID, Number: i + 1, Name: v.Name, CreativeID: models.CreativeID(v.CreativeID), Percent: v.Percent,
		})
	}
	if n.Spare != nil {
		c.Variants = append(c.Variants, models.Variant{
			CampaignID: c.ID, Number: len(n.Variants) + 1, Name: n.Spare.Name, CreativeID: models.CreativeID(n.Spare.CreativeID), Spare: true,
		})
	}
	return c
}

func (s *Server) createCampaign(ctx context.Context, in *Posting, body newCampaign, bad *fault.Problems) (*created[campaignView], error) {
	c := body.campaign(accountOf(ctx))
	switch {
	case body.ListID != "" && len(body.ListIDs) > 0:
		bad.Add("list_id", "is one way to name the list, and list_ids the other; use one of them")
	case body.ListID == "" && len(body.ListIDs) == 0:
		bad.Add("list_id", "is required, or list_ids")
	}
	known, err := s.store.FieldSet(ctx, c.AccountID)
	if err != nil {
		return nil, err
	}
	if err := add(bad, c.Check(known), nil); err != nil {
		return nil, err
	}
	if err := add(bad, s.store.CheckNamed(ctx, c.AccountID, c.Filter), nil); err != nil {
		return nil, err
	}
	for _, check := range []func(context.Context, *fault.Problems, models.Campaign) error{s.checkSources, s.checkAudiences, s.checkCreatives} {
		if err := check(ctx, bad, c); err != nil {
			return nil, err
		}
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
