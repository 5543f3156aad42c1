package sandbox

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net/http"
	"strconv"
	"time"
)

// telnyxKey hangs on the seed alone, so that a list's public key is still right after a
// restart. Anybody can make the same key: it guards a sandbox.
func telnyxKey(seed uint64) ed25519.PrivateKey {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("sandbox telnyx key "), seed))
	return ed25519.NewKeyFromSeed(sum[:])
}

// TelnyxPublicKey is what Telnyx's webhooks are checked with, in base64 as its portal
// shows it.
func (s *Sandbox) TelnyxPublicKey() string {
	public := s.telnyxKey[ed25519.SeedSize:] // a private key is the seed and then the public one
	return base64.StdEncoding.EncodeToString(public)
}

// writeTelnyxKey handles GET /sandbox/telnyx-public-key.
func (s *Sandbox) writeTelnyxKey(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain")
	_, _ = io.WriteString(w, s.TelnyxPublicKey()) // the reader has gone
}

// parcel closes the envelope around a payload and signs it. Every try has a signature
// of its own, for old ones are refused.
func (d telnyx) parcel(address string, payload []byte, tries int) parcel {
	b := strconv.AppendInt(append(payload, `},"meta":{"attempt":`...), int64(tries)+1, 10)
	b = append(appendField(b, `,"delivered_to":`, address), `}}`...)
	at := strconv.FormatInt(time.Now().Unix(), 10)
	p := jsonParcel(address, "telnyx-webhooks", b)
	p.signed = map[string]string{
		"telnyx-timestamp":         at,
		"telnyx-signature-ed25519": base64.StdEncoding.EncodeToString(ed25519.Sign(d.key, append([]byte(at+"|"), b...))),
	}
	return p
}
