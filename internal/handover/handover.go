// Package handover translates between our nouns and the providers' port: what a route is
// to an adapter, where its webhooks are, and what a provider's report means for a message.
// It calls nobody and stores nothing.
package handover

import (
	"cmp"

	"trackly/internal/provider"
	"trackly/models"
)

// AccountOf is the provider account of a route, as adapters want it.
func (d Door) AccountOf(r models.Route, c models.Credentials) provider.Account {
	return provider.Account{
		SID: r.SID, Token: c.Token, PublicKey: c.PublicKey, BaseURL: r.BaseURL, From: r.Phone, StatusURL: d.StatusURL(r),
		Prefix: prefixOf(r.ID),
	}
}

// prefixOf is the random part of a route's id, which the route keeps for its life.
func prefixOf(id models.RouteID) string { return string(id[max(len(id)-12, 0):]) + "-" }

// OutcomeOf is what a provider's report means for the message. It is false for a
// status word nobody knows: that is counted, never guessed.
func OutcomeOf(r provider.Report) (models.Outcome, bool) {
	o := models.Outcome{MessageID: models.MessageID(r.MessageID), ProviderID: r.ProviderID, ProviderCode: r.Code, ProviderText: r.Text}
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
