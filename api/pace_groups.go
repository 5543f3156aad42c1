package api

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/pace"
)

// paceStore keeps the paces of provider accounts that several lists share.
type paceStore interface {
	PaceGroups(ctx context.Context, account models.AccountID) (map[string]pace.Limit, error)
	SetPaceGroup(ctx context.Context, account models.AccountID, name string, l pace.Limit) error
}

func (s *Server) paceRoutes() {
	get(s, operation(http.MethodGet, "/v1/pace-groups", "list-pace-groups", "lists", "Read the paces that lists share"), s.paceGroups)
	put := operation(http.MethodPut, "/v1/pace-groups/{name}", "set-pace-group", "lists", "Set the pace of all routes that name a group")
	put.Description = "What is left out is not limited. A group needs no list yet."
	post(s, put, s.setPaceGroup)
}

// paceView is the pace of a group.
type paceView struct {
	Name string `json:"name"`
	newPace
}

type newPace struct {
	MessagesPerSecond float64 `json:"messages_per_second,omitempty" minimum:"0" doc:"0: no limit."`
	SegmentsPerSecond float64 `json:"segments_per_second,omitempty" minimum:"0" doc:"0: no limit."`
	MessagesPerDay    int     `json:"messages_per_day,omitempty" minimum:"0" doc:"In the account's zone; 0: no limit."`
}

func (s *Server) paceGroups(ctx context.Context, _ *struct{}) (*reply[Page[paceView]], error) {
	all, err := s.store.PaceGroups(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	page := Page[paceView]{Items: make([]paceView, 0, len(all))}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		page.Items = append(page.Items, paceView{Name: name, newPace: newPace(all[name])})
	}
	return &reply[Page[paceView]]{Body: page}, nil
}

// onPaceGroup addresses a group by its name.
type onPaceGroup struct {
	Name string `path:"name" maxLength:"50" doc:"As the routes name it."`
	Posting
}

func (s *Server) setPaceGroup(ctx context.Context, in *onPaceGroup, body newPace, bad *fault.Problems) (*reply[paceView], error) {
	limit := pace.Limit(body)
	found := limit.Problems()
	if err := add(bad, found.Err("the pace"), nil); err != nil {
		return nil, err
	}
	r := models.Route{Phone: "+12025550100", PaceGroup: in.Name}
	if err := add(bad, r.Check(), func(string) string { return "path.name" }); err != nil {
		return nil, err
	}
	if err := bad.Err("the pace"); err != nil {
		return nil, err
	}
	if err := s.store.SetPaceGroup(ctx, accountOf(ctx), in.Name, limit); err != nil {
		return nil, err
	}
	return &reply[paceView]{Body: paceView{Name: in.Name, newPace: body}}, nil
}
