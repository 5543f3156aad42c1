package wire

import (
	"net/url"
	"strconv"
	"strings"

	"trackly/internal/fault"
)

// Base reads the address an adapter's paths hang on. It is nil for one nobody can call,
// so that a mistyped stand-in is never replaced by the real provider.
func Base(raw string) *url.URL {
	u, err := url.Parse(raw)
	if err != nil || !IsWebAddress(u) {
		return nil
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	return u
}

// IsWebAddress reports whether HTTP can reach it.
func IsWebAddress(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// CallbackPrefix is all of a status callback's address but our message id, empty when
// there is no address.
func CallbackPrefix(statusURL string) string {
	switch {
	case statusURL == "":
		return ""
	case strings.Contains(statusURL, "?"):
		return statusURL + "&message="
	default:
		return statusURL + "?message="
	}
}

// MessageIn is our message id in a callback's address, 0 when there is none.
func MessageIn(address string) (int64, error) {
	u, err := url.Parse(address)
	if err != nil {
		return 0, fault.New(fault.Invalid, "the callback's address cannot be read")
	}
	raw := u.Query().Get("message")
	if raw == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(raw, 10, 64)
	if err != nil || id < 0 {
		return 0, fault.New(fault.Invalid, "the callback's message id is not a number")
	}
	return id, nil
}
