package store

import (
	"context"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

const addressesAtATime = 5000

// The bits that are kept: a provider's town, and nobody's home.
const (
	bitsOfV4 = 24
	bitsOfV6 = 48
)

// ShortenAddresses cuts the network addresses short of the account's clicks that are older
// at this time than it keeps them, some thousands at once; more says that there are others.
// How far it came is kept with the account, so it may be stopped anywhere.
func (s *Store) ShortenAddresses(ctx context.Context, account models.AccountID, at time.Time) (cut int64, more bool, err error) {
	err = s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		var cutoff time.Time
		err := tx.QueryRow(ctx, `SELECT $2::timestamptz - make_interval(hours => 24 * a.keep_addresses_days)
			FROM accounts a WHERE a.id = $1 FOR NO KEY UPDATE`, account, at).Scan(&cutoff)
		if err != nil {
			return err
		}
		ids, addresses, last, err := oldAddresses(ctx, tx, account, cutoff)
		if err != nil {
			return err
		}
		if more = len(ids) == addressesAtATime; !more {
			last = cutoff
		}
		tag, err := tx.Exec(ctx, `UPDATE clicks k SET address = t.address, shortened_at = $2
			FROM unnest($3::uuid[], $4::text[]) AS t (id, address) WHERE k.id = t.id AND k.account_id = $1`, account, at, ids, addresses)
		if err != nil {
			return err
		}
		cut = tag.RowsAffected()
		_, err = tx.Exec(ctx, `UPDATE accounts SET addresses_until = greatest(addresses_until, $2) WHERE id = $1`, account, last)
		return err
	})
	return cut, more, explain(err, "clicks")
}

// oldAddresses reads the next clicks to be cut, with what is left of their addresses.
func oldAddresses(ctx context.Context, tx pgx.Tx, account models.AccountID, cutoff time.Time) (ids, left []string, last time.Time, err error) {
	rows, err := tx.Query(ctx, `
		SELECT k.id::text, k.address, k.at FROM clicks k
		 WHERE k.at >= (SELECT addresses_until FROM accounts WHERE id = $1) AND k.at < $2 AND k.account_id = $1 AND k.shortened_at IS NULL
		 ORDER BY k.at LIMIT $3`, account, cutoff, addressesAtATime)
	if err != nil {
		return nil, nil, last, err
	}
	var id, address string
	_, err = pgx.ForEachRow(rows, []any{&id, &address, &last}, func() error {
		ids, left = append(ids, id), append(left, shortened(address))
		return nil
	})
	return ids, left, last, err
}

// shortened keeps the network of an address. What is no address is not kept at all.
func shortened(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	a = a.Unmap().WithZone("")
	bits := bitsOfV6
	if a.Is4() {
		bits = bitsOfV4
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.Addr().String()
}
