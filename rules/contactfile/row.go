package contactfile

import "time"

// Row is one row of the file: a contact, or the reasons why not.
type Row struct {
	Line        int    // where it begins in the file, from 1
	Phone       string // E.164; empty when the row is refused
	Region      string // ISO country of Phone; empty when the row is refused
	FirstName   string
	LastName    string
	State       string            // two letters for a US phone, as written for others
	Zip         string            // as written
	Zone        string            // IANA
	ConsentedAt time.Time         // zero when the file does not say; UTC where it names no zone
	Fields      map[string]string // custom fields which are not empty; nil when there are none
	Refusals    []Refusal         // every reason against the row; empty for a contact
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
		BadPhone, EmptyPhone, BadState, BadZone, BadConsentDate, DuplicateInFile,
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
