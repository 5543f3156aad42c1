package api

import (
	"time"

	"trackly/models"
)

// domainView is a link domain as clients read it.
type domainView struct {
	ID        string     `json:"id"`
	URL       string     `json:"url"`
	Rank      int        `json:"rank"`
	BurnLimit int64      `json:"burn_limit" doc:"0: none."`
	Messages  int64      `json:"messages" doc:"Texts that were taken for handing over with a link to it. One that was put back and taken again counts twice."`
	State     string     `json:"state" enum:"new,up,down,retired"`
	Problem   string     `json:"problem,omitempty" doc:"What the last check found."`
	CheckedAt *time.Time `json:"checked_at,omitempty"`
	InUse     bool       `json:"in_use" doc:"Whether the links of new texts lead there now."`
	CreatedAt time.Time  `json:"created_at"`
}

// domainsView are a list's link domains.
type domainsView struct {
	Items    []domainView `json:"items" nullable:"false" doc:"In the order in which they are used up."`
	InUse    string       `json:"in_use" doc:"What the links of new texts begin with now."`
	Fallback bool         `json:"fallback" doc:"Whether that is none of these domains: the list's link_url, or else this server."`
}

// domainViewOf makes views of one list's domains.
func domainViewOf(all []models.LinkDomain) func(models.LinkDomain) domainView {
	used, ok := models.PickDomain(all)
	return func(d models.LinkDomain) domainView {
		return domainView{
			ID: string(d.ID), URL: d.URL, Rank: d.Rank, BurnLimit: d.BurnLimit, Messages: d.Messages, State: string(d.State),
			Problem: d.Problem, CheckedAt: utc(d.CheckedAt), InUse: ok && used.ID == d.ID, CreatedAt: d.CreatedAt.UTC(),
		}
	}
}

func (s *Server) domainsViewOf(l models.List, all []models.LinkDomain) domainsView {
	base, id := models.Handover{List: l, Domains: all}.LinkBase(s.door.PublicURL)
	v := domainsView{Items: make([]domainView, len(all)), InUse: base, Fallback: id == ""}
	for i, d := range all {
		v.Items[i] = domainViewOf(all)(d)
	}
	return v
}
