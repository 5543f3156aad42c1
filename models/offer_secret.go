package models

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

const (
	secretMark  = "pb_"
	secretBytes = 24
)

// NewOfferSecret makes the secret of an offer's postback URL. It is the only copy there
// will ever be.
func NewOfferSecret() string {
	var raw [secretBytes]byte
	_, _ = rand.Read(raw[:]) // never fails: crypto/rand stops the process instead
	return secretMark + base64.RawURLEncoding.EncodeToString(raw[:])
}

// HashOfferSecret is what the database knows of a secret: it has 192 random bits, so there
// is nothing to guess.
func HashOfferSecret(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// IsOfferSecret reports whether text has the form of a secret: strangers' guesses are then
// no work for the database.
func IsOfferSecret(text string) bool {
	rest, ok := strings.CutPrefix(text, secretMark)
	return ok && len(rest) == base64.RawURLEncoding.EncodedLen(secretBytes)
}
