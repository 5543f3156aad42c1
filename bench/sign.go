package main

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio signs webhooks with HMAC-SHA1
	"encoding/base64"
	"maps"
	"slices"
)

// sign is Twilio's signature: the address, then every field's name and value in the
// order of names.
func sign(address string, fields map[string]string) string {
	mac := hmac.New(sha1.New, []byte(token))
	_, _ = mac.Write([]byte(address)) // a hash never fails
	for _, k := range slices.Sorted(maps.Keys(fields)) {
		_, _ = mac.Write([]byte(k + fields[k]))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
