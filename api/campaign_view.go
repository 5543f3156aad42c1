package api

import (
	"time"

	"trackly/models"
)

// campaignView is a campaign as clients read it.
type campaignView struct {
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	ListID     string       `json:"list_id" doc:"The first of list_ids."`
	ListIDs    []string     `json:"list_ids" nullable:"false" doc:"A person on several is texted from the first of them."`
	State      string       `json:"state" enum:"draft,scheduled,sending,paused,sent,cancelled"`
	Reason     string       `json:"reason,omitempty" doc:"Why it is paused or cancelled."`
	Filter     *filterJSON  `json:"filter"`
	Include    []string     `json:"include_audiences" nullable:"false"`
	Exclude    []string     `json:"exclude_audiences" nullable:"false"`
	Variants   []newVariant `json:"variants,omitempty" doc:"Not in lists of campaigns."`
	Late       string       `json:"late" enum:"wait,drop" doc:"What becomes of a text outside a contact's hours."`
	OnFull     string       `json:"on_full" enum:"ignore,pause,swap" doc:"What it does when an offer has no room."`
	Spare      *newSpare    `json:"spare,omitempty" doc:"What it sends then."`
	SendAt     *time.Time   `json:"send_at,omitempty" doc:"Absent: at launch. With local_time it is when the first clock on earth shows that: then the audience is taken."`
	Local      string       `json:"local_time,omitempty" doc:"A time on the wall, each contact's own."`
	Planned    *int64       `json:"planned,omitempty" doc:"Messages; known once it sends."`
	LaunchedAt *time.Time   `json:"launched_at,omitempty"`
	StartedAt  *time.Time   `json:"started_at,omitempty"`
	FinishedAt *time.Time   `json:"finished_at,omitempty"`
	CreatedAt  time.Time    `json:"created_at"`
}

func campaignViewOf(c models.Campaign) campaignView {
	v := campaignView{
		ID: string(c.ID), Name: c.Name, ListID: string(c.ListID), ListIDs: textsOf(c.From()), State: string(c.State), Reason: c.Reason,
		Filter: filterOf(c.Filter), Include: textsOf(c.Include), Exclude: textsOf(c.Exclude), Local: c.LocalTime, Late: string(c.Late),
		OnFull: string(c.OnFull), SendAt: utc(c.SendAt), Planned: c.Planned, LaunchedAt: utc(c.LaunchedAt),
		StartedAt: utc(c.StartedAt), FinishedAt: utc(c.FinishedAt), CreatedAt: c.CreatedAt.UTC(),
	}
	for _, x := range c.Variants {
		if x.Spare {
			v.Spare = &newSpare{Name: x.Name, CreativeID: string(x.CreativeID)}
			continue
		}
		v.Variants = append(v.Variants, newVariant{Name: x.Name, CreativeID: string(x.CreativeID), Percent: x.Percent})
	}
	return v
}
