package models

import "time"

// Unasked is a contact of whom nobody has asked yet, or not for long.
type Unasked struct {
	ID    ContactID
	Phone string
}

// AskPage is a part of a list, or of an import's rows, on its way through the look-ups.
type AskPage struct {
	Contacts []Unasked
	Cached   int64 // known already
	After    int64 // where the next page begins
	Done     bool  // there is none
	Lost     bool  // the import's rows are gone and have to be read from the file again
}

// AskScope says whose contacts are looked up: a list's, or those of one import into it.
type AskScope struct {
	AccountID AccountID
	ListID    ListID
	ImportID  ImportID  // empty: everybody on the list
	Stale     time.Time // what was learned before is asked again
	Began     time.Time // what was learned from here on, this run has paid for and counted; zero: nothing
}

// Heard is the answer about one phone.
type Heard struct {
	ID       ContactID
	LineType LineType
	Carrier  string
	Failed   bool // nobody knows
	Unheard  bool // no answer came: it is asked again next time
}

// Lookups counts what an account asked one provider on one day.
type Lookups struct {
	Day      time.Time // UTC
	Provider string
	Asked    int64 // paid
	Cached   int64 // known already
	Failed   int64 // of the asked, and those without an answer
	Cost     int64 // micro-units of the account's currency
}

// LookedUp is what came of the look-ups of an import. Answers of a worker that was killed
// are in Lookups, and may be missing here.
type LookedUp struct {
	Asked     int64
	Cached    int64
	Failed    int64
	NotMobile int64  // contacts that became invalid
	Problem   string // why not everybody was asked about; empty: everybody was
}
