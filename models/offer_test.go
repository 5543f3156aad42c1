package models_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
)

func anOffer() models.Offer {
	return models.Offer{
		ID: models.NewID[models.OfferID](), Name: "O", URL: "https://o.example/?s={click_id}", Network: models.NetworkNone,
		PayoutType: models.PaysAction, Payout: 12_500_000, WindowDays: 30, Zone: "America/New_York", Status: models.OfferActive,
	}
}

func TestAnOfferHearsAllItsProblemsAtOnce(t *testing.T) {
	t.Parallel()
	require.NoError(t, anOffer().Check())
	itself := models.OfferID("x")
	var f *fault.Fault
	require.ErrorAs(t, models.Offer{
		ID: itself, URL: "javascript:alert(1)", Network: "x", PayoutType: "x", Payout: -1, Share: 10_001, WindowDays: 366, ClickCap: -1,
		ConversionCap: -1, Zone: "Local", FallbackOfferID: &itself, FallbackURL: "//x", Status: "x",
		EndsAt: &time.Time{}, Addresses: models.Texts{"1.2.3"}, Pixel: true, ExternalID: strings.Repeat("x", 201),
	}.Check(), &f)
	require.Equal(t, []string{
		"name", "external_id", "url", "network", "status", "payout", "share", "payout_type", "window_days", "click_cap", "conversion_cap",
		"zone", "ends_at", "fallback_url", "fallback_offer_id", "addresses", "pixel",
	}, places(f))
}

func TestAnOfferPaysInOneWay(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(o *models.Offer)
		where  []string
	}{
		"conversions that name their amounts": {func(o *models.Offer) { o.Payout = 0 }, nil},
		"a share of a fixed payout":           {func(o *models.Offer) { o.Share = 1 }, []string{"share"}},
		"clicks that earn nothing":            {func(o *models.Offer) { o.PayoutType, o.Payout = models.PaysClick, 0 }, []string{"payout"}},
		"a share of nothing":                  {func(o *models.Offer) { o.PayoutType, o.Payout = models.PaysShare, 0 }, []string{"share"}},
		"a share and a payout":                {func(o *models.Offer) { o.PayoutType, o.Share = models.PaysShare, 5 }, []string{"payout"}},
		"a pixel where clicks pay":            {func(o *models.Offer) { o.PayoutType, o.Pixel = models.PaysClick, true }, []string{"pixel"}},
		"itself as its fallback":              {func(o *models.Offer) { o.FallbackOfferID = &o.ID }, []string{"fallback_offer_id"}},
	} {
		o := anOffer()
		tc.change(&o)
		err := o.Check()
		if tc.where == nil {
			require.NoError(t, err, name)
			continue
		}
		var f *fault.Fault
		require.ErrorAs(t, err, &f, name)
		require.Equal(t, tc.where, places(f), name)
	}
}

func TestPostbacksComeFromWhereTheyMay(t *testing.T) {
	t.Parallel()
	o := anOffer()
	require.True(t, o.Admits("203.0.113.9"))
	require.True(t, o.Admits(""), "nobody is listed: the secret is enough")
	o.Addresses = models.Texts{"203.0.113.0/24", "198.51.100.7", "2001:db8::/32"}
	require.NoError(t, o.Check())
	for address, want := range map[string]bool{
		"203.0.113.9": true, "203.0.114.9": false, "198.51.100.7": true, "198.51.100.8": false, "2001:db8::1": true,
		"2001:db9::1": false, "::ffff:203.0.113.9": true, "": false, "localhost": false,
	} {
		require.Equal(t, want, o.Admits(address), address)
	}
}

func TestASecretIsKeptAsAHash(t *testing.T) {
	t.Parallel()
	secret := models.NewOfferSecret()
	require.True(t, models.IsOfferSecret(secret))
	require.NotEqual(t, secret, models.NewOfferSecret())
	require.Len(t, models.HashOfferSecret(secret), 32)
	for _, text := range []string{"", "pb_", "trk_" + secret[3:], secret + "x", secret[:len(secret)-1]} {
		require.False(t, models.IsOfferSecret(text), text)
	}
}

func TestAChangeIsToldWithoutTheSecret(t *testing.T) {
	t.Parallel()
	o := anOffer()
	o.SecretHash = models.HashOfferSecret("a")
	require.Empty(t, o.Differences(o))
	after := o
	end := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	after.Payout, after.SecretHash, after.EndsAt, after.Addresses = 20_000_000, models.HashOfferSecret("b"), &end, models.Texts{"203.0.113.0/24"}
	require.Equal(t, map[string][2]any{
		"payout": {"12.50", "20.00"}, "secret": {"the old one", "a new one"}, "ends_at": {(*time.Time)(nil), &end},
		"addresses": {[]string(nil), []string{"203.0.113.0/24"}},
	}, o.Differences(after))
}

func TestAnOffersHostStandsThere(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"https://{sub1}/", "https://{sub1}.example/", "https://good.example@evil.example/", "//evil.example", "javascript:alert(1)",
		"https://", "https:///x", "http://[::1", "https://a.example/" + strings.Repeat("x", 2048),
	} {
		o := anOffer()
		o.URL, o.FallbackURL = url, url
		var f *fault.Fault
		require.ErrorAs(t, o.Check(), &f, url)
		require.Equal(t, []string{"url", "fallback_url"}, places(f), url)
	}
}
