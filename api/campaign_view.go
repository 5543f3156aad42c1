package api

import (
	"time"

	"trackly/models"
	"trackly/rules/audience"
)

// campaignView is a campaign as clients read it.
type campaignView struct {
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	ListID     string       `json:"list_id"`
	State      string       `json:"state" enum:"draft,scheduled,sending,paused,sent,cancelled"`
	Reason     string       `json:"reason,omitempty" doc:"Why it is paused or cancelled."`
	Filter     *filterJSON  `json:"filter"`
	Variants   []newVariant `json:"variants,omitempty" doc:"Not in lists of campaigns."`
	Late       string       `json:"late" enum:"wait,drop" doc:"What becomes of a text outside a contact's hours."`
	SendAt     *time.Time   `json:"send_at,omitempty" doc:"Absent: at launch."`
	Planned    *int64       `json:"planned,omitempty" doc:"Messages; known once it sends."`
	LaunchedAt *time.Time   `json:"launched_at,omitempty"`
	StartedAt  *time.Time   `json:"started_at,omitempty"`
	FinishedAt *time.Time   `json:"finished_at,omitempty"`
	CreatedAt  time.Time    `json:"created_at"`
}

func campaignViewOf(c models.Campaign) campaignView {
	v := campaignView{
		ID: string(c.ID), Name: c.Name, ListID: string(c.ListID), State: string(c.State), Reason: c.Reason,
		Filter: filterOf(c.Filter), Late: string(c.Late), SendAt: utc(c.SendAt), Planned: c.Planned, LaunchedAt: utc(c.LaunchedAt),
		StartedAt: utc(c.StartedAt), FinishedAt: utc(c.FinishedAt), CreatedAt: c.CreatedAt.UTC(),
	}
	for _, x := range c.Variants {
		v.Variants = append(v.Variants, newVariant{Name: x.Name, CreativeID: string(x.CreativeID), Percent: x.Percent})
	}
	return v
}

// filterJSON is an audience filter: all conditions must hold.
type filterJSON struct {
	All []conditionJSON `json:"all" nullable:"false" doc:"All of these must hold; none: everybody."`
}

type conditionJSON struct {
	Field  string   `json:"field" doc:"state, first_name, last_name or a custom field." example:"state"`
	Op     string   `json:"op" enum:"eq,ne,in,not_in,exists,not_exists" doc:"A contact without the field fulfils not_exists only."`
	Values []string `json:"values,omitempty" doc:"One for eq and ne, one or more for in and not_in, none otherwise." example:"[\"TX\"]"`
}

func (f *filterJSON) filter() audience.Filter {
	var out audience.Filter
	if f == nil {
		return out
	}
	for _, c := range f.All {
		out.All = append(out.All, audience.Condition{Field: c.Field, Op: audience.Op(c.Op), Values: c.Values})
	}
	return out
}

func filterOf(f audience.Filter) *filterJSON {
	out := &filterJSON{All: []conditionJSON{}}
	for _, c := range f.All {
		out.All = append(out.All, conditionJSON{Field: c.Field, Op: string(c.Op), Values: c.Values})
	}
	return out
}
