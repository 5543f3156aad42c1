package pull

import (
	"time"

	"trackly/rules/price"
)

// Booked is what the books hold of a transaction.
type Booked struct {
	Pulled   bool          // its sale was told by a pull
	Sold     bool          // there is one
	At       time.Time     // of the sale
	Amount   price.Micros  // of the sale, in Currency
	Currency string        // empty: the account's
	Refund   *price.Micros // what its refund was told to take back, 0 for all; nil: there is none
	Taken    bool          // a reversal has left nothing of it
}

// Meaning is what a row says to the books.
type Meaning string

// The meanings. The books are to be told of the first three.
const (
	Sells       Meaning = "sells"
	Refunds     Meaning = "refunds"
	ChargesBack Meaning = "charges back" // a refund took a part before
	Waits       Meaning = "waits"        // for the network
	Never       Meaning = "never"        // rejected, and never booked
	Known       Meaning = "known"        // the books hold it as it is
	Differs     Meaning = "differs"      // it changed in a way that only a person can book
	Unreadable  Meaning = "unreadable"   // its amount is no number
)

// Answer is a meaning, and what the books are to be told.
type Answer struct {
	Means  Meaning
	Amount *price.Micros // in the row's currency; nil: all that is left
}

// Tells reports whether there is anything to tell the books.
func (a Answer) Tells() bool {
	return a.Means == Sells || a.Means == Refunds || a.Means == ChargesBack
}

// Read says what a row means. Reading one again, with what it brought in the books, tells
// them nothing: networks report the same days over and over.
func Read(r Row, b Booked) Answer {
	switch r.Status {
	case Approved:
	case Rejected:
		return Answer{Means: b.rejected()}
	case Pending:
		return Answer{Means: Waits}
	default: // a word nobody knows approves nothing
		return Answer{Means: Waits}
	}
	amount, err := r.amount()
	switch {
	case err != nil:
		return Answer{Means: Unreadable}
	case !b.Sold:
		return Answer{Means: Sells, Amount: &amount}
	case !b.Pulled: // a postback told of it, perhaps as something else than a sale
		return Answer{Means: Known}
	}
	return b.changed(r.Currency, amount)
}

// rejected takes back what was booked. A transaction has one refund: where that took a part
// only, the rest is a chargeback.
func (b Booked) rejected() Meaning {
	switch {
	case !b.Sold:
		return Never
	case b.Taken:
		return Known
	case b.Refund != nil:
		return ChargesBack
	}
	return Refunds
}

// changed is what became of a sale that a pull has told of. A lower amount is a refund of
// the difference; one refund is all a transaction has, and nothing raises a sale.
func (b Booked) changed(currency string, amount price.Micros) Answer {
	less := b.Amount - amount
	untouched := b.Refund == nil && !b.Taken
	switch {
	case currency != "" && b.Currency != "" && currency != b.Currency: // amounts of two currencies compare not
	case less == 0 && untouched, less > 0 && b.Refund != nil && *b.Refund == less:
		return Answer{Means: Known}
	case less > 0 && untouched:
		return Answer{Means: Refunds, Amount: &less}
	}
	return Answer{Means: Differs}
}
