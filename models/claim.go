package models

import "trackly/rules/price"

// Claim asks for messages to hand over.
type Claim struct {
	Batch  Batch
	Holder string
	Route  int // the rank of the route they will go over
	Texts  []Text
	Caps   Caps
	Prices price.Book
	// Uncalled messages go back to the queue when their holder dies before it marked them
	// as called; others become unknown.
	Uncalled bool
	Domain   DomainID // the link domain that the Linked ones of the texts lead to; empty: none is counted
}

// Caps say how often a contact may be texted. 0 is no cap.
type Caps struct {
	AccountHours int // no text when any list of the account texted in that time
	ListHours    int // no text when this list did
}

// None reports whether nothing is capped.
func (c Caps) None() bool { return c == Caps{} }

// Counted are those of the claimed messages that a cap applies to, and the law's cap of
// texts in 24 hours for each; 0 where only the account's or the list's own holds.
func (c Claim) Counted(got []MessageID) (ids []int64, caps []int16) {
	claimed := make(map[MessageID]bool, len(got))
	for _, id := range got {
		claimed[id] = true
	}
	for _, t := range c.Texts {
		if claimed[t.MessageID] && !t.Kind.Uncapped() && (t.Cap > 0 || !c.Caps.None()) {
			ids, caps = append(ids, int64(t.MessageID)), append(caps, int16(t.Cap)) //nolint:gosec // a few a day
		}
	}
	return ids, caps
}
