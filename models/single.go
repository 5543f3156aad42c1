package models

// Single is a text to one contact, outside of any campaign.
type Single struct {
	AccountID AccountID
	ListID    ListID
	Phone     string // E.164
	Region    string
	Zones     []string
	Body      string
	Kind      Kind
	Route     int  // the rank it must go over; 0: any
	Asks      bool // it asks for a yes or a no: for a day, YES means yes to it
	// OptIn is the proof of consent of somebody who is not on the list yet; nil refuses
	// such a person.
	OptIn *OptIn
	// Refusal is why the list may send nothing now; nil when it may. A repetition of an
	// earlier request is answered all the same: its text may be on its way.
	Refusal error
}

// OptIn is the proof that a person agreed to be texted.
type OptIn struct {
	Method, Evidence, Disclosure, PageURL, IP, UserAgent string
}
