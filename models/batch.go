package models

import "trackly/rules/segment"

// Batch is a run of neighbouring messages of a campaign that one activity hands over.
// Its counters move in the statements that move the messages.
type Batch struct {
	ID         BatchID
	AccountID  AccountID
	CampaignID CampaignID
	Number     int // from 0
	Size       int
	Claimed    int
	Sent       int
	Skipped    int
	Failed     int
	Unknown    int
}

// Queued is how many messages nobody has tried yet.
func (b Batch) Queued() int {
	return b.Size - b.Claimed - b.Sent - b.Skipped - b.Failed - b.Unknown
}

// QueuedMessage is a message about to be rendered: what the text is made from.
type QueuedMessage struct {
	ID        MessageID
	Variant   int
	Phone     string
	FirstName string
	LastName  string
	State     string
	Fields    map[string]string
}

// Value gives what a merge field stands for in this contact's text.
func (q QueuedMessage) Value(name string) (string, bool) {
	switch name {
	case "first_name":
		return q.FirstName, q.FirstName != ""
	case "last_name":
		return q.LastName, q.LastName != ""
	case "state":
		return q.State, q.State != ""
	case "phone":
		return q.Phone, true
	}
	v, ok := q.Fields[name]
	return v, ok && v != ""
}

// Text is a rendered message on its way to being claimed.
type Text struct {
	MessageID MessageID
	Phone     string
	Body      string
	Count     segment.Count
}

// Outcome is what became of a claimed or unknown message.
type Outcome struct {
	MessageID    MessageID
	State        MessageState
	Reason       string
	ProviderID   string
	ProviderCode string
	ProviderText string
}

// Rights says what a batch's holder may still do.
type Rights struct {
	Holder   bool        // false: another one took over, and nothing may be touched any more
	Sending  bool        // false: the campaign or the list is not sending
	Inactive []MessageID // messages whose contact must not be texted any more
}

// UnknownMessage is a message whose answer never came, with what the provider is asked.
type UnknownMessage struct {
	Message
	Phone string
}
