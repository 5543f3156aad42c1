package api

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"trackly/internal/fault"
	"trackly/internal/provider"
)

func (s *Server) providerRoutes() {
	get(s, operation(http.MethodGet, "/v1/providers", "list-providers", "providers", "Read which providers there are and what they need"), s.providerList)
	get(s, operation(http.MethodGet, "/v1/providers/{name}/codes", "list-provider-codes", "providers", "Read how a provider's codes are understood"), s.codesOf)
}

// providerView is what is known of a provider.
type providerView struct {
	Name        string   `json:"name" example:"twilio"`
	BatchSize   int      `json:"batch_size" doc:"Texts in one request."`
	OwnIDs      bool     `json:"own_ids" doc:"It refuses a second text under the same id of ours."`
	FindsTexts  bool     `json:"finds_texts" doc:"It can be asked what became of a text whose answer never came."`
	Signs       bool     `json:"signs_webhooks" doc:"Without a signature, the secret in the webhooks' addresses is the only proof."`
	AnswersStop bool     `json:"answers_stop" doc:"It confirms a STOP by itself unless told otherwise."`
	Settings    []string `json:"settings" nullable:"false" doc:"What a route to it needs." example:"[\"provider_settings.auth_token\"]"`
}

type providersView struct {
	Providers []providerView `json:"providers" nullable:"false"`
}

func (s *Server) providerList(context.Context, *struct{}) (*reply[providersView], error) {
	v := providersView{Providers: make([]providerView, 0, len(s.providers))}
	for _, name := range slices.Sorted(maps.Keys(s.providers)) {
		d := s.providers[name]
		c := d.Capabilities()
		v.Providers = append(v.Providers, providerView{
			Name: name, BatchSize: c.BatchSize, OwnIDs: c.OwnIDs, FindsTexts: c.FindsTexts, Signs: c.Signs,
			AnswersStop: c.AnswersStop, Settings: settingsNeeded(d),
		})
	}
	return &reply[providersView]{Body: v}, nil
}

// settingsNeeded are the fields the provider complains of when there are none.
func settingsNeeded(d provider.Dialer) []string {
	f, ok := errors.AsType[*fault.Fault](d.Check(provider.Account{}))
	if !ok {
		return []string{}
	}
	needed := make([]string, 0, len(f.Problems))
	for _, p := range f.Problems {
		if p.Where != "status_url" { // ours to give
			needed = append(needed, routePlace(p.Where))
		}
	}
	slices.Sort(needed)
	return slices.Compact(needed)
}

// codeView is a provider's code and what it means here.
type codeView struct {
	Code     string `json:"code" example:"21610"`
	Class    string `json:"class" enum:"retry_soon,retry_later,defer_to_tomorrow,bad_number,opted_out,account_problem,filtered,unanswered"`
	Sentence string `json:"sentence"`
}

type codesView struct {
	Provider string     `json:"provider"`
	Codes    []codeView `json:"codes" nullable:"false"`
}

func (s *Server) codesOf(_ context.Context, in *struct {
	Name string `path:"name" doc:"The provider's name."`
},
) (*reply[codesView], error) {
	d, err := s.providers.Dialer(in.Name)
	if err != nil {
		return nil, fault.New(fault.NotFound, "no such provider")
	}
	codes := d.Codes()
	v := codesView{Provider: in.Name, Codes: make([]codeView, 0, len(codes))}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		v.Codes = append(v.Codes, codeView{Code: code, Class: string(codes[code].Class), Sentence: codes[code].Sentence})
	}
	return &reply[codesView]{Body: v}, nil
}
