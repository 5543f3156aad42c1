// Package phone reads phone numbers as people write them and gives them the one shape
// the product stores: E.164, with the country and the time zones the digits allow. It
// is not a look-up: who the carrier is, whether the line is a mobile and whether
// anybody answers cannot be known from the digits.
package phone

import (
	"slices"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"trackly/internal/fault"
)

// longest is generous: the longest real number with a country code, brackets and a
// dash between all digits is half of it. Anything longer is not worth a regexp.
const longest = 64

// unknownZone is what the numbering data says when it cannot tell.
const unknownZone = "Etc/Unknown"

// Number is a phone number which can exist. It is a value; Zones belongs to the caller.
type Number struct {
	E164   string   // "+12125550123", the only form that is stored
	Region string   // ISO 3166 country of the numbering plan: "US", "GB"
	Zones  []string // IANA zones the phone may live in, sorted; nil when the digits do not tell
}

// Parse reads raw as somebody in region (an ISO country, "US") would dial it; a number
// with a leading + is read the same everywhere. Ten-digit US numbers, brackets, dots,
// dashes, a leading 1 and "tel:" are all fine. It returns fault.Invalid for anything that
// is not a number in the plan of its country, for vanity letters and for extensions:
// nobody can text an extension. The error never repeats the phone.
//
// Numbers reserved for fiction (555-0100 to 555-0199 of any US area code) are valid.
// Parse is safe for concurrent use.
func Parse(raw, region string) (Number, error) {
	s := strings.TrimSpace(raw)
	if len(s) > 4 && strings.EqualFold(s[:4], "tel:") {
		s = s[4:]
	}
	region = strings.ToUpper(region)
	if n, ok := quick(s, region); ok {
		return n, nil
	}
	return thorough(s, region)
}

// thorough asks the full numbering data, some 25 microseconds a number.
func thorough(s, region string) (Number, error) {
	if err := readable(s); err != nil {
		return Number{}, err
	}
	n, err := phonenumbers.Parse(s, region)
	if err != nil {
		return Number{}, explain(err)
	}
	if err := textable(n); err != nil {
		return Number{}, err
	}
	return Number{
		E164:   phonenumbers.Format(n, phonenumbers.E164),
		Region: phonenumbers.GetRegionCodeForNumber(n),
		Zones:  zonesOf(n),
	}, nil
}

// readable refuses what the numbering library would understand too cleverly: it turns
// letters into digits and skips words, so "call 2125550123 or 3125550123" has an answer.
func readable(s string) error {
	switch {
	case s == "":
		return fault.New(fault.Invalid, "the phone number is empty")
	case len(s) > longest:
		return fault.New(fault.Invalid, "the phone number is longer than %d characters", longest)
	case scientific(s):
		return fault.New(fault.Invalid, "a spreadsheet turned the phone number into scientific notation and lost digits")
	case strings.ContainsFunc(s, unicode.IsLetter):
		return fault.New(fault.Invalid, "the phone number has letters in it")
	}
	return nil
}

// scientific recognises 1.21255E+10, which is what Excel shows for a long number.
func scientific(s string) bool {
	i := strings.IndexAny(s, "eE")
	if i < 1 || i+1 >= len(s) || (s[i+1] != '+' && !isDigit(s[i+1])) {
		return false
	}
	return strings.Trim(s[:i], "0123456789.,") == "" && strings.Trim(s[i+1:], "+0123456789") == ""
}

// zonesOf prefers our table, so that both ways of reading give the same zones.
func zonesOf(n *phonenumbers.PhoneNumber) []string {
	if n.GetCountryCode() == 1 {
		if known := areas[n.GetNationalNumber()/1e7%1000]; known != nil {
			return slices.Clone(known)
		}
	}
	return libraryZones(n)
}

func libraryZones(n *phonenumbers.PhoneNumber) []string {
	zones, err := phonenumbers.GetTimezonesForNumber(n)
	if err != nil || len(zones) == 0 || zones[0] == unknownZone {
		return nil
	}
	return slices.Clone(zones)
}
