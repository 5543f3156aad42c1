package models

import (
	"slices"
	"time"

	"trackly/internal/fault"
)

// ImportState is where an import is in its life.
type ImportState string

// The states of an import.
const (
	ImportUploading ImportState = "uploading" // the file is arriving
	ImportUploaded  ImportState = "uploaded"  // its columns can be looked at and corrected
	ImportChecking  ImportState = "checking"  // a dry run
	ImportChecked   ImportState = "checked"   // the counters say what would happen
	ImportRunning   ImportState = "running"
	ImportDone      ImportState = "done"
	ImportFailed    ImportState = "failed" // the file is no good
	ImportCancelled ImportState = "cancelled"
)

// ImportMoves is the whole life of an import. A pair that is not here is illegal.
var ImportMoves = map[ImportState][]ImportState{
	ImportUploading: {ImportUploaded, ImportFailed, ImportCancelled},
	ImportUploaded:  {ImportChecking, ImportRunning, ImportCancelled},
	ImportChecking:  {ImportChecked, ImportFailed, ImportCancelled},
	ImportChecked:   {ImportChecking, ImportRunning, ImportCancelled},
	ImportRunning:   {ImportDone, ImportFailed, ImportCancelled},
	ImportDone:      nil,
	ImportFailed:    nil,
	ImportCancelled: nil,
}

// Final reports whether the import can never move again.
func (s ImportState) Final() bool { return len(ImportMoves[s]) == 0 }

// MoveTo changes the state, or says why it cannot.
func (i *Import) MoveTo(next ImportState) error {
	if !slices.Contains(ImportMoves[i.State], next) {
		return fault.New(fault.Conflict, "an import that is %s cannot become %s", i.State, next)
	}
	i.State = next
	return nil
}

// ImportColumn is a column of the file and what becomes of it.
type ImportColumn struct {
	Header  string
	Meaning string // as rules/contactfile has it
	Field   string // name of the custom field
	Type    string // of the custom field
	Found   string // what the meaning was found by: header, content, field, user; empty: nothing
}

// ImportOptions are what the user asks of an import.
type ImportOptions struct {
	Region     string // ISO country in which numbers without a + are dialled
	NewFields  bool   // columns nobody knows become custom fields
	MobileOnly bool   // numbers known to be no mobiles are refused
	LookUp     bool   // ask what nobody knows yet of the merged contacts; costs money
}

// Import is a contact file on its way into a list, and the report of it. The counters
// are those of the import, or of the dry run once it is checked.
type Import struct {
	ID         ImportID
	AccountID  AccountID
	ListID     ListID
	State      ImportState
	Reason     string // why it failed or was cancelled
	FileName   string
	FileBytes  int64
	FileHash   []byte // SHA-256 of the file, unpacked; evidence of consent
	Encoding   string
	Delimiter  string
	Columns    []ImportColumn   `gorm:"serializer:json"`
	Options    ImportOptions    `gorm:"serializer:json"`
	Staged     bool             // all rows wait in the import's own table
	BytesRead  int64            // of the file, by the staging
	Position   int64            // rows that are merged, or checked
	RowsRead   int64            // so far
	Refused    int64            // cannot be used; duplicates within the file are among them
	Added      int64            // new on the list
	Merged     int64            // were on the list
	OptedOut   int64            // said STOP; an import never revives them
	OtherLists int64            // of Added and Merged: on another list of the account too
	Reasons    map[string]int64 `gorm:"serializer:json"` // refused rows by reason
	LookedUp   *LookedUp        `gorm:"serializer:json"` // nil: no look-ups, or they have not ended
	CreatedAt  time.Time
	ChangedAt  time.Time
	StartedAt  *time.Time
	FinishedAt *time.Time
}
