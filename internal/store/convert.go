package store

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// telling is one Told on its way to the database.
type telling struct {
	account models.AccountID
	models.Told
	place   int // among what was told with it
	refused error
	row     *bookRow // where it is kept
	first   bool     // it was not known before
}

// Convert keeps what was told and books it. It returns when that is durable; single
// callers share transactions (see gather). A Told that cannot be kept is refused by itself.
// After an error some may be kept: telling all of them again changes nothing.
func (s *Store) Convert(ctx context.Context, account models.AccountID, all []models.Told) ([]models.Booking, error) {
	good, out := tellingsOf(account, all)
	if len(good) == 1 {
		done, err := s.conversions.ask(ctx, good[0])
		out[good[0].place] = done
		return out, err
	}
	for part := range slices.Chunk(good, gatherMost) {
		done, err := s.writeConversions(ctx, part)
		if err != nil {
			return nil, err
		}
		for i, b := range done {
			out[part[i].place] = b
		}
	}
	return out, nil
}

// tellingsOf gives those that make sense by themselves, and the answers to the others.
func tellingsOf(account models.AccountID, all []models.Told) ([]telling, []models.Booking) {
	good, out := make([]telling, 0, len(all)), make([]models.Booking, len(all))
	now := time.Now()
	for i, t := range all {
		if out[i].Refused = checkTold(account, &t, now); out[i].Refused == nil {
			good = append(good, telling{account: account, Told: t, place: i})
		}
	}
	return good, out
}

// checkTold also makes the time one that the database gives back as it is.
func checkTold(account models.AccountID, t *models.Told, now time.Time) error {
	if err := t.Check(now); err != nil {
		return err
	}
	if !models.IsID(account) || !models.IsID(t.OfferID) {
		return fault.New(fault.NotFound, "no such offer")
	}
	if t.At.IsZero() {
		t.At = now
	}
	t.At = t.At.UTC().Truncate(time.Microsecond)
	return nil
}

// writeConversions may find tellings of several accounts.
func (s *Store) writeConversions(ctx context.Context, all []telling) ([]models.Booking, error) {
	var out []models.Booking
	err := again(func() error {
		return s.tersely(ctx, func(tx sender, last *pgx.Batch) (err error) {
			out, err = bookTellings(ctx, tx, last, all)
			return err
		})
	})
	return out, explain(err, "conversion")
}

// bookTellings does all of it but to send the last statements and to commit.
func bookTellings(ctx context.Context, tx sender, last *pgx.Batch, all []telling) ([]models.Booking, error) {
	tellings := slices.Clone(all) // anew: a try that was undone kept nothing
	b := newBooks()
	given, err := b.open(ctx, tx, tellings)
	if err != nil {
		return nil, err
	}
	for i := range tellings {
		b.take(&tellings[i], given)
	}
	if err := b.settle(ctx, tx, last); err != nil {
		return nil, err
	}
	out := make([]models.Booking, len(tellings))
	for i, t := range tellings {
		out[i] = t.booking()
	}
	return out, nil
}

func (t telling) booking() models.Booking {
	if t.refused != nil {
		return models.Booking{Refused: t.refused}
	}
	return models.Booking{ID: t.row.ID, State: t.row.State, Repeated: !t.first}
}
