// Package contactfile reads an uploaded file of contacts row by row: it finds out what
// the file is, what its columns mean, and for every row either a contact or the reasons
// why not. It is not the import: it stores nothing, knows no list and no account, and
// does not know whether a phone opted out.
//
// Memory is bounded by one record, and by some forty bytes per accepted phone, which is
// what finding duplicates costs: 37 MB for a million.
package contactfile

import "trackly/rules/field"

// HeadBytes is how much of a file Propose looks at, and so does a Reader that nobody told
// what the columns mean.
const HeadBytes = 256 << 10

// The limits on what one file may ask of us.
const (
	defaultMaxLine = 64 << 10
	recordLines    = 4 // a record may be this many times MaxLine: quoted cells may hold line ends

	maxShownValue = 80      // characters of a cell in a refusal
	maxNameChars  = 256     // characters of a first or last name
	maxStateChars = 64      // characters of a state outside the US
	maxZipChars   = 16      // characters of a postal code
	maxURLChars   = 2048    // characters of the page of a consent
	maxTextChars  = 4096    // characters of the disclosure of a consent
	maxWayChars   = 64      // characters of the method of a consent
	maxAgentChars = 512     // characters of the user agent of a consent
	peeked        = 4 << 10 // bytes looked at to tell what a file is
	csvBuffer     = 4 << 10 // what encoding/csv reads ahead
	maxColumns    = 1 << 10 // columns, of which most would be ignored
	maxListed     = 20      // headers named in an error
	maxHeaderText = 40      // characters of a header in an error
)

// Options say how to read a file. The zero value reads US files and knows no custom
// fields.
type Options struct {
	Region    string    // ISO country in which numbers without a + are dialled; "US" when empty
	MaxLine   int       // bytes in one line, 64 KiB when not positive
	Columns   []Column  // one for every column of the file; nil: as Propose would have them
	Known     field.Set // the account's custom fields
	NewFields bool      // columns nobody knows become custom fields; else they are ignored
}

func (o Options) filled() Options {
	if o.Region == "" {
		o.Region = "US"
	}
	if o.MaxLine <= 0 {
		o.MaxLine = defaultMaxLine
	}
	return o
}
