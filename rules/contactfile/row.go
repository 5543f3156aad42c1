package contactfile

import (
	"time"

	"trackly/rules/field"
)

// Row is one row of the file: a contact, or the reasons why not.
type Row struct {
	Line      int      // where it begins in the file, from 1
	Phone     string   // E.164; empty when the row is refused
	Region    string   // ISO country of Phone; empty when the row is refused
	Zones     []string // IANA zones the digits of Phone allow; nil when the row is refused
	FirstName string
	LastName  string
	State     string // two letters for a US phone, as written for others
	Zip       string // as written
	Zone      string // IANA
	Consent   Consent
	Fields    field.Values // custom fields which are not empty, each in its canonical form; nil when there are none
	Refusals  []Refusal    // every reason against the row; empty for a contact
}

// Consent is what the file says about how somebody gave permission. What it does not say
// is empty.
type Consent struct {
	At         time.Time // UTC where the file names no zone
	IP         string    // in its canonical form
	PageURL    string    // at most 2048 characters
	Disclosure string    // at most 4096 characters
	Method     string    // at most 64 characters
	UserAgent  string    // at most 512 characters, cut there
}

// Reason is a refusal's code, for counting and for translation.
type Reason string

// The reasons.
const (
	BadPhone        Reason = "bad_phone"
	EmptyPhone      Reason = "empty_phone"
	BadState        Reason = "bad_state"
	BadZone         Reason = "bad_zone"
	BadConsentDate  Reason = "bad_consent_date"
	BadValue        Reason = "bad_value" // no value of the column's type
	DuplicateInFile Reason = "duplicate_in_file"
	RaggedRow       Reason = "ragged_row"
	BadEncoding     Reason = "bad_encoding"
	BadQuotes       Reason = "bad_quotes"
	TooLong         Reason = "too_long"
	FieldsTooBig    Reason = "fields_too_big"
)

// Reasons gives every reason there is.
func Reasons() []Reason {
	return []Reason{
		BadPhone, EmptyPhone, BadState, BadZone, BadConsentDate, BadValue, DuplicateInFile,
		RaggedRow, BadEncoding, BadQuotes, TooLong, FieldsTooBig,
	}
}

// Refusal is a line of the error file. Value may be a phone number: it goes back to the
// uploader and never into a log.
type Refusal struct {
	Line    int
	Column  string // header of the column; empty when the row as a whole is refused
	Value   string // the cell, at most 80 characters
	Reason  Reason
	Message string // one sentence for the uploader; never holds the value
}
