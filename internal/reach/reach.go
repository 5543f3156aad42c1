// Package reach opens connections to addresses that users of an installation name, and to
// nowhere else: never to this machine or a private network, unless it is told to. It looks
// at the address that is really dialled, so a name that changes its mind gains nothing. It
// knows nothing of what is asked there.
package reach

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// ErrForbidden is why an address was not dialled.
var ErrForbidden = errors.New("leads into a private network")

// forbidden are the special-purpose networks (RFC 6890) that netip has no method for, and
// those whose addresses hide one of IPv4.
//
//nolint:gochecknoglobals // a table
var forbidden = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"),
}

// Public reports whether the address is one of the internet's.
func Public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range forbidden {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// NewClient is a client for addresses that users name: it uses no proxy, which would dial
// in its place, follows no redirects, and takes so long at most. local lets it reach this
// machine and private networks.
func NewClient(limit time.Duration, local bool) *http.Client {
	dialer := net.Dialer{Timeout: limit / 2}
	if !local {
		dialer.ControlContext = guard
	}
	return &http.Client{
		Timeout:       limit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: limit / 2, MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConnsPerHost: 2, IdleConnTimeout: 10 * time.Second,
		},
	}
}

// guard is asked of each address before it is dialled.
func guard(_ context.Context, _, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !Public(to.Addr()) {
		return ErrForbidden
	}
	return nil
}
