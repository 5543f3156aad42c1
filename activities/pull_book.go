package activities

import (
	"context"
	"errors"
	"slices"
	"time"

	"trackly/internal/fault"
	"trackly/internal/network"
	"trackly/models"
	"trackly/rules/pull"
)

// pulled is a row of a report that is of an offer of ours.
type pulled struct {
	row   pull.Row
	offer models.OfferID
	click string // ours; empty: none
}

// named is the row's transaction by one of its names.
func (o pulled) named(name string) models.Transaction {
	return models.Transaction{OfferID: o.offer, TransactionID: name}
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
	slices.SortStableFunc(ours, func(a, b pulled) int { return a.row.At.Compare(b.row.At) })
	keys := make([]models.Transaction, 0, 2*len(ours))
	for _, o := range ours {
		keys = append(keys, o.named(o.row.Name()), o.named(o.row.FurtherName()))
	}
	booked, err := p.Store.BookedTransactions(ctx, c.AccountID, keys)
	if err != nil {
		return err
	}
	var all []models.Told
	for _, o := range ours {
		is := o.named(o.row.Name())
		if o.row.Further(booked[is]) {
			is = o.named(o.row.FurtherName())
		}
		a := pull.Read(o.row, booked[is])
		if !a.Tells() {
			res.note(a.Means, o.row.At)
			continue
		}
		all = append(all, o.told(is, a, p.Now()))
		if a.Means == pull.Sells { // for what the page says of it further down
			booked[is] = o.row.Sold(*a.Amount)
		}
	}
	return p.tell(ctx, c.AccountID, all, res)
}

// note counts a row that the books need not be told of.
func (r *PullPagesResult) note(m pull.Meaning, at time.Time) {
	switch m {
	case pull.Waits:
		r.Pending++
		if r.PendingFrom == nil || at.Before(*r.PendingFrom) {
			at = at.UTC()
			r.PendingFrom = &at
		}
	case pull.Never:
		r.Rejected++
	case pull.Known:
		r.Known++
	case pull.Differs:
		r.Differs++
		r.Problem = "some conversions changed at the network in a way that has to be booked by hand"
	case pull.Unreadable:
		r.Refused++
		r.Problem = "some of the network's amounts could not be read"
	case pull.Sells, pull.Refunds, pull.ChargesBack: // counted by what becomes of the telling
	}
}

// told is what the books are told. When the network changed its mind it does not say.
func (o pulled) told(is models.Transaction, a pull.Answer, now time.Time) models.Told {
	t := models.Told{
		OfferID: is.OfferID, TransactionID: is.TransactionID, Source: models.ByPull, Kind: models.Sale, At: o.row.At, ClickID: o.click, Amount: a.Amount,
	}
	if a.Amount != nil {
		t.Currency = o.row.Currency
	}
	switch a.Means {
	case pull.Refunds:
		t.Kind, t.At = models.Refund, now
	case pull.ChargesBack:
		t.Kind, t.At = models.Chargeback, now
	default:
	}
	return t
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
		ours = append(ours, pulled{offer: o.ID, click: clickOf(r), row: pull.Row{
			ID: r.ID, Transaction: r.Transaction, Goal: r.Goal, Status: pull.Status(r.Status), At: r.At,
			Payout: r.Payout, Sale: r.Sale, Share: o.PayoutType == models.PaysShare, Currency: r.Currency,
		}})
	}
	return ours, nil
}

// clickOf is the id of our click, wherever the offer's URL puts it.
func clickOf(r network.Conversion) string {
	for _, s := range r.Subs {
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
