// Package pull says what a network's report of a conversion means, given what the books hold
// of it. It asks no network and books nothing.
package pull

import (
	"time"

	"trackly/rules/price"
)

// Status is what the network thinks of a conversion.
type Status string

// The statuses.
const (
	Approved Status = "approved"
	Pending  Status = "pending"
	Rejected Status = "rejected"
)

// Row is a conversion as the network reports it. Amounts are its own decimals, unread.
type Row struct {
	ID          string // the network's
	Transaction string // the network's name for its click; empty: it has none
	Goal        string // empty: the offer's own
	Status      Status
	At          time.Time
	Payout      string
	Sale        string // what was bought for
	Share       bool   // the offer pays a share of the sale
	Currency    string // empty: the account's
}

// Name is the transaction that the network's postback tells of too: TUNE's {transaction_id}.
// A goal is a conversion of its own.
func (r Row) Name() string {
	name := r.Transaction
	if name == "" {
		name = "tune:" + r.ID
	}
	if r.Goal != "" {
		name += "/goal:" + r.Goal
	}
	return name
}

// FurtherName is the transaction of a further conversion of the same click: networks that
// allow several name them all after the click. The first one keeps that name for ever.
func (r Row) FurtherName() string { return r.Name() + "/" + r.ID }

// Further reports whether the row is another conversion than the one that the books hold
// under its name. Only a pull told when that one was by the network's clock.
func (r Row) Further(b Booked) bool { return b.Pulled && !b.At.Equal(r.At) }

// Sold is what the books hold once they were told of the row as a sale.
func (r Row) Sold(amount price.Micros) Booked {
	return Booked{Pulled: true, Sold: true, At: r.At, Amount: amount, Currency: r.Currency}
}

// amount is what the offer's terms are about.
func (r Row) amount() (price.Micros, error) {
	if r.Share {
		return price.Parse(r.Sale)
	}
	return price.Parse(r.Payout)
}
