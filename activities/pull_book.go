package activities

import (
	"context"
	"errors"
	"slices"
	"time"

	"trackly/internal/fault"
	"trackly/internal/network"
	"trackly/models"
	"trackly/rules/price"
)

// pulled is a row of a report that is of an offer of ours.
type pulled struct {
	network.Conversion
	models.Transaction
	pays models.PayoutType
}

// book tells the books of a page.
func (p *Pulls) book(ctx context.Context, c models.Connection, page network.Page, res *PullPagesResult) error {
	res.Rows += int64(len(page.Rows) + page.Bad)
	if page.Bad > 0 {
		res.Refused += int64(page.Bad)
		res.Problem = "some of the network's conversions could not be read"
	}
	ours, err := p.ours(ctx, c, page.Rows, res)
	if err != nil || len(ours) == 0 {
		return err
	}
	slices.SortStableFunc(ours, func(a, b pulled) int { return a.At.Compare(b.At) })
	keys := make([]models.Transaction, 0, 2*len(ours))
	for _, o := range ours {
		keys = append(keys, o.Transaction, o.another())
	}
	states, err := p.Store.TransactionStates(ctx, c.AccountID, keys)
	if err != nil {
		return err
	}
	var all []models.Told
	for _, o := range ours {
		s := states[o.Transaction]
		if s.Pulled && !s.At.Equal(o.At) {
			o.Transaction = o.another()
			s = states[o.Transaction]
		}
		t, ok := o.told(s, p.Now(), res)
		if !ok {
			continue
		}
		if all = append(all, t); !s.Sold {
			states[o.Transaction] = models.TransactionState{Pulled: true, Sold: true, At: t.At, Amount: *t.Amount, Currency: t.Currency}
		}
	}
	return p.tell(ctx, c.AccountID, all, res)
}

func (p *Pulls) tell(ctx context.Context, account models.AccountID, all []models.Told, res *PullPagesResult) error {
	if len(all) == 0 {
		return nil
	}
	bookings, err := p.Store.Convert(ctx, account, all)
	if err != nil {
		return err
	}
	for i, b := range bookings {
		switch {
		case b.Refused != nil:
			res.Refused++
			res.Problem = "some conversions cannot be booked: " + problemOf(b.Refused)
		case b.Repeated:
			res.Known++
		case all[i].Kind.Reverses():
			res.TakenBack++
		default:
			res.New++
		}
	}
	return nil
}

// ours are the rows of the account's own offers.
func (p *Pulls) ours(ctx context.Context, c models.Connection, rows []network.Conversion, res *PullPagesResult) ([]pulled, error) {
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.Offer
	}
	offers, err := p.Store.NetworkOffers(ctx, c.AccountID, c.Network, names)
	if err != nil {
		return nil, err
	}
	ours := make([]pulled, 0, len(rows))
	for _, r := range rows {
		o, ok := offers[r.Offer]
		if !ok {
			res.Foreign++
			continue
		}
		ours = append(ours, pulled{Conversion: r, pays: o.PayoutType, Transaction: models.Transaction{OfferID: o.ID, TransactionID: transactionOf(r)}})
	}
	return ours, nil
}

// transactionOf is the name under which the network's postback tells of the conversion too:
// TUNE's {transaction_id}. A goal is a conversion of its own.
func transactionOf(r network.Conversion) string {
	id := r.Transaction
	if id == "" {
		id = "tune:" + r.ID
	}
	if r.Goal != "" {
		id += "/goal:" + r.Goal
	}
	return id
}

// another is the transaction of a further conversion of the same click: networks that allow
// several name them all after the click. The first one keeps that name for ever.
func (o pulled) another() models.Transaction {
	return models.Transaction{OfferID: o.OfferID, TransactionID: transactionOf(o.Conversion) + "/" + o.ID}
}

// told is what the books are to be told of the row, if anything.
func (o pulled) told(s models.TransactionState, now time.Time, res *PullPagesResult) (models.Told, bool) {
	t := models.Told{OfferID: o.OfferID, TransactionID: o.TransactionID, Source: models.ByPull, Kind: models.Sale, At: o.At, ClickID: o.click()}
	switch o.Status {
	case network.Pending:
		res.Pending++
		if res.PendingFrom == nil || o.At.Before(*res.PendingFrom) {
			at := o.At.UTC()
			res.PendingFrom = &at
		}
		return t, false
	case network.Rejected:
		return o.rejected(t, s, now, res)
	case network.Approved:
	}
	amount, err := o.amount()
	if err != nil {
		res.Refused++
		res.Problem = "some of the network's amounts could not be read"
		return t, false
	}
	t.Amount, t.Currency = &amount, o.Currency
	switch {
	case !s.Sold:
		return t, true
	case !s.Pulled:
		res.Known++ // a postback told of it, perhaps as something else than a sale
		return t, false
	}
	return o.changed(t, s, now, res)
}

// amount is what the offer's terms are about.
func (o pulled) amount() (price.Micros, error) {
	if o.pays == models.PaysShare {
		return price.Parse(o.Sale)
	}
	return price.Parse(o.Payout)
}

// rejected takes back what was booked of it. A transaction has one refund: where that took
// a part only, the rest is a chargeback.
func (o pulled) rejected(t models.Told, s models.TransactionState, now time.Time, res *PullPagesResult) (models.Told, bool) {
	switch {
	case !s.Sold:
		res.Rejected++
		return t, false
	case s.Taken:
		res.Known++
		return t, false
	}
	t.Kind, t.At = models.Refund, now
	if s.Refund != nil {
		t.Kind = models.Chargeback
	}
	return t, true
}

// changed is what became of one that a pull has told of before. A lower amount is a refund
// of the difference; what cannot be written as that is counted, and left to a person.
func (o pulled) changed(t models.Told, s models.TransactionState, now time.Time, res *PullPagesResult) (models.Told, bool) {
	var less price.Micros
	if t.Currency == "" || t.Currency == s.Currency {
		less = s.Amount - *t.Amount
	}
	switch {
	case less == 0 && s.Refund == nil && !s.Taken, s.Refund != nil && *s.Refund == less && less > 0:
		res.Known++
		return t, false
	case less > 0 && s.Refund == nil && !s.Taken:
		t.Kind, t.At, t.Amount = models.Refund, now, &less
		return t, true
	}
	res.Differs++
	res.Problem = "some conversions changed at the network in a way that has to be booked by hand"
	return t, false
}

// click is the id of our click, wherever the offer's URL puts it.
func (o pulled) click() string {
	for _, s := range o.Subs {
		if models.IsID(s) {
			return s
		}
	}
	return ""
}

// problemOf is a fault in words for its user, without its cause.
func problemOf(err error) string {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return "an error nobody expected"
	}
	if len(f.Problems) > 0 {
		return f.Problems[0].Message
	}
	return f.Message
}
