// Package contactfile reads an uploaded file of contacts row by row: it finds out what
// the file is, what its columns mean, and for every row either a contact or the reasons
// why not. It is not the import: it stores nothing, knows no list and no account, and
// does not know whether a phone opted out.
//
// Memory is bounded by one record, and by some forty bytes per accepted phone, which is
// what finding duplicates costs: 37 MB for a million.
package contactfile

// The limits on what one file may ask of us.
const (
	defaultMaxLine = 64 << 10
	recordLines    = 4 // a record may be this many times MaxLine: quoted cells may hold line ends

	maxFields     = 64      // custom fields per subscription
	maxFieldBytes = 4 << 10 // custom fields per subscription, names and values
	maxShownValue = 80      // characters of a cell in a refusal
	maxNameChars  = 256     // characters of a first or last name
	maxStateChars = 64      // characters of a state outside the US
	maxZipChars   = 16      // characters of a postal code
	peeked        = 4 << 10 // bytes looked at to tell what a file is
	csvBuffer     = 4 << 10 // what encoding/csv reads ahead
	maxColumns    = 1 << 10 // columns, of which most would be ignored
	maxListed     = 20      // headers named in an error
	maxHeaderText = 40      // characters of a header in an error
)

// Options say how to read a file. The zero value reads US files.
type Options struct {
	Region  string // ISO country in which numbers without a + are dialled; "US" when empty
	MaxLine int    // bytes in one line, 64 KiB when not positive
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
