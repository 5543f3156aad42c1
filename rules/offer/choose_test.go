package offer_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/offer"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func TestChoose(t *testing.T) {
	t.Parallel()
	past, now, future := noon.Add(-time.Second), noon, noon.Add(time.Second)
	open := offer.Terms{Active: true}
	for name, tc := range map[string]struct {
		offers map[string]offer.Terms // the first is a
		want   offer.Choice
	}{
		"an open offer":           {map[string]offer.Terms{"a": open}, offer.Choice{Target: offer.ToOffer, Offer: "a"}},
		"one that ends later":     {map[string]offer.Terms{"a": {Active: true, EndsAt: &future}}, offer.Choice{Target: offer.ToOffer, Offer: "a"}},
		"one that ends now":       {map[string]offer.Terms{"a": {Active: true, EndsAt: &now}}, offer.Choice{Target: offer.ToPage}},
		"one that has ended":      {map[string]offer.Terms{"a": {Active: true, EndsAt: &past}}, offer.Choice{Target: offer.ToPage}},
		"paused, with a URL":      {map[string]offer.Terms{"a": {FallbackURL: "u"}}, offer.Choice{Target: offer.ToFallback, URL: "u"}},
		"room for one more":       {map[string]offer.Terms{"a": {Active: true, ClickCap: 11}}, offer.Choice{Target: offer.ToOffer, Offer: "a"}},
		"no room for clicks":      {map[string]offer.Terms{"a": {Active: true, ClickCap: 10}}, offer.Choice{Target: offer.ToPage}},
		"room for a conversion":   {map[string]offer.Terms{"a": {Active: true, ConversionCap: 3}}, offer.Choice{Target: offer.ToOffer, Offer: "a"}},
		"no room for conversions": {map[string]offer.Terms{"a": {Active: true, ClickCap: 99, ConversionCap: 2}}, offer.Choice{Target: offer.ToPage}},
		"a fallback that is open": {map[string]offer.Terms{"a": {Fallback: "b", FallbackURL: "u"}, "b": open}, offer.Choice{Target: offer.ToFallback, Offer: "b"}},
		"a fallback that is full": {map[string]offer.Terms{"a": {Fallback: "b"}, "b": {Active: true, ClickCap: 10, Fallback: "c"}, "c": open}, offer.Choice{Target: offer.ToFallback, Offer: "c"}},
		"the nearest URL": {
			map[string]offer.Terms{"a": {Fallback: "b"}, "b": {Fallback: "c", FallbackURL: "ub"}, "c": {FallbackURL: "uc"}},
			offer.Choice{Target: offer.ToFallback, URL: "ub"},
		},
		"a ring":                     {map[string]offer.Terms{"a": {Fallback: "b"}, "b": {Fallback: "a", FallbackURL: "ub"}}, offer.Choice{Target: offer.ToFallback, URL: "ub"}},
		"a fallback nobody knows":    {map[string]offer.Terms{"a": {Fallback: "gone"}}, offer.Choice{Target: offer.ToPage}},
		"an offer nobody knows":      {nil, offer.Choice{Target: offer.ToPage}},
		"the fourth fallback":        {chain(4), offer.Choice{Target: offer.ToFallback, Offer: "e"}},
		"a fifth is not asked":       {chain(5), offer.Choice{Target: offer.ToPage}},
		"two that name each other":   {map[string]offer.Terms{"a": {Fallback: "b"}, "b": {Fallback: "b"}}, offer.Choice{Target: offer.ToPage}},
		"one that falls back to all": {map[string]offer.Terms{"a": {Fallback: "a", FallbackURL: "u"}}, offer.Choice{Target: offer.ToFallback, URL: "u"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for id, o := range tc.offers {
				o.ID = id
				tc.offers[id] = o
			}
			got := offer.Choose(noon, "a", tc.offers, func(offer.Terms) offer.Used { return offer.Used{Clicks: 10, Conversions: 2} })
			require.Equal(t, tc.want, got)
		})
	}
}

// chain is an offer a with so many fallbacks in a row, of which only the last is open.
func chain(n int) map[string]offer.Terms {
	all := map[string]offer.Terms{}
	for i := range n {
		all[string(rune('a'+i))] = offer.Terms{Fallback: string(rune('b' + i))}
	}
	all[string(rune('a'+n))] = offer.Terms{Active: true}
	return all
}

// Whatever the offers are, nobody is led to one that takes nothing.
func TestNobodyIsLedToAFullOffer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := []string{"a", "b", "c", "d", "e", "f", ""}
		all := map[string]offer.Terms{}
		for _, id := range ids[:6] {
			all[id] = offer.Terms{
				ID: id, Active: rapid.Bool().Draw(t, "active"), ClickCap: rapid.IntRange(0, 2).Draw(t, "cap"),
				Fallback: rapid.SampledFrom(ids).Draw(t, "fallback"),
			}
		}
		got := offer.Choose(noon, "a", all, func(offer.Terms) offer.Used { return offer.Used{Clicks: 1} })
		if got.Offer == "" {
			require.Equal(t, offer.ToPage, got.Target)
			return
		}
		led := all[got.Offer]
		require.True(t, led.Active && led.ClickCap != 1)
		require.Equal(t, got.Offer == "a", got.Target == offer.ToOffer)
	})
}

func TestDaysAreTheNetworks(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 3, 59, 0, 0, time.UTC)
	for zone, want := range map[string]string{
		"America/New_York": "2026-05-03", "UTC": "2026-05-04", "Asia/Tokyo": "2026-05-04", "Pacific/Kiritimati": "2026-05-04", "Nowhere/AtAll": "2026-05-04",
	} {
		require.Equal(t, want, offer.Day(at, zone).Format(time.DateOnly), zone)
	}
}
