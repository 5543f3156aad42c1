package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// errRehearsed undoes a rehearsal that went well.
var errRehearsed = errors.New("rehearsed: nothing is kept") //nolint:gochecknoglobals // a constant in all but name

// RehearseConversions answers what Convert would, by doing what Convert does and undoing
// it. It must be given all of a file at once: a repeated line is known by the one above,
// which is not kept. The bookings have no ids, which would lead nowhere, and the states
// that they have when all is told.
//
// It does not do the file within one transaction of the database. That would need a lock
// for each transaction of the network's, and Postgres ran out of memory for 100,000. It
// would also hold the days of the offer until it is done: the next postback would wait, and
// those of all accounts behind it (see gather). So it does part after part, none longer than
// Convert's, and one part has all that is told of a transaction: no other one matters to it.
func (s *Store) RehearseConversions(ctx context.Context, account models.AccountID, all []models.Told) ([]models.Booking, error) {
	good, out := tellingsOf(account, all)
	for _, part := range wholeTransactions(good, gatherMost) {
		done, err := s.undoneConversions(ctx, part)
		if err != nil {
			return nil, err
		}
		for i, b := range done {
			b.ID = ""
			out[part[i].place] = b
		}
	}
	return out, nil
}

// undoneConversions is writeConversions without its commit.
func (s *Store) undoneConversions(ctx context.Context, all []telling) ([]models.Booking, error) {
	var out []models.Booking
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) (err error) {
		var last pgx.Batch
		if out, err = bookTellings(ctx, tx, &last, all); err != nil {
			return err
		}
		if err := send(ctx, tx, &last); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		return out, nil
	}
	return nil, explain(err, "conversion")
}

// wholeTransactions cuts tellings into parts, but no transaction. One that is told of more
// often than most is a longer part by itself: it has one lock and a few rows, however often.
func wholeTransactions(all []telling, most int) [][]telling {
	of := map[transactionKey][]telling{}
	var order []transactionKey
	for _, t := range all {
		k := transactionKey{t.OfferID, t.TransactionID}
		if of[k] == nil {
			order = append(order, k)
		}
		of[k] = append(of[k], t)
	}
	var parts [][]telling
	var part []telling
	for _, k := range order {
		if len(part) > 0 && len(part)+len(of[k]) > most {
			parts, part = append(parts, part), nil
		}
		part = append(part, of[k]...)
	}
	if len(part) > 0 {
		parts = append(parts, part)
	}
	return parts
}
