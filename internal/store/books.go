package store

import (
	"cmp"
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
	"trackly/rules/conversion"
)

// booksLock is a class of advisory locks, one for each account. Whoever tells of
// conversions shares it. Whoever changes what they are credited by (see rebook) has it
// alone, from before any lock of a row: then neither works from what the other is changing.
const booksLock = 0x626f6f6b

// lockBooks must come first in a transaction that calls rebook.
func lockBooks(ctx context.Context, tx pgx.Tx, account models.AccountID) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, $2)`, booksLock, accountLock(account))
	return err
}

// books are the transactions that are worked out anew within one of the database's.
type books struct {
	transactions map[transactionKey]*transaction
	order        []*transaction
}

type transactionKey struct {
	offer       models.OfferID
	transaction string
}

// transaction is all that was told of one. The account is that of the offer.
type transaction struct {
	rows    []*bookRow
	changed bool // it must be worked out
	was, is []stand
}

// bookRow is a conversion as it is to be, and as it was read; nil: it is new.
type bookRow struct {
	models.Conversion
	was  *models.Conversion
	more int // repeats since
}

func newBooks() *books { return &books{transactions: map[transactionKey]*transaction{}} }

// queueRead asks for all that is known of the transactions.
func (b *books) queueRead(batch *pgx.Batch, keys []transactionKey) {
	offers, transactions := make([]string, len(keys)), make([]string, len(keys))
	for i, k := range keys {
		offers[i], transactions[i] = string(k.offer), k.transaction
	}
	batch.Queue(`SELECT `+conversionColumns+` FROM unnest($1::uuid[], $2::text[]) AS w (offer_id, transaction_id)
		JOIN conversions c ON c.offer_id = w.offer_id AND c.transaction_id = w.transaction_id`, offers, transactions).Query(b.read)
}

func (b *books) read(rows pgx.Rows) error {
	found, err := pgx.CollectRows(rows, pgx.RowToAddrOfStructByPos[models.Conversion])
	for _, was := range found {
		t := b.of(transactionKey{was.OfferID, was.TransactionID})
		t.rows = append(t.rows, &bookRow{Conversion: *was, was: was})
	}
	return err
}

func (b *books) of(k transactionKey) *transaction {
	t := b.transactions[k]
	if t == nil {
		t = &transaction{}
		b.transactions[k], b.order = t, append(b.order, t)
	}
	return t
}

// take adds a telling to its transaction. The first of a kind is kept, others are counted.
func (b *books) take(t *telling, g grounds) {
	key := transactionKey{t.OfferID, t.TransactionID}
	if known := b.transactions[key]; known != nil && known.rows[0].AccountID == t.account {
		for _, r := range known.rows {
			if r.Kind == t.Kind {
				t.row = r
				r.more++
				return
			}
		}
	}
	c, err := g.judge(*t)
	if err != nil {
		t.refused = err
		return
	}
	t.row, t.first = &bookRow{Conversion: c}, true
	of := b.of(key)
	of.rows, of.changed = append(of.rows, t.row), true
}

// work lets the rule say what is booked and counted, and puts the rows in its order: the
// first is the original.
func (t *transaction) work() {
	t.was = stands(t.rows, false)
	events := make([]conversion.Event, len(t.rows))
	byKind := map[string]*bookRow{}
	for i, r := range t.rows {
		events[i] = conversion.Event{Kind: string(r.Kind), Reverses: r.Kind.Reverses(), At: r.At, Earned: r.Earned, Whole: r.Whole}
		byKind[string(r.Kind)] = r
	}
	for i, e := range conversion.Book(events) {
		r := byKind[e.Kind]
		r.Booked, r.Counted, r.MessageID, r.SubscriptionID = e.Booked, e.Counted, nil, nil
		r.State = models.Unmatched
		if e.Waiting {
			r.State = models.Waiting
		}
		t.rows[i] = r
	}
	t.is = stands(t.rows, true)
}

// original is what a transaction is credited by: the first that pays.
func (t *transaction) original() *bookRow { return t.rows[0] }

// person is whom the transaction names: its events are one person's, whichever names it.
func (t *transaction) person() *models.ContactID {
	for _, r := range t.rows {
		if r.ContactID != nil {
			return r.ContactID
		}
	}
	return nil
}

// matched is the message that somebody matched the transaction to.
func (t *transaction) matched() *models.MessageID {
	for _, r := range t.rows {
		if r.MatchedMessage != nil {
			return r.MatchedMessage
		}
	}
	return nil
}

// credit gives every event of the transaction to one message, or to nobody.
func (t *transaction) credit(to *credit) {
	for _, r := range t.rows {
		switch {
		case r.State == models.Waiting:
		case to != nil:
			r.State, r.MessageID, r.SubscriptionID = models.Credited, &to.message, &to.subscription
		case t.person() != nil:
			r.State = models.Uncredited
		}
	}
}

// stand is a conversion that stands, or stands no more, on the day of its original: a
// refund frees no place under the cap of a later day.
type stand struct {
	row *bookRow
	n   int
}

// stands gives what a transaction has in the days of its offer, as it was read or as it is.
func stands(rows []*bookRow, now bool) []stand {
	var all []stand
	var first *bookRow
	for _, r := range rows {
		if (now || r.was != nil) && !r.Kind.Reverses() && (first == nil || cmp.Or(r.At.Compare(first.At), cmp.Compare(r.Kind, first.Kind)) < 0) {
			first = r
		}
	}
	for _, r := range rows {
		n := r.Counted
		if !now {
			if r.was == nil {
				continue
			}
			n = r.was.Counted
		}
		on := r
		if r.Kind.Reverses() {
			on = first
		}
		if n != 0 {
			all = append(all, stand{on, n})
		}
	}
	return all
}

// settle works out what changed and leaves the statements that write the differences.
func (b *books) settle(ctx context.Context, tx sender, last *pgx.Batch) error {
	var work []*transaction
	for _, t := range b.order {
		if t.changed {
			t.work()
			work = append(work, t)
		}
	}
	if err := creditAll(ctx, tx, work); err != nil {
		return err
	}
	d := bookChanges{totals: map[models.SubscriptionID]*totalsChange{}, stands: map[*bookRow]int{}}
	for _, t := range b.order {
		for _, r := range t.rows {
			d.add(r)
		}
		d.addStands(t.is, 1)
		d.addStands(t.was, -1)
	}
	d.queue(last)
	return nil
}

// write settles within a transaction that goes on.
func (b *books) write(ctx context.Context, tx pgx.Tx) error {
	var last pgx.Batch
	if err := b.settle(ctx, tx, &last); err != nil {
		return err
	}
	return send(ctx, tx, &last)
}
