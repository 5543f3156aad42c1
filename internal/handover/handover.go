// Package handover translates between our nouns and the providers' port: what a list is
// to an adapter, and what a provider's report means for a message. It calls nobody and
// stores nothing.
package handover

import (
	"cmp"

	"trackly/internal/provider"
	"trackly/models"
)

// StatusURL is where the list's provider posts what became of a message. publicURL has
// no final slash.
func StatusURL(l models.List, publicURL string) string { return webhooks(l, publicURL) + "/status" }

// InboundURL is where the list's provider posts what people answer.
func InboundURL(l models.List, publicURL string) string { return webhooks(l, publicURL) + "/inbound" }

func webhooks(l models.List, publicURL string) string {
	return publicURL + "/webhooks/" + l.Provider + "/" + string(l.ID)
}

// AccountOf is the provider account of a list, as adapters want it. token is the list's
// opened token.
func AccountOf(l models.List, token, publicURL string) provider.Account {
	return provider.Account{
		ListID: string(l.ID), SID: l.ProviderSID, Token: token, BaseURL: l.BaseURL, From: l.Phone,
		StatusURL: StatusURL(l, publicURL),
	}
}

// OutcomeOf is what a provider's report means for the message. It is false for a
// status word nobody knows: that is counted, never guessed.
func OutcomeOf(r provider.Report) (models.Outcome, bool) {
	o := models.Outcome{MessageID: models.MessageID(r.MessageID), ProviderID: r.ProviderID, ProviderCode: r.Code}
	switch r.Status {
	case provider.StatusAccepted:
		o.State = models.MessageSent
	case provider.StatusDelivered:
		o.State = models.MessageDelivered
	case provider.StatusUndelivered:
		o.State, o.Reason = models.MessageUndelivered, cmp.Or(string(r.Class), "undelivered")
	case provider.StatusFailed:
		o.State, o.Reason = models.MessageFailed, cmp.Or(string(r.Class), "failed")
	case provider.StatusUnknown:
		return o, false
	}
	return o, true
}
