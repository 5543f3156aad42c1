package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"hash/fnv"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/conversion"
	"trackly/rules/price"
)

// grounds are what tellings are judged by.
type grounds struct {
	offers   map[models.OfferID]offerTerms
	rates    map[rateKey]price.Micros
	clicks   map[string]named
	messages map[models.MessageID]named
}

type offerTerms struct {
	ID       models.OfferID
	Account  models.AccountID
	Pays     conversion.Pays
	Payout   price.Micros
	Share    int
	Currency string // the account's
}

type rateKey struct {
	account  models.AccountID
	currency string
}

// named is whom a click or a message leads to.
type named struct {
	account models.AccountID
	contact models.ContactID
}

// open takes the locks and reads, in one round trip, all that the tellings are judged by.
func (b *books) open(ctx context.Context, tx sender, all []telling) (grounds, error) {
	accounts, keys := map[models.AccountID]bool{}, map[transactionKey]bool{}
	var clicks []string
	var messages []models.MessageID
	for _, t := range all {
		accounts[t.account], keys[transactionKey{t.OfferID, t.TransactionID}] = true, true
		if models.IsID(t.ClickID) {
			clicks = append(clicks, t.ClickID)
		}
		if t.MessageID > 0 {
			messages = append(messages, t.MessageID)
		}
	}
	g := grounds{map[models.OfferID]offerTerms{}, map[rateKey]price.Micros{}, map[string]named{}, map[models.MessageID]named{}}
	offers := slices.Collect(maps.Keys(keys))
	var batch pgx.Batch
	batch.Queue(`SELECT FROM (SELECT pg_advisory_xact_lock_shared($1, k) FROM unnest($2::int[]) k) locked`, booksLock, accountLocks(accounts))
	batch.Queue(`SELECT FROM (SELECT pg_advisory_xact_lock(k) FROM unnest($1::bigint[]) k) locked`, transactionLocks(keys))
	queueEach(&batch, `SELECT o.id::text, o.account_id::text, o.payout_type, o.payout, o.share, a.currency
		FROM offers o JOIN accounts a ON a.id = o.account_id WHERE o.id = ANY ($1::uuid[])`,
		func(o *offerTerms) []any { return []any{&o.ID, &o.Account, &o.Pays, &o.Payout, &o.Share, &o.Currency} },
		func(o offerTerms) { g.offers[o.ID] = o }, offersOf(offers))
	type rate struct {
		rateKey
		rate price.Micros
	}
	queueEach(&batch, `SELECT account_id::text, currency, rate FROM rates WHERE account_id = ANY ($1::uuid[])`,
		func(r *rate) []any { return []any{&r.account, &r.currency, &r.rate} },
		func(r rate) { g.rates[r.rateKey] = r.rate }, slices.Collect(maps.Keys(accounts)))
	type click struct {
		id string
		named
	}
	queueEach(&batch, `SELECT id::text, account_id::text, contact_id FROM clicks WHERE id = ANY ($1::uuid[]) AND contact_id IS NOT NULL`,
		func(c *click) []any { return []any{&c.id, &c.account, &c.contact} },
		func(c click) { g.clicks[c.id] = c.named }, clicks)
	type message struct {
		id models.MessageID
		named
	}
	queueEach(&batch, `SELECT m.id, m.account_id::text, s.contact_id FROM messages m JOIN subscriptions s ON s.id = m.subscription_id
		WHERE m.id = ANY ($1::bigint[])`,
		func(m *message) []any { return []any{&m.id, &m.account, &m.contact} },
		func(m message) { g.messages[m.id] = m.named }, messages)
	b.queueRead(&batch, offers)
	return g, tx.SendBatch(ctx, &batch).Close()
}

// queueEach adds a question whose answer is read row by row.
func queueEach[T any](batch *pgx.Batch, sql string, into func(*T) []any, each func(T), args ...any) {
	batch.Queue(sql, args...).Query(func(rows pgx.Rows) error {
		var v T
		_, err := pgx.ForEachRow(rows, into(&v), func() error {
			each(v)
			return nil
		})
		return err
	})
}

func offersOf(keys []transactionKey) []models.OfferID {
	ids := map[models.OfferID]bool{}
	for _, k := range keys {
		ids[k.offer] = true
	}
	return slices.Collect(maps.Keys(ids))
}

// Both kinds of locks are taken in order, so that nobody waits in a ring.

func accountLocks(accounts map[models.AccountID]bool) []int32 {
	var keys []int32
	for a := range accounts {
		keys = append(keys, accountLock(a))
	}
	slices.Sort(keys)
	return keys
}

func accountLock(a models.AccountID) int32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(a)) // a hash never fails
	return int32(h.Sum32() >> 1)
}

func transactionLocks(keys map[transactionKey]bool) []int64 {
	var locks []int64
	for k := range keys {
		h := fnv.New128a()
		_, _ = h.Write([]byte(string(k.offer) + "/" + k.transaction)) // the same
		locks = append(locks, int64(binary.BigEndian.Uint64(h.Sum(nil))>>1))
	}
	slices.Sort(locks)
	return slices.Compact(locks)
}

// judge gives the row of a telling that is new, or says why it cannot be kept.
func (g grounds) judge(t telling) (models.Conversion, error) {
	o, ok := g.offers[t.OfferID]
	if !ok || o.Account != t.account {
		return models.Conversion{}, fault.New(fault.NotFound, "no such offer")
	}
	c := models.Conversion{
		ID: models.NewID[models.ConversionID](), AccountID: t.account, OfferID: t.OfferID, Kind: t.Kind,
		TransactionID: t.TransactionID, Source: t.Source, At: t.At, Currency: o.Currency, Rate: price.Unit,
		Whole: t.Kind.Reverses() && t.Amount == nil,
	}
	if t.Amount != nil {
		c.Amount, c.Currency = *t.Amount, cmp.Or(t.Currency, o.Currency)
	}
	if c.Currency != o.Currency {
		if c.Rate, ok = g.rates[rateKey{t.account, c.Currency}]; !ok {
			return c, unknownCurrency(c.Currency)
		}
	}
	var err error
	c.Earned, err = conversion.Earned(conversion.Terms{Pays: o.Pays, Payout: o.Payout, Share: o.Share}, t.Kind.Reverses(), t.Amount, c.Rate)
	if t.Amount == nil {
		c.Amount = c.Earned
	}
	g.name(t, &c)
	return c, err
}

func unknownCurrency(currency string) error {
	var bad fault.Problems
	bad.Add("currency", "no rate is stored for %s: store one with PUT /v1/rates/%s", currency, currency)
	return bad.Err("the conversion")
}

// name finds whom a telling means. What is not ours is kept as it was told, and found by
// whoever looks at what matches nobody.
func (g grounds) name(t telling, c *models.Conversion) {
	if models.IsID(t.ClickID) {
		c.ClickID = &t.ClickID
		if n, ok := g.clicks[t.ClickID]; ok && n.account == t.account {
			c.ContactID = &n.contact
		}
	}
	if t.MessageID > 0 {
		c.NamedMessage = &t.MessageID
		if n, ok := g.messages[t.MessageID]; ok && n.account == t.account && c.ContactID == nil {
			c.ContactID = &n.contact
		}
	}
}
