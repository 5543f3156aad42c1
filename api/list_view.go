package api

import (
	"time"

	"trackly/internal/handover"
	"trackly/models"
)

// listView is a list as clients read it. The token is not in it.
type listView struct {
	ID           string       `json:"id"`
	Name         string       `json:"name"`
	Brand        string       `json:"brand"`
	Phone        string       `json:"phone"`
	Provider     string       `json:"provider"`
	Settings     settingsView `json:"provider_settings"`
	LinkURL      string       `json:"link_url" doc:"Empty: short links live at this server."`
	PrependBrand bool         `json:"prepend_brand"`
	OptOutLine   string       `json:"opt_out_line"`
	State        string       `json:"state" enum:"active,paused"`
	Reason       string       `json:"reason,omitempty" doc:"Why it is paused."`
	Webhooks     webhooksView `json:"webhooks" doc:"What to configure at the provider."`
	CreatedAt    time.Time    `json:"created_at"`
}

type settingsView struct {
	AccountSID string `json:"account_sid"`
	BaseURL    string `json:"base_url"`
}

type webhooksView struct {
	Status  string `json:"status" doc:"Goes along with every text; nothing to configure unless the provider asks."`
	Inbound string `json:"inbound" doc:"Where the provider must post what people answer. Without it no STOP is ever heard."`
}

func (s *Server) listView(l models.List) listView {
	return listView{
		ID: string(l.ID), Name: l.Name, Brand: l.Brand, Phone: l.Phone, Provider: l.Provider,
		Settings: settingsView{AccountSID: l.ProviderSID, BaseURL: l.BaseURL},
		LinkURL:  l.LinkURL, PrependBrand: l.PrependBrand, OptOutLine: l.OptOutLine, State: string(l.State), Reason: l.Reason,
		Webhooks:  webhooksView{Status: handover.StatusURL(l, s.publicURL), Inbound: handover.InboundURL(l, s.publicURL)},
		CreatedAt: l.CreatedAt.UTC(),
	}
}
