package telnyx

import (
	"crypto/ed25519"
	"encoding/base64"
	"strconv"
	"time"

	"trackly/internal/fault"
	"trackly/internal/provider"
)

// tolerance is how far a webhook's time may be from ours, to either side: one from the
// future could be posted again for as long as it stays there.
const tolerance = 5 * time.Minute

// verify checks the signature over the time and the body. The address is not signed: a
// caller who needs to know that a report is about the message in its address compares
// the provider's id.
func (a *adapter) verify(w provider.Webhook) error {
	stamp := w.Header.Get("Telnyx-Timestamp")
	signature, err := base64.StdEncoding.DecodeString(w.Header.Get("Telnyx-Signature-Ed25519"))
	if err != nil || a.key == nil || !ed25519.Verify(a.key, append([]byte(stamp+"|"), w.Body...), signature) {
		return fault.New(fault.Forbidden, "the webhook's signature is wrong")
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || w.Now.Sub(time.Unix(seconds, 0)).Abs() > tolerance {
		return fault.New(fault.Forbidden, "the webhook's signature is too old, or a clock is wrong")
	}
	return nil
}
