package models

import (
	"net/netip"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/rules/landing"
	"trackly/rules/price"
)

const (
	maxURL       = landing.MaxURL
	maxAddresses = 64
	maxPayout    = 1_000_000 * price.Unit // more for one click or conversion is a slip of the keyboard
	fullShare    = 10_000
	maxWindow    = 365
)

// Check refuses an offer that means nothing, with every complaint at once. Whether its
// fallback is the account's, only the store can tell.
func (o Offer) Check() error {
	var bad fault.Problems
	if strings.TrimSpace(o.Name) == "" || len(o.Name) > 200 {
		bad.Add("name", "must have 1 to 200 characters")
	}
	if len(o.ExternalID) > 200 {
		bad.Add("external_id", "must have at most 200 characters")
	}
	if !isWebURL(o.URL) {
		bad.Add("url", "must be an http or https URL of at most %d characters", maxURL)
	}
	o.checkWords(&bad)
	o.checkMoney(&bad)
	o.checkDays(&bad)
	o.checkFallback(&bad)
	o.checkDoors(&bad)
	return bad.Err("the offer")
}

func (o Offer) checkWords(bad *fault.Problems) {
	switch o.Network {
	case NetworkNone, NetworkTUNE, NetworkEverflow, NetworkCake:
	default:
		bad.Add("network", "must be none, tune, everflow or cake")
	}
	switch o.Status {
	case OfferActive, OfferPaused, OfferArchived:
	default:
		bad.Add("status", "must be active, paused or archived")
	}
}

// checkMoney wants a payout where clicks or conversions pay, a share where amounts do, and
// nothing that would silently never be paid.
func (o Offer) checkMoney(bad *fault.Problems) {
	if o.Payout < 0 || o.Payout > maxPayout {
		bad.Add("payout", "must be 0 to %s", maxPayout)
	}
	if o.Share < 0 || o.Share > fullShare {
		bad.Add("share", "must be 0 to 100 percent")
	}
	switch o.PayoutType {
	case PaysAction, PaysClick:
		if o.Share != 0 {
			bad.Add("share", "is for the payout type revshare")
		}
		if o.PayoutType == PaysClick && o.Payout == 0 {
			bad.Add("payout", "must be what a click earns")
		}
	case PaysShare:
		if o.Share == 0 {
			bad.Add("share", "must be more than 0 for the payout type revshare")
		}
		if o.Payout != 0 {
			bad.Add("payout", "is for the payout types cpa and cpc")
		}
	default:
		bad.Add("payout_type", "must be cpa, cpc or revshare")
	}
}

func (o Offer) checkDays(bad *fault.Problems) {
	if o.WindowDays < 1 || o.WindowDays > maxWindow {
		bad.Add("window_days", "must be 1 to %d", maxWindow)
	}
	if o.ClickCap < 0 || o.ClickCap > maxCap {
		bad.Add("click_cap", "must be 0 to %d", maxCap)
	}
	if o.ConversionCap < 0 || o.ConversionCap > maxCap {
		bad.Add("conversion_cap", "must be 0 to %d", maxCap)
	}
	if _, err := time.LoadLocation(o.Zone); err != nil || o.Zone == "" || o.Zone == "Local" {
		bad.Add("zone", "must be an IANA time zone, such as America/New_York")
	}
	if o.EndsAt != nil && (o.EndsAt.Year() < 2000 || o.EndsAt.Year() > 9999) {
		bad.Add("ends_at", "is too far away")
	}
}

// maxCap is what the column holds, in round numbers.
const maxCap = 1_000_000_000

func (o Offer) checkFallback(bad *fault.Problems) {
	if o.FallbackURL != "" && !isWebURL(o.FallbackURL) {
		bad.Add("fallback_url", "must be an http or https URL of at most %d characters", maxURL)
	}
	switch {
	case o.FallbackOfferID == nil:
	case !IsID(*o.FallbackOfferID):
		bad.Add("fallback_offer_id", "is not an offer of this account")
	case *o.FallbackOfferID == o.ID:
		bad.Add("fallback_offer_id", "is the offer itself")
	}
}

// checkDoors is about who may tell of conversions. A browser cannot be believed about
// money, so a pixel is for offers whose conversions all pay the same.
func (o Offer) checkDoors(bad *fault.Problems) {
	if len(o.Addresses) > maxAddresses {
		bad.Add("addresses", "must be at most %d", maxAddresses)
	}
	for _, a := range o.Addresses {
		if _, err := ParseNetwork(a); err != nil {
			bad.Add("addresses", "%q is neither an address nor a range such as 203.0.113.0/24", cut(a, 60))
		}
	}
	if o.Pixel && o.PayoutType != PaysAction {
		bad.Add("pixel", "is for the payout type cpa: what a browser says of amounts cannot be believed")
	}
}

// ParseNetwork reads a range of addresses, or one address.
func ParseNetwork(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return p, fault.Wrap(err, fault.Invalid, "is no range of addresses")
	}
	return p.Masked(), nil
}

// Admits reports whether postbacks of this offer may come from an address.
func (o Offer) Admits(address string) bool {
	if len(o.Addresses) == 0 {
		return true
	}
	from, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	for _, text := range o.Addresses {
		if p, err := ParseNetwork(text); err == nil && p.Contains(from.Unmap()) {
			return true
		}
	}
	return false
}

// isWebURL reports whether somebody can be led there, whatever its macros stand for.
func isWebURL(text string) bool { return landing.Valid(text) }

func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
