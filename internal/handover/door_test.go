package handover_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/handover"
	"trackly/models"
)

func door() handover.Door {
	return handover.Door{PublicURL: "https://t.example", Key: []byte("a key")}
}

// secretOf takes the secret out of a webhook address.
func secretOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	parts := strings.Split(strings.TrimPrefix(u.Path, "/"), "/")
	require.Len(t, parts, 5, address)
	return parts[3]
}

func TestEveryRouteHasAddressesOfItsOwn(t *testing.T) {
	t.Parallel()
	r := models.Route{ID: models.NewID[models.RouteID](), Provider: "twilio"}
	status, inbound := door().StatusURL(r), door().InboundURL(r)
	before := "https://t.example/webhooks/twilio/" + string(r.ID) + "/"
	require.True(t, strings.HasPrefix(status, before), status)
	require.True(t, strings.HasSuffix(status, "/status"), status)
	require.Equal(t, strings.TrimSuffix(status, "status")+"inbound", inbound)
	require.Equal(t, status, door().StatusURL(r), "an address never changes by itself")
	secret := secretOf(t, status)
	raw, err := base64.RawURLEncoding.DecodeString(secret)
	require.NoError(t, err, "it stands in a URL as it is")
	require.Len(t, raw, 16)
	require.True(t, door().Proves(r.ID, secret))
}

func TestNothingElseProvesARoute(t *testing.T) {
	t.Parallel()
	r := models.Route{ID: models.NewID[models.RouteID](), Provider: "cm"}
	other := models.Route{ID: models.NewID[models.RouteID](), Provider: "cm"}
	secret := secretOf(t, door().StatusURL(r))
	otherKey := handover.Door{PublicURL: "https://t.example", Key: []byte("another key")}
	flipped := []byte(secret)
	flipped[0] ^= 1
	for name, wrong := range map[string]string{
		"nothing":               "",
		"another route's":       secretOf(t, door().StatusURL(other)),
		"one of another key":    secretOf(t, otherKey.StatusURL(r)),
		"its beginning":         secret[:len(secret)-1],
		"more than it":          secret + "A",
		"another bit":           string(flipped),
		"the route's name":      string(r.ID),
		"another case":          strings.ToUpper(secret) + strings.ToLower(secret),
		"padding":               secret + "==",
		"the same of no key":    secretOf(t, handover.Door{}.StatusURL(r)),
		"blanks around":         " " + secret,
		"a very long one":       strings.Repeat(secret, 10_000),
		"with a zero behind it": secret + "\x00",
	} {
		require.False(t, door().Proves(r.ID, wrong), name)
	}
	require.False(t, door().Proves(other.ID, secret))
}

func TestManyRoutesManySecrets(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		s := secretOf(t, door().StatusURL(models.Route{ID: models.NewID[models.RouteID](), Provider: "telnyx"}))
		require.False(t, seen[s])
		seen[s] = true
	}
}
