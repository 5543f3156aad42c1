package store

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"

	"trackly/internal/fault"
	"trackly/models"
)

// sealer encrypts provider credentials at rest with AES-256-GCM (NIST SP 800-38D). The
// row's id is bound in as additional data: credentials copied to another row do not open
// there. It seals with its first key and opens with any, so that a key can be rotated.
type sealer struct{ keys []sealKey }

type sealKey struct {
	id   [4]byte // the beginning of the key's SHA-256: which key to open with
	aead cipher.AEAD
}

// sealVersion begins what is sealed since there can be several keys. Before, it was the
// token alone, bound to the list's id.
const sealVersion = 1

func newSealer(keys ...[]byte) (sealer, error) {
	var s sealer
	for _, key := range keys {
		if len(key) != 32 {
			return sealer{}, fault.New(fault.Invalid, "a sealing key must have 32 bytes")
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return sealer{}, fault.Wrap(err, fault.Invalid, "a sealing key does not work")
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return sealer{}, fault.Wrap(err, fault.Internal, "no AES-GCM")
		}
		sum := sha256.Sum256(key)
		s.keys = append(s.keys, sealKey{id: [4]byte(sum[:4]), aead: aead})
	}
	return s, nil
}

// sealedWords are credentials as they are sealed; models.Credentials hide from JSON.
type sealedWords struct {
	Token     string `json:"token"`
	PublicKey string `json:"public_key,omitempty"`
}

func (s sealer) seal(r models.Route, c models.Credentials) ([]byte, error) {
	return s.sealFor(string(r.ID), c)
}

// sealFor binds what it seals to the row of this id.
func (s sealer) sealFor(id string, c models.Credentials) ([]byte, error) {
	text, err := json.Marshal(sealedWords(c))
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the credentials cannot be sealed")
	}
	key := s.keys[0]
	head := append([]byte{sealVersion}, key.id[:]...)
	return key.aead.Seal(head, nil, text, []byte(id)), nil //nolint:gosec // this kind makes its own random nonce
}

func (s sealer) open(r models.Route) (models.Credentials, error) {
	if c, ok := s.openFor(string(r.ID), r.Credentials); ok {
		return c, nil
	}
	for _, key := range s.keys {
		if text, err := key.aead.Open(nil, nil, r.Credentials, []byte(r.ListID)); err == nil {
			return models.Credentials{Token: string(text)}, nil
		}
	}
	return models.Credentials{}, fault.New(fault.Internal, "a route's credentials cannot be opened: was the sealing key changed without keeping the old one?")
}

// openFor opens what sealFor sealed for the row of this id.
func (s sealer) openFor(id string, sealed []byte) (models.Credentials, bool) {
	if len(sealed) <= 5 || sealed[0] != sealVersion {
		return models.Credentials{}, false
	}
	for _, key := range s.keys {
		if !bytes.Equal(key.id[:], sealed[1:5]) {
			continue
		}
		text, err := key.aead.Open(nil, nil, sealed[5:], []byte(id))
		var words sealedWords
		if err == nil && json.Unmarshal(text, &words) == nil {
			return models.Credentials(words), true
		}
	}
	return models.Credentials{}, false
}

// current reports whether the row is sealed with the first key, in today's form.
func (s sealer) current(sealed []byte) bool {
	return len(sealed) > 5 && sealed[0] == sealVersion && bytes.Equal(s.keys[0].id[:], sealed[1:5])
}

// NewSealKey makes a key for Options.SealKeys.
func NewSealKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails: crypto/rand stops the process instead
	return key
}
