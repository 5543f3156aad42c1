package handover

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"

	"trackly/models"
)

// Door is where providers reach us. Every route has addresses of its own, with a secret
// in them: some providers do not sign what they post, and then the address is the proof.
type Door struct {
	PublicURL string // without a final slash
	Key       []byte // makes the secrets; changing it changes addresses people configured
}

// StatusURL is where the route's provider posts what became of a message.
func (d Door) StatusURL(r models.Route) string { return d.webhooks(r) + "/status" }

// InboundURL is where the route's provider posts what people answer.
func (d Door) InboundURL(r models.Route) string { return d.webhooks(r) + "/inbound" }

func (d Door) webhooks(r models.Route) string {
	return d.PublicURL + "/webhooks/" + url.PathEscape(r.Provider) + "/" + string(r.ID) + "/" + d.Secret(r.ID)
}

// Secret is what the route's addresses have in them. It is derived and stored nowhere: 128
// bits of HMAC-SHA256.
func (d Door) Secret(id models.RouteID) string {
	mac := hmac.New(sha256.New, d.Key)
	_, _ = mac.Write([]byte("webhook\x00" + string(id))) // a hash never fails
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// Proves reports whether the secret in an address is the route's. It takes the same time
// whatever is wrong with it.
func (d Door) Proves(id models.RouteID, secret string) bool {
	return hmac.Equal([]byte(d.Secret(id)), []byte(secret))
}
