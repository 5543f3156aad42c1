package twilio

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
)

// signFor signs with the token "secret" as Twilio's documentation says.
func signFor(address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte("secret"))
	mac.Write([]byte(address))
	for _, k := range slices.Sorted(maps.Keys(form)) {
		mac.Write([]byte(k + form.Get(k)))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
