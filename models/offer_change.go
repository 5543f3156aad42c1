package models

import (
	"slices"
	"time"
)

// OfferChange is what somebody changed of an offer.
type OfferChange struct {
	ID      int64
	OfferID OfferID
	By      string
	Changes map[string][2]any // field -> before, after
	At      time.Time
}

// Differences says what of the offer another version of it changes, in the words of the
// API. Of the secret it says only that it is another one.
func (o Offer) Differences(after Offer) map[string][2]any {
	out := map[string][2]any{}
	note := func(field string, differs bool, was, is any) {
		if differs {
			out[field] = [2]any{was, is}
		}
	}
	note("name", o.Name != after.Name, o.Name, after.Name)
	note("url", o.URL != after.URL, o.URL, after.URL)
	note("network", o.Network != after.Network, o.Network, after.Network)
	note("external_id", o.ExternalID != after.ExternalID, o.ExternalID, after.ExternalID)
	note("payout_type", o.PayoutType != after.PayoutType, o.PayoutType, after.PayoutType)
	note("payout", o.Payout != after.Payout, o.Payout.String(), after.Payout.String())
	note("share", o.Share != after.Share, o.SharePercent(), after.SharePercent())
	note("window_days", o.WindowDays != after.WindowDays, o.WindowDays, after.WindowDays)
	note("click_cap", o.ClickCap != after.ClickCap, o.ClickCap, after.ClickCap)
	note("conversion_cap", o.ConversionCap != after.ConversionCap, o.ConversionCap, after.ConversionCap)
	note("zone", o.Zone != after.Zone, o.Zone, after.Zone)
	note("fallback_offer_id", !same(o.FallbackOfferID, after.FallbackOfferID), o.FallbackOfferID, after.FallbackOfferID)
	note("fallback_url", o.FallbackURL != after.FallbackURL, o.FallbackURL, after.FallbackURL)
	note("status", o.Status != after.Status, o.Status, after.Status)
	note("ends_at", !sameTime(o.EndsAt, after.EndsAt), o.EndsAt, after.EndsAt)
	note("addresses", !slices.Equal(o.Addresses, after.Addresses), []string(o.Addresses), []string(after.Addresses))
	note("pixel", o.Pixel != after.Pixel, o.Pixel, after.Pixel)
	note("secret", !slices.Equal(o.SecretHash, after.SecretHash), "the old one", "a new one")
	return out
}

func same[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

func sameTime(a, b *time.Time) bool {
	return a == b || a != nil && b != nil && a.Equal(*b)
}
