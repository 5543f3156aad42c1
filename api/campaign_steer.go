package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/workflows"
)

// campaignEngine runs campaigns.
type campaignEngine interface {
	StartCampaign(ctx context.Context, c models.Campaign) error
	Steer(ctx context.Context, id models.CampaignID, cmd workflows.Command) error
}

func (s *Server) steerRoutes() {
	launch := operation(http.MethodPost, "/v1/campaigns/{id}/launch", "launch-campaign", "campaigns", "Send a campaign, now or at a time")
	launch.DefaultStatus = http.StatusAccepted
	post(s, launch, s.launch)
	for _, c := range []struct {
		cmd     workflows.Command
		summary string
	}{
		{workflows.Pause, "Hand over nothing more until resumed"},
		{workflows.Resume, "Go on with a paused campaign"},
		{workflows.Cancel, "End a campaign for good"},
	} {
		op := operation(http.MethodPost, "/v1/campaigns/{id}/"+string(c.cmd), string(c.cmd)+"-campaign", "campaigns", c.summary)
		op.DefaultStatus = http.StatusAccepted
		op.Description = "The answer comes before the campaign obeys, which takes a second at most."
		post(s, op, func(ctx context.Context, in *postingTo, _ nothing, bad *fault.Problems) (*reply[acceptedView], error) {
			if err := bad.Err("the request"); err != nil {
				return nil, err
			}
			return s.steer(ctx, models.CampaignID(in.ID), c.cmd)
		})
	}
}

type launching struct {
	SendAt *time.Time `json:"send_at,omitempty" doc:"RFC 3339; left out or in the past: now. A campaign with a local_time has none."`
}

// acceptedView is a campaign that has been told something.
type acceptedView struct {
	Campaign campaignView `json:"campaign" doc:"As it is now, which may be before it obeys."`
	Note     string       `json:"note,omitempty" doc:"What to expect."`
}

// startsByItself is what becomes of a campaign the engine could not be told of.
const startsByItself = "The campaign is launched, but the workflow engine does not answer. It starts by itself when the engine is back; there is nothing to repeat."

func (s *Server) launch(ctx context.Context, in *postingTo, body launching, bad *fault.Problems) (*reply[acceptedView], error) {
	if err := bad.Err("the request"); err != nil {
		return nil, err
	}
	c, err := s.store.Campaign(ctx, accountOf(ctx), models.CampaignID(in.ID))
	if err != nil {
		return nil, err
	}
	if c.State == models.CampaignDraft {
		if err := s.launchable(ctx, c); err != nil {
			return nil, err
		}
	}
	c, err = s.store.LaunchCampaign(ctx, c.AccountID, c.ID, body.SendAt, s.now())
	if err != nil {
		return nil, err
	}
	accepted := &reply[acceptedView]{Body: acceptedView{Campaign: campaignViewOf(c)}}
	if c.State.Final() {
		return accepted, nil
	}
	if err := s.engine.StartCampaign(ctx, c); err != nil {
		s.log.WarnContext(ctx, "launched without a workflow", "campaign", c.ID, "error", err)
		accepted.Body.Note = startsByItself
	}
	return accepted, nil
}

// launchable refuses to launch what could not be sent.
func (s *Server) launchable(ctx context.Context, c models.Campaign) error {
	for _, id := range c.From() {
		l, err := s.store.List(ctx, c.AccountID, id)
		if err != nil {
			return err
		}
		if err := l.Sendable(s.now()); err != nil {
			return err
		}
	}
	for _, v := range c.Variants {
		creative, err := s.store.Creative(ctx, c.AccountID, v.CreativeID)
		if err != nil {
			return err
		}
		if err := creative.Usable(); err != nil {
			return fault.New(fault.Conflict, "variant %q: %s", v.Name, err)
		}
	}
	return nil
}

func (s *Server) steer(ctx context.Context, id models.CampaignID, cmd workflows.Command) (*reply[acceptedView], error) {
	c, err := s.store.Campaign(ctx, accountOf(ctx), id)
	if err != nil {
		return nil, err
	}
	obeyed, err := obeys(c.State, cmd)
	if err != nil {
		return nil, err
	}
	accepted := &reply[acceptedView]{Body: acceptedView{Campaign: campaignViewOf(c)}}
	switch {
	case obeyed && c.State.Final():
		return accepted, nil
	case c.State == models.CampaignDraft: // no workflow has heard of it yet
		c, err = s.store.MoveCampaign(ctx, c.AccountID, c.ID, models.CampaignCancelled, "", s.now())
		accepted.Body.Campaign = campaignViewOf(c)
		return accepted, err
	}
	// Also when the row is as wanted already: an opposite command that came just before
	// may not have been obeyed yet, and the last word must win.
	err = s.engine.Steer(ctx, c.ID, cmd)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		// Launched while the engine was away, and not picked up yet.
		if err = s.engine.StartCampaign(ctx, c); err == nil {
			err = s.engine.Steer(ctx, c.ID, cmd)
		}
	}
	if err != nil {
		return nil, err
	}
	accepted.Body.Note = fmt.Sprintf("The campaign was told to %s.", cmd)
	return accepted, nil
}

// obeys reports whether the campaign is already as wanted, or refuses the command.
func obeys(state models.CampaignState, cmd workflows.Command) (bool, error) {
	var want models.CampaignState
	legal := false
	switch cmd {
	case workflows.Pause:
		want, legal = models.CampaignPaused, state.MayBecome(models.CampaignPaused)
	case workflows.Resume:
		want, legal = models.CampaignSending, state == models.CampaignPaused
	case workflows.Cancel:
		want, legal = models.CampaignCancelled, state.MayBecome(models.CampaignCancelled)
	}
	if state == want {
		return true, nil
	}
	if !legal {
		return false, fault.New(fault.Conflict, "a campaign that is %s cannot be told to %s", state, cmd)
	}
	return false, nil
}
