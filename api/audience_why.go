package api

import (
	"context"
	"net/http"

	"trackly/internal/fault"
	"trackly/models"
)

func (s *Server) audienceWhyRoute() {
	op := operation(http.MethodGet, "/v1/audiences/{id}/why", "get-audience-why", "audiences", "Read why a contact is in an audience, or is not")
	op.Description = "The contact is named by its id, or by phone and list. Every condition says what it answered, and what of."
	get(s, op, s.audienceWhy)
}

// audienceWhyView is why a contact is in an audience, or is not.
type audienceWhyView struct {
	Member  bool        `json:"member" doc:"Whether the contact is in the audience now: every line below that is there must answer true; of a static audience, status and frozen."`
	ListID  string      `json:"list_id"`
	Contact contactView `json:"contact"`
	Status  statusLine  `json:"status" doc:"Only active contacts are members, whatever the filter says."`
	Frozen  *frozenLine `json:"frozen,omitempty" doc:"Of a static audience: whether it held the contact when it was made. The filter is answered as of now and decides nothing."`
	Filter  answerView  `json:"filter"`
}

type statusLine struct {
	Answer bool   `json:"answer"`
	Value  string `json:"value" enum:"active,opted_out,invalid,suppressed"`
}

type frozenLine struct {
	Answer bool `json:"answer"`
}

func (s *Server) audienceWhy(ctx context.Context, in *struct {
	OnID
	ContactID string `query:"contact_id" maxLength:"20" doc:"The contact's id on its list."`
	Phone     string `query:"phone" maxLength:"64" doc:"Instead of the id, with list_id." example:"+12025550123"`
	ListID    string `query:"list_id" maxLength:"64" doc:"The list the phone is on."`
},
) (*reply[audienceWhyView], error) {
	a, err := s.store.Audience(ctx, accountOf(ctx), models.AudienceID(in.ID))
	if err != nil {
		return nil, err
	}
	who, err := whoOf(in.ContactID, in.Phone, models.ListID(in.ListID))
	if err != nil {
		return nil, err
	}
	st, err := s.store.AudienceStanding(ctx, a, who)
	if err != nil {
		return nil, err
	}
	answer := a.Filter.Explain(st.Person, s.now())
	v := audienceWhyView{
		ListID: string(st.Subscription.ListID), Contact: contactViewOf(st.Subscription, st.Person.Types), Filter: answerViewOf(answer),
		Status: statusLine{Answer: st.Subscription.Status == models.SubscriptionActive, Value: string(st.Subscription.Status)},
	}
	v.Member = v.Status.Answer && answer.Matched
	if st.Frozen != nil {
		v.Frozen = &frozenLine{Answer: *st.Frozen}
		v.Member = v.Status.Answer && *st.Frozen
	}
	return &reply[audienceWhyView]{Body: v}, nil
}

// whoOf reads who is asked about: one of two ways, not both.
func whoOf(id, phone string, list models.ListID) (models.Who, error) {
	var bad fault.Problems
	switch {
	case id != "" && (phone != "" || list != ""):
		bad.Add("query.contact_id", "names the contact; leave out phone and list_id")
	case id != "":
		n, err := numberOf[models.SubscriptionID](id, "contact")
		return models.Who{ID: n}, err
	case phone == "" && list == "":
		bad.Add("query.contact_id", "is missing; name a contact by it, or by phone and list_id")
	case phone == "":
		bad.Add("query.phone", "is missing beside list_id")
	case list == "":
		bad.Add("query.list_id", "is missing beside phone")
	}
	who := models.Who{ListID: list}
	if phone != "" {
		who.Phone = readPhone(&bad, "query.phone", phone).E164
	}
	return who, bad.Err("the question")
}
