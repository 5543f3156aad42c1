package models

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"
)

// APIKey opens an account to a program. Only its hash is kept.
type APIKey struct {
	ID        string
	AccountID AccountID
	Name      string
	Prefix    string // the first characters, so that a person can tell keys apart
	Hash      []byte
	CreatedAt time.Time
	ExpiresAt *time.Time
	RevokedAt *time.Time
}

// KeyPrefix is how much of a key may be shown: the mark and six characters.
const KeyPrefix = 10

// NewAPIKey makes a key and returns the only copy of its text there will ever be.
func NewAPIKey(account AccountID, name string) (APIKey, string) {
	var raw [24]byte
	_, _ = rand.Read(raw[:]) // never fails: crypto/rand stops the process instead
	text := "trk_" + base64.RawURLEncoding.EncodeToString(raw[:])
	return APIKey{
		ID: NewID[string](), AccountID: account, Name: name, Prefix: text[:KeyPrefix], Hash: HashAPIKey(text),
	}, text
}

// HashAPIKey is what the database knows of a key. A plain hash is enough: the key has
// 192 random bits, so there is nothing to guess.
func HashAPIKey(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// Valid reports whether the key opens anything at this time.
func (k APIKey) Valid(at time.Time) bool {
	return k.RevokedAt == nil && (k.ExpiresAt == nil || at.Before(*k.ExpiresAt))
}
