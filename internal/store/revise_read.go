package store

import (
	"context"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
	"trackly/rules/verdict"
)

// seenClick is a click in the eyes of the later pass.
type seenClick struct {
	verdict.Click
	id           string
	account      models.AccountID
	subscription int64 // 0: the link is of no message
	shortened    bool
	offered      bool       // it was led to an offer
	first        *time.Time // when the click was that counts for its message
	was, is      verdict.Finding
}

// overtaken reports whether it is a person's and earlier than the one that counts.
func (k *seenClick) overtaken() bool {
	return k.is.Is == verdict.Human && k.first != nil && k.At.Before(*k.first)
}

// readWindow reads the clicks of a time. Of those before judge, which are there as evidence
// only, it leaves out what is about their messages. What is known of a hand-over whose
// answer did not come is when it began.
func (s *Store) readWindow(ctx context.Context, from, judge, to time.Time) ([]seenClick, error) {
	rows, err := s.pool.Query(ctx, `
		SELECT k.id::text, k.account_id::text, k.at, k.address, k.message_id, coalesce(k.contact_id, 0), k.link, k.user_agent,
		       k.own_verdict, k.own_reason, k.verdict, k.reason, k.shortened_at IS NOT NULL, coalesce(m.subscription_id, 0), k.offer_id IS NOT NULL,
		       CASE WHEN m.unknown_at IS NULL THEN coalesce(m.sent_at, m.claimed_at) ELSE m.claimed_at END, f.at
		  FROM clicks k
		  -- LATERAL and LIMIT: a plain join looks every click's up, and then throws it away.
		  LEFT JOIN LATERAL (SELECT * FROM messages WHERE id = k.message_id AND k.at >= $3 LIMIT 1) m ON true
		  LEFT JOIN LATERAL (SELECT * FROM first_clicks WHERE message_id = k.message_id AND k.at >= $3 LIMIT 1) f ON true
		 WHERE k.at BETWEEN $1 AND $2`, from, to, judge)
	if err != nil {
		return nil, err
	}
	var all []seenClick
	same := map[string]string{} // phones' user agents are few: one string each
	var k seenClick
	var address string
	var over *time.Time
	_, err = pgx.ForEachRow(rows, []any{
		&k.id, &k.account, &k.At, &address, &k.Message, &k.Contact, &k.Link, &k.UserAgent,
		&k.Own, &k.OwnReason, &k.was.Is, &k.was.Why, &k.shortened, &k.subscription, &k.offered, &over, &k.first,
	}, func() error {
		row := k
		row.Address, row.HandedOver = netip.Addr{}, time.Time{}
		if !k.shortened {
			row.Address, _ = netip.ParseAddr(address) // an unknown one says nothing
		}
		if over != nil {
			row.HandedOver = *over
		}
		if known, ok := same[k.UserAgent]; ok {
			row.UserAgent = known
		} else {
			same[k.UserAgent] = k.UserAgent
		}
		all = append(all, row)
		return nil
	})
	return all, err
}
