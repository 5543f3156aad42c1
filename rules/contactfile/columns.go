package contactfile

import (
	"strings"
	"unicode"

	"trackly/rules/field"
)

// Meaning is what a column is read as.
type Meaning string

// The meanings. Email is kept as the custom field "email".
const (
	Phone            Meaning = "phone"
	FirstName        Meaning = "first_name"
	LastName         Meaning = "last_name"
	State            Meaning = "state"
	Zip              Meaning = "zip"
	Zone             Meaning = "zone" // IANA
	ConsentedAt      Meaning = "consented_at"
	ConsentIP        Meaning = "consent_ip"
	ConsentURL       Meaning = "consent_url"  // the page
	ConsentText      Meaning = "consent_text" // the disclosure
	ConsentMethod    Meaning = "consent_method"
	ConsentUserAgent Meaning = "consent_user_agent"
	Custom           Meaning = "custom"
	Ignored          Meaning = "ignored"
)

// Meanings gives every meaning there is.
func Meanings() []Meaning {
	return []Meaning{
		Phone, FirstName, LastName, State, Zip, Zone, ConsentedAt, ConsentIP, ConsentURL, ConsentText,
		ConsentMethod, ConsentUserAgent, Custom, Ignored,
	}
}

// Found says what a column's meaning was found by.
type Found string

// What a meaning was found by.
const (
	ByNothing Found = ""
	ByHeader  Found = "header"  // one of the names other systems use
	ByContent Found = "content" // what stands in the column
	ByField   Found = "field"   // a custom field of the account has this name
	ByUser    Found = "user"
)

// Column is one column of the file and what becomes of it.
type Column struct {
	Header  string // as in the file, trimmed
	Meaning Meaning
	Field   string     // name of the custom field; of an ignored column: what it could become
	Type    field.Type // of the custom field
	Found   Found
	Samples []string // the first values: people's data, for the uploader's eyes only
}

// meanings are the headers, normalised, which other systems write. It is never written
// after the program started.
var meanings = meaningIndex()

func meaningIndex() map[string]Meaning {
	index := make(map[string]Meaning, 128)
	for m, names := range aliases() {
		for name := range strings.FieldsSeq(names) {
			index[name] = m
		}
	}
	return index
}

func aliases() map[Meaning]string {
	return map[Meaning]string{
		Phone: `phone phone_number phonenumber phone_no phone_num phone_1 phone1 primary_phone msisdn mobile mobile_phone
			mobile_number mobilephone mobile_no phone_mobile phone_cell cell cell_phone cellphone cell_number telephone telephone_number
			contact_number contact_phone sms_number sms_phone`,
		FirstName: "first_name firstname first fname given_name givenname forename",
		LastName:  "last_name lastname last lname surname family_name familyname",
		State:     "state region state_code us_state province state_province",
		Zone:      "zone timezone time_zone tz iana_timezone",
		Zip:       "zip zip_code zipcode postal postal_code postalcode postcode post_code",
		ConsentedAt: `consent_date consented_at consent_at consent_time consent_timestamp consented_date opted_in_date opted_in_at
			opt_in_date opt_in_at opt_in_time opt_in_timestamp optin_date optin_at optin_time optin_timestamp`,
		ConsentIP:        "consent_ip consent_ip_address opt_in_ip opted_in_ip optin_ip opt_in_ip_address optin_ip_address",
		ConsentURL:       "consent_url consent_page consent_page_url opt_in_url opted_in_url optin_url opt_in_page optin_page consent_source_url",
		ConsentText:      "consent_text consent_disclosure consent_language disclosure disclosure_text opt_in_text optin_text",
		ConsentMethod:    "consent_method opt_in_method opted_in_method optin_method consent_type",
		ConsentUserAgent: "consent_user_agent opt_in_user_agent optin_user_agent consent_ua",
	}
}

// meant reads one header. A field which the account has defined goes before the names of
// other systems, except for the phone: without one there is no import.
func meant(header string, known field.Set) Column {
	c := Column{Header: header, Meaning: Ignored}
	name := normal(header)
	t, defined := known[name]
	defined = defined && !field.Reserved(name)
	m, listed := meanings[name]
	switch {
	case listed && (m == Phone || !defined):
		c.Meaning, c.Found = m, ByHeader
	case defined:
		c.Meaning, c.Field, c.Type, c.Found = Custom, name, t, ByField
	case !field.Reserved(name):
		c.Field = name
	}
	return c
}

// trimmed is a header as it is shown.
func trimmed(header string) string {
	// A mark stays at the front when a file was put together from others.
	return strings.TrimSpace(strings.TrimLeft(strings.ToValidUTF8(header, "\uFFFD"), "\uFEFF"))
}

// isWeakPhone is true of names that mean the phone only in a file without a better
// header: they are as often a house number or a customer's.
func isWeakPhone(name string) bool {
	switch name {
	case "number", "tel", "to", "recipient", "contact":
		return true
	}
	return false
}

// normal makes "First Name" first_name, and nothing of what cannot be a field's name.
func normal(header string) string {
	words := strings.FieldsFunc(strings.ToLower(header), func(r rune) bool {
		return r == '_' || r == '-' || r == '.' || r == '/' || r == '#' || r == '?' || r == ':' || r == '(' || r == ')' || unicode.IsSpace(r)
	})
	name := strings.Join(words, "_")
	if !field.IsName(name) {
		return ""
	}
	return name
}
