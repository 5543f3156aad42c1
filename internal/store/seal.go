package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"

	"trackly/internal/fault"
)

// sealer encrypts provider tokens at rest with AES-256-GCM (NIST SP 800-38D). The
// list's id is bound in as additional data: a token copied to another list's row does
// not open there.
type sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (sealer, error) {
	if len(key) != 32 {
		return sealer{}, fault.New(fault.Invalid, "the sealing key must have 32 bytes")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, fault.Wrap(err, fault.Invalid, "the sealing key does not work")
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealer{}, fault.Wrap(err, fault.Internal, "no AES-GCM")
	}
	return sealer{aead: aead}, nil
}

func (s sealer) seal(owner, text string) []byte {
	return s.aead.Seal(nil, nil, []byte(text), []byte(owner)) //nolint:gosec // this kind makes its own random nonce
}

func (s sealer) open(owner string, sealed []byte) (string, error) {
	text, err := s.aead.Open(nil, nil, sealed, []byte(owner))
	if err != nil {
		return "", fault.New(fault.Internal, "a provider token cannot be opened: was the sealing key changed?")
	}
	return string(text), nil
}

// NewSealKey makes a key for Options.SealKey.
func NewSealKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails: crypto/rand stops the process instead
	return key
}
