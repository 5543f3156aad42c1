package models_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

func TestTheLastTextAfterAStop(t *testing.T) {
	t.Parallel()
	stop := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	at := func(s int) *time.Time { v := stop.Add(time.Duration(s) * time.Second); return &v }
	sent := func(k models.Kind, s int) models.PersonMessage {
		return models.PersonMessage{Message: models.Message{Kind: k, SentAt: at(s)}}
	}
	for name, tc := range map[string]struct {
		p    models.Person
		want *time.Time
	}{
		"nothing was sent":                     {models.Person{}, nil},
		"all was sent before":                  {models.Person{Messages: []models.PersonMessage{sent(models.KindCampaign, -1), {}}}, nil},
		"one was in flight":                    {models.Person{Messages: []models.PersonMessage{sent(models.KindCampaign, 1), sent(models.KindAPI, 2)}}, at(2)},
		"the answer to STOP is none":           {models.Person{Messages: []models.PersonMessage{sent(models.KindConfirmation, 1)}}, nil},
		"what came after START does not count": {models.Person{Consents: []models.Consent{{Kind: "opt_in", At: *at(60)}}, Messages: []models.PersonMessage{sent(models.KindCampaign, 1), sent(models.KindCampaign, 61)}}, at(1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, tc.p.LastText(stop))
		})
	}
}

func TestTheZonesOfAMessageNobodyNotedAreThoseOfItsSubscription(t *testing.T) {
	t.Parallel()
	p := models.Person{
		Phone: "+12125550123", Region: "US", Zones: []string{"America/New_York"},
		Subscriptions: []models.Subscription{{ID: 1}, {ID: 2, Zone: "America/Denver"}},
	}
	zones, _ := p.ZonesOf(models.Message{SubscriptionID: 2})
	require.Equal(t, []string{"America/Denver"}, zones)
	zones, _ = p.ZonesOf(models.Message{SubscriptionID: 1})
	require.Equal(t, []string{"America/New_York"}, zones)
	zones, version := p.ZonesOf(models.Message{SubscriptionID: 2, Place: "US-TX America/Chicago 2026-11-24"})
	require.Equal(t, []string{"America/Chicago"}, zones)
	require.Equal(t, "2026-11-24", version)
}

func TestAnErasureRecognisesThePhoneHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	e := models.Erasure{Phone: "+12125550123", By: "ada", Reason: "asked"}
	require.NoError(t, e.Check())
	for _, text := range []string{"+1 212 555 0123", "(212) 555-0123", "call 2125550123 no more"} {
		e.Reason = text
		require.Error(t, e.Check(), text)
	}
}
