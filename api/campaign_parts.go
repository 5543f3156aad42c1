package api

import (
	"context"
	"fmt"
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/wave"
)

func idsOf[T ~string](ids []string) []T {
	var out []T
	for _, id := range ids {
		out = append(out, T(id))
	}
	return out
}

func textsOf[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// checkSources complains of lists that do not exist, and of a time that is over.
func (s *Server) checkSources(ctx context.Context, bad *fault.Problems, c models.Campaign) error {
	if len(c.Lists) == 0 && c.ListID != "" {
		if _, err := s.store.List(ctx, c.AccountID, c.ListID); err != nil {
			if err := missing(bad, err, "list_id", "is not a list of this account"); err != nil {
				return err
			}
		}
	}
	for i, id := range c.Lists[:min(len(c.Lists), models.MaxCampaignLists)] {
		if _, err := s.store.List(ctx, c.AccountID, id); err != nil {
			if err := missing(bad, err, fmt.Sprintf("list_ids[%d]", i), "is not a list of this account"); err != nil {
				return err
			}
		}
	}
	if wall, err := wave.Parse(c.LocalTime); err == nil && !wall.Last().After(s.now()) {
		bad.Add("local_time", "has passed on every clock on earth")
	}
	return nil
}

// checkAudiences complains of audiences that do not exist.
func (s *Server) checkAudiences(ctx context.Context, bad *fault.Problems, c models.Campaign) error {
	for where, ids := range map[string][]models.AudienceID{"include_audiences": c.Include, "exclude_audiences": c.Exclude} {
		for i, id := range ids[:min(len(ids), models.MaxCampaignAudiences)] {
			if _, err := s.store.Audience(ctx, c.AccountID, id); err != nil {
				if err := missing(bad, err, fmt.Sprintf("%s[%d]", where, i), "is not an audience of this account"); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// checkCreatives complains of creatives that do not exist or cannot be used.
func (s *Server) checkCreatives(ctx context.Context, bad *fault.Problems, c models.Campaign) error {
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

type audienceSizeView struct {
	Contacts int64           `json:"contacts" doc:"Whom the campaign would reach if it were sent now: each person once, after exclusions."`
	Lists    []listReachView `json:"lists" nullable:"false" doc:"From which list, in their order."`
}

type listReachView struct {
	ListID   string `json:"list_id"`
	Contacts int64  `json:"contacts"`
}

func (s *Server) audienceSize(ctx context.Context, in *OnID) (*reply[audienceSizeView], error) {
	c, err := s.store.Campaign(ctx, accountOf(ctx), models.CampaignID(in.ID))
	if err != nil {
		return nil, err
	}
	r, err := s.store.Reach(ctx, c, s.now())
	if err != nil {
		return nil, err
	}
	v := audienceSizeView{Contacts: r.Contacts, Lists: []listReachView{}}
	for _, l := range r.Lists {
		v.Lists = append(v.Lists, listReachView{ListID: string(l.ListID), Contacts: l.Contacts})
	}
	return &reply[audienceSizeView]{Body: v}, nil
}

type wavesView struct {
	Frozen bool       `json:"frozen" doc:"false: how it would be if the campaign were sent now."`
	Waves  []waveView `json:"waves" nullable:"false" doc:"By time."`
}

type waveView struct {
	At       *time.Time `json:"at,omitempty" doc:"When its contacts' clocks show the campaign's local time; a time that was over at the start is due at once. Absent: with the campaign."`
	Contacts int64      `json:"contacts"`
	Sent     int64      `json:"sent" doc:"The provider accepted them, whatever came later."`
}

// waves are those of the frozen campaign, or those it would have.
func (s *Server) waves(ctx context.Context, in *OnID) (*reply[wavesView], error) {
	c, err := s.store.Campaign(ctx, accountOf(ctx), models.CampaignID(in.ID))
	if err != nil {
		return nil, err
	}
	v := wavesView{Frozen: c.Planned != nil, Waves: []waveView{}}
	var waves []models.Wave
	if v.Frozen {
		waves, err = s.store.Waves(ctx, c.AccountID, c.ID)
	} else {
		var r models.Reach
		r, err = s.store.Reach(ctx, c, s.now())
		waves = r.Waves
	}
	if err != nil {
		return nil, err
	}
	for _, w := range waves {
		v.Waves = append(v.Waves, waveView{At: utc(w.At), Contacts: w.Contacts, Sent: w.Sent})
	}
	return &reply[wavesView]{Body: v}, nil
}
