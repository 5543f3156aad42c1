package models_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/models"
)

func TestALinkDomainIsAnAddressAlone(t *testing.T) {
	t.Parallel()
	for url, ok := range map[string]bool{
		"https://go.example.com": true, "https://go.example.com:8443": true, "http://127.0.0.1:8080": true, "http://localhost:1": true, "http://[::1]:1": true,
		"": false, "go.example.com": false, "ftp://go.example.com": false, "https://": false, "https://:443": false,
		"http://go.example.com": false, "http://127.example.com": false, "http://127.0.0.1.example.com": false,
		"https://go.example.com/": false, "https://go.example.com/x": false, "https://go.example.com?": false, "https://go.example.com?a": false,
		"https://go.example.com#": false, "https://user@go.example.com": false, "https://go.example.com\n": false,
	} {
		err := models.LinkDomain{URL: url, Rank: 1}.Check()
		require.Equal(t, ok, err == nil, "%q: %v", url, err)
	}
	require.Error(t, models.LinkDomain{URL: "https://a.example", Rank: 0}.Check())
	require.Error(t, models.LinkDomain{URL: "https://a.example", Rank: models.MaxDomains + 1}.Check())
	require.Error(t, models.LinkDomain{URL: "https://a.example", Rank: 1, BurnLimit: -1}.Check())
}

func TestTheFirstUsableDomainIsPicked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all []models.LinkDomain
		for i := range rapid.IntRange(0, 6).Draw(t, "n") {
			all = append(all, models.LinkDomain{
				ID: models.DomainID(rune('a' + i)), Rank: rapid.IntRange(1, 4).Draw(t, "rank"),
				State:     rapid.SampledFrom([]models.DomainState{models.DomainNew, models.DomainUp, models.DomainDown, models.DomainRetired}).Draw(t, "state"),
				BurnLimit: rapid.Int64Range(0, 2).Draw(t, "limit"), Messages: rapid.Int64Range(0, 3).Draw(t, "messages"),
			})
		}
		got, ok := models.PickDomain(all)
		for _, d := range all {
			usable := d.State == models.DomainUp && (d.BurnLimit == 0 || d.Messages < d.BurnLimit)
			if usable && (!ok || d.Rank < got.Rank) {
				t.Fatalf("%v was passed over for %v", d, got)
			}
		}
		if ok && !got.Usable() {
			t.Fatalf("%v cannot be used", got)
		}
	})
}

func TestWithoutAUsableDomainLinksFallBack(t *testing.T) {
	t.Parallel()
	h := models.Handover{List: models.List{LinkURL: "https://old.example"}}
	h.Domains = []models.LinkDomain{{ID: "d", Rank: 1, URL: "https://go.example", State: models.DomainUp}}
	base, id := h.LinkBase("https://public.example")
	require.Equal(t, "https://go.example", base)
	require.EqualValues(t, "d", id)
	h.Domains[0].State = models.DomainDown
	base, id = h.LinkBase("https://public.example")
	require.Equal(t, "https://old.example", base)
	require.Empty(t, id)
	h.List.LinkURL = ""
	base, _ = h.LinkBase("https://public.example")
	require.Equal(t, "https://public.example", base)
}
