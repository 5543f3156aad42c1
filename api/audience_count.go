package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/field"
)

const (
	// scansAtOnce bounds the scans that impatient typing can start: campaigns need the
	// processors too.
	scansAtOnce = 4
	listsAtOnce = 50 // lists in one question
)

func (s *Server) audienceCountRoutes() {
	count := operation(http.MethodPost, "/v1/audiences/count", "count-filter", "audiences", "Count whom a filter means, before it is saved")
	count.Errors = []int{http.StatusTooManyRequests}
	post(s, count, s.countFilter)
	sample := operation(http.MethodPost, "/v1/audiences/sample", "sample-filter", "audiences", "See some of whom a filter means")
	sample.Description = "Drawn at random, each as likely as any other; another draw gives others."
	sample.Errors = []int{http.StatusTooManyRequests}
	post(s, sample, s.sampleFilter)
	saved := operation(http.MethodGet, "/v1/audiences/{id}/count", "count-audience", "audiences", "Count who is in an audience now")
	saved.Errors = []int{http.StatusTooManyRequests}
	get(s, saved, s.countAudience)
	list := operation(http.MethodGet, "/v1/audiences/{id}/members", "list-audience-members", "audiences", "Read who is in an audience now")
	list.Errors = []int{http.StatusTooManyRequests}
	get(s, list, s.audienceMembers)
}

// filterAsked is a filter that is not saved yet.
type filterAsked struct {
	Filter  *filterJSON `json:"filter,omitempty" doc:"Left out: all who may be texted."`
	ListIDs []string    `json:"list_ids,omitempty" maxItems:"50" doc:"Only on these lists; left out: on all."`
}

// sampleAsked is the same, and how many are wanted.
type sampleAsked struct {
	Filter  *filterJSON `json:"filter,omitempty" doc:"Left out: all who may be texted."`
	ListIDs []string    `json:"list_ids,omitempty" maxItems:"50" doc:"Only on these lists; left out: on all."`
	Limit   int         `json:"limit,omitempty" minimum:"1" maximum:"100" default:"10" doc:"How many at most."`
}

type countView struct {
	Contacts int64 `json:"contacts" doc:"Contacts on lists who may be texted. Somebody on two lists counts twice; a campaign to both texts them once."`
}

type sampleView struct {
	Items []memberView `json:"items" nullable:"false" doc:"In no order."`
}

// memberView is a contact and the list by which it is a member.
type memberView struct {
	ListID  string      `json:"list_id"`
	Contact contactView `json:"contact"`
}

func memberViewOf(c models.Subscription, set field.Set) memberView {
	return memberView{ListID: string(c.ListID), Contact: contactViewOf(c, set)}
}

// scanning takes one of the places for scans until done is called.
func (s *Server) scanning() (done func(), err error) {
	select {
	case s.scans <- struct{}{}:
		return func() { <-s.scans }, nil
	default:
		return nil, fault.After(time.Second, "%d audiences are being read; try again in a second", scansAtOnce)
	}
}

// meant checks a filter that is not saved and the lists it is asked of.
func (s *Server) meant(ctx context.Context, bad *fault.Problems, filter *filterJSON, lists []string) (models.Members, error) {
	m := models.Members{AccountID: accountOf(ctx), Filter: filter.filter()}
	if err := s.checkFilter(ctx, bad, m.AccountID, m.Filter); err != nil {
		return m, err
	}
	for i, id := range lists[:min(len(lists), listsAtOnce)] {
		l, err := s.store.List(ctx, m.AccountID, models.ListID(id))
		if err != nil {
			if err := missing(bad, err, fmt.Sprintf("list_ids[%d]", i), "is not a list of this account"); err != nil {
				return m, err
			}
			continue
		}
		m.Lists = append(m.Lists, l.ID)
	}
	return m, bad.Err("the question")
}

func (s *Server) countFilter(ctx context.Context, _ *asking, body filterAsked, bad *fault.Problems) (*reply[countView], error) {
	m, err := s.meant(ctx, bad, body.Filter, body.ListIDs)
	if err != nil {
		return nil, err
	}
	return s.countMembers(ctx, m)
}

func (s *Server) countAudience(ctx context.Context, in *OnID) (*reply[countView], error) {
	a, err := s.store.Audience(ctx, accountOf(ctx), models.AudienceID(in.ID))
	if err != nil {
		return nil, err
	}
	return s.countMembers(ctx, a.Members())
}

func (s *Server) countMembers(ctx context.Context, m models.Members) (*reply[countView], error) {
	done, err := s.scanning()
	if err != nil {
		return nil, err
	}
	defer done()
	n, err := s.store.AudienceCount(ctx, m)
	if err != nil {
		return nil, err
	}
	return &reply[countView]{Body: countView{Contacts: n}}, nil
}

func (s *Server) sampleFilter(ctx context.Context, _ *asking, body sampleAsked, bad *fault.Problems) (*reply[sampleView], error) {
	m, err := s.meant(ctx, bad, body.Filter, body.ListIDs)
	if err != nil {
		return nil, err
	}
	done, err := s.scanning()
	if err != nil {
		return nil, err
	}
	defer done()
	rows, err := s.store.AudienceSample(ctx, m, cmp.Or(body.Limit, 10))
	if err != nil {
		return nil, err
	}
	set, err := s.store.FieldSet(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	v := sampleView{Items: make([]memberView, len(rows))}
	for i, r := range rows {
		v.Items[i] = memberViewOf(r, set)
	}
	return &reply[sampleView]{Body: v}, nil
}

func (s *Server) audienceMembers(ctx context.Context, in *struct {
	OnID
	Paging
},
) (*reply[Page[memberView]], error) {
	after, err := afterMember(in.Paging)
	if err != nil {
		return nil, err
	}
	a, err := s.store.Audience(ctx, accountOf(ctx), models.AudienceID(in.ID))
	if err != nil {
		return nil, err
	}
	done, err := s.scanning()
	if err != nil {
		return nil, err
	}
	defer done()
	rows, err := s.store.AudienceMembers(ctx, a.Members(), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	set, err := s.store.FieldSet(ctx, a.AccountID)
	if err != nil {
		return nil, err
	}
	view := func(c models.Subscription) memberView { return memberViewOf(c, set) }
	return pageOf(rows, in.Limit, view, func(c models.Subscription) string {
		return string(c.ListID) + " " + strconv.FormatInt(int64(c.ID), 10)
	}), nil
}

// afterMember reads a cursor over members: a list and a contact of it.
func afterMember(p Paging) (models.MemberPlace, error) {
	last, ok := fromCursor(p.Cursor)
	if ok && last == "" {
		return models.MemberPlace{}, nil
	}
	list, id, _ := strings.Cut(last, " ")
	n, err := strconv.ParseInt(id, 10, 64)
	if !ok || !models.IsID(list) || err != nil || n < 1 {
		return models.MemberPlace{}, badCursor()
	}
	return models.MemberPlace{ListID: models.ListID(list), ID: models.SubscriptionID(n)}, nil
}
