package api

import (
	"time"

	"trackly/models"
)

// listView is a list as clients read it. The credentials are not in it.
type listView struct {
	ID                string      `json:"id"`
	Name              string      `json:"name"`
	Brand             string      `json:"brand"`
	Phone             string      `json:"phone"`
	LinkURL           string      `json:"link_url" doc:"Empty: short links live at this server."`
	PrependBrand      bool        `json:"prepend_brand"`
	OptOutLine        string      `json:"opt_out_line"`
	MessagesPerSecond float64     `json:"messages_per_second"`
	SegmentsPerSecond float64     `json:"segments_per_second"`
	MessagesPerDay    int         `json:"messages_per_day"`
	FrequencyHours    int         `json:"frequency_hours"`
	AnswersStop       string      `json:"answers_stop" enum:"provider,trackly"`
	AnswersHelp       string      `json:"answers_help" enum:"provider,trackly"`
	StopText          string      `json:"stop_text"`
	HelpText          string      `json:"help_text"`
	State             string      `json:"state" enum:"active,paused"`
	Reason            string      `json:"reason,omitempty" doc:"Why it is paused."`
	Routes            []routeView `json:"routes" nullable:"false" doc:"Its ways to providers: the first one, and one to fall back on."`
	CreatedAt         time.Time   `json:"created_at"`
}

// routeView is a route as clients read it.
type routeView struct {
	Rank      int          `json:"rank"`
	Provider  string       `json:"provider"`
	Phone     string       `json:"phone"`
	Settings  settingsView `json:"provider_settings"`
	PaceGroup string       `json:"pace_group,omitempty"`
	State     string       `json:"state" enum:"up,down,blocked"`
	Reason    string       `json:"reason,omitempty" doc:"Why it is down or blocked."`
	Check     checkView    `json:"check" doc:"What the list's check found. A route that is not checked sends nothing."`
	Webhooks  webhooksView `json:"webhooks" doc:"What to configure at the provider. The addresses hold a secret: whoever knows them can speak for the provider."`
}

type settingsView struct {
	AccountSID string `json:"account_sid"`
	BaseURL    string `json:"base_url"`
}

type checkView struct {
	Passed        bool       `json:"passed"`
	CredentialsAt *time.Time `json:"credentials_at" doc:"When the provider accepted the credentials."`
	TextAt        *time.Time `json:"text_at" doc:"When it took a test text."`
	WebhookAt     *time.Time `json:"webhook_at" doc:"When its callback for that text came back."`
	Problem       string     `json:"problem,omitempty" doc:"What to mend."`
}

type webhooksView struct {
	Status  string `json:"status" doc:"Goes along with every text where the provider allows it; Telnyx and CM want it configured."`
	Inbound string `json:"inbound" doc:"Where the provider must post what people answer. Without it no STOP is ever heard."`
}

func (s *Server) listView(l models.List) listView {
	v := listView{
		ID: string(l.ID), Name: l.Name, Brand: l.Brand, Phone: l.Phone, LinkURL: l.LinkURL, PrependBrand: l.PrependBrand,
		OptOutLine: l.OptOutLine, MessagesPerSecond: l.MessagesPerSecond, SegmentsPerSecond: l.SegmentsPerSecond,
		MessagesPerDay: l.MessagesPerDay, FrequencyHours: l.FrequencyHours, AnswersStop: string(l.AnswersStop),
		AnswersHelp: string(l.AnswersHelp), StopText: l.StopText, HelpText: l.HelpText, State: string(l.State),
		Reason: l.Reason, CreatedAt: l.CreatedAt.UTC(), Routes: make([]routeView, len(l.Routes)),
	}
	for i, r := range l.Routes {
		v.Routes[i] = s.routeView(r)
	}
	return v
}

func (s *Server) routeView(r models.Route) routeView {
	return routeView{
		Rank: r.Rank, Provider: r.Provider, Phone: r.Phone, PaceGroup: r.PaceGroup, State: string(r.State), Reason: r.Reason,
		Settings: settingsView{AccountSID: r.SID, BaseURL: r.BaseURL},
		Check: checkView{
			Passed: r.Checked() == nil, CredentialsAt: utc(r.CredentialsAt), TextAt: utc(r.TextAt), WebhookAt: utc(r.WebhookAt),
			Problem: r.CheckProblem,
		},
		Webhooks: webhooksView{Status: s.door.StatusURL(r), Inbound: s.door.InboundURL(r)},
	}
}
