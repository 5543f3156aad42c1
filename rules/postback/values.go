package postback

import (
	"strconv"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/rules/price"
)

func (p params) kind(bad *fault.Problems) string {
	kind, ok := Kind(p.first(kindNames))
	if !ok {
		bad.Add("event", "must be lead, sale, rebill, refund, chargeback, install or signup")
	}
	return kind
}

// amount is what the offer's terms are about: the payout, or the sale it is a share of. An
// amount that is just called so can be either.
func (p params) amount(share bool, bad *fault.Problems) *price.Micros {
	payout, sale, plain := p.money(payoutNames, "payout", bad), p.money(saleNames, "sale_amount", bad), p.money(amountNames, "amount", bad)
	switch {
	case !share && payout != nil:
		return payout
	case share && sale != nil:
		return sale
	case share && plain == nil && payout != nil:
		bad.Add("payout", "is not what this offer pays a share of: tell the sale as sale_amount")
	}
	return plain
}

func (p params) money(names, where string, bad *fault.Problems) *price.Micros {
	text := p.first(names)
	if text == "" {
		return nil
	}
	m, err := price.Parse(text)
	switch {
	case err != nil:
		bad.Add(where, "must be a plain decimal such as 12.50, with at most six decimals")
	case m < 0:
		bad.Add(where, "must not be negative: a refund is told as event=refund, with the amount it takes back")
	}
	return &m
}

// checkStatus refuses what is no conversion yet, or never was one.
func (p params) checkStatus(bad *fault.Problems) {
	switch normal(p.first(statusNames)) {
	case "", "approved", "approve", "confirmed", "paid", "success", "ok", "complete", "completed", "1":
	default:
		bad.Add("status", "is not approved: tell of conversions when they are; one that is taken back later is told as event=refund")
	}
}

// ways are how times are written, the commonest first. Days and months are not to be
// guessed at, so 02/03/2026 is none of them.
const ways = "2006-01-02T15:04:05.999999999Z07:00|2006-01-02 15:04:05|2006-01-02T15:04:05.999999999|2006-01-02 15:04:05Z07:00|" +
	"2006-01-02 15:04:05 -0700|2006-01-02 15:04:05-0700|2006-01-02 15:04|2006-01-02"

func (p params) at(zone *time.Location, bad *fault.Problems) time.Time {
	text := p.first(timeNames)
	if text == "" {
		return time.Time{}
	}
	if at, ok := sinceEpoch(text); ok {
		return at
	}
	if zone == nil {
		zone = time.UTC
	}
	for way := range strings.SplitSeq(ways, "|") {
		if at, err := time.ParseInLocation(way, text, zone); err == nil {
			return at.UTC()
		}
	}
	bad.Add("at", "must be a time such as 2026-11-28T18:00:00Z, or seconds since 1970")
	return time.Time{}
}

// sinceEpoch reads seconds or milliseconds since 1970.
func sinceEpoch(s string) (time.Time, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil || n < 0:
		return time.Time{}, false
	case len(s) == 13:
		return time.UnixMilli(n).UTC(), true
	}
	return time.Unix(n, 0).UTC(), len(s) == 9 || len(s) == 10
}
