package contactfile

import (
	"strings"
	"unicode"

	"trackly/internal/fault"
	"trackly/rules/phone"
)

// Meaning is what a column is read as.
type Meaning string

// The meanings. Email is kept as the custom field "email".
const (
	Phone       Meaning = "phone"
	FirstName   Meaning = "first_name"
	LastName    Meaning = "last_name"
	State       Meaning = "state"
	Zip         Meaning = "zip"
	Zone        Meaning = "zone" // IANA
	ConsentedAt Meaning = "consented_at"
	Custom      Meaning = "custom"
	Ignored     Meaning = "ignored" // the header is no name we can store
)

// Column is one column of the file.
type Column struct {
	Header  string // as in the file, trimmed
	Meaning Meaning
	Field   string // name of the custom field; empty for other meanings
}

// aliases are the headers, normalised, which other systems write.
func aliases() map[Meaning]string {
	return map[Meaning]string{
		Phone: "phone phone_number phonenumber msisdn mobile mobile_phone mobile_number mobilephone cell cell_phone " +
			"cellphone cell_number telephone telephone_number contact_number sms_number",
		FirstName:   "first_name firstname fname given_name givenname forename",
		LastName:    "last_name lastname lname surname family_name familyname",
		State:       "state region state_code us_state",
		Zone:        "zone timezone time_zone tz",
		Zip:         "zip zip_code zipcode postal_code postalcode postcode post_code",
		ConsentedAt: "consent_date consented_at consent_at consent_timestamp opted_in_date opted_in_at opt_in_date opt_in_at optin_date opt_in_timestamp",
	}
}

// weakPhones mean the phone only in a file without a better header: they are as often a
// house number or a customer's.
const weakPhones = "number tel to recipient contact"

// columnsOf gives every column its meaning, or every complaint about the header at once.
func columnsOf(headers []string, region string) ([]Column, error) {
	if err := plausible(headers, region); err != nil {
		return nil, err
	}
	columns := make([]Column, len(headers))
	for i, h := range headers {
		columns[i] = meant(strings.TrimSpace(strings.ToValidUTF8(h, "\uFFFD")))
	}
	if !has(columns, Phone) {
		promote(columns)
	}
	return columns, checkColumns(columns)
}

// plausible refuses a file without a header line. Its cells are people's data, so the
// message names none of them.
func plausible(headers []string, region string) error {
	if len(headers) > maxColumns {
		return fault.New(fault.Invalid, "the file has %d columns; at most %d are read", len(headers), maxColumns)
	}
	for _, h := range headers {
		if _, err := phone.Parse(h, region); err == nil {
			return fault.New(fault.Invalid, "the first line holds a contact; it must hold the names of the columns")
		}
	}
	return nil
}

func meant(header string) Column {
	name := normal(header)
	for meaning, names := range aliases() {
		if listed(names, name) {
			return Column{Header: header, Meaning: meaning}
		}
	}
	if name == "" {
		return Column{Header: header, Meaning: Ignored}
	}
	return Column{Header: header, Meaning: Custom, Field: name}
}

func promote(columns []Column) {
	for i, c := range columns {
		if c.Meaning == Custom && listed(weakPhones, c.Field) {
			columns[i] = Column{Header: c.Header, Meaning: Phone}
			return
		}
	}
}

func listed(names, name string) bool {
	return name != "" && strings.Contains(" "+names+" ", " "+name+" ")
}

// normal makes "First Name" first_name, and nothing of what cannot be a field's name:
// [a-z][a-z0-9_]{0,63}.
func normal(header string) string {
	words := strings.FieldsFunc(strings.ToLower(header), func(r rune) bool {
		return r == '_' || r == '-' || r == '.' || r == '/' || r == '#' || r == '?' || unicode.IsSpace(r)
	})
	name := strings.Join(words, "_")
	if name == "" || len(name) > 64 || name[0] < 'a' || name[0] > 'z' {
		return ""
	}
	for _, b := range []byte(name) {
		if b != '_' && (b < 'a' || b > 'z') && (b < '0' || b > '9') {
			return ""
		}
	}
	return name
}
