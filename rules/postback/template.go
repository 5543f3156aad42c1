// Package postback reads what networks tell of conversions, and writes the address they
// are to tell it to. It knows how TUNE, Everflow and CAKE name things. It looks nothing up,
// books nothing and believes nobody: whether the click is ours, the books find out.
package postback

import (
	"net/url"
	"slices"
	"strings"
)

// dialect is how a network names what it fills into an affiliate's postback.
type dialect struct {
	open, shut  string   // around the name of a macro
	subs        []string // what an affiliate may put a click's id in, the usual one first
	transaction string
	payout      string
	sale        string // of the sale it is a share of; empty: it does not tell
}

// dialects are never written after the program started.
var dialects = map[string]dialect{ //nolint:gochecknoglobals // a table
	"tune": {
		open: "{", shut: "}", subs: []string{"aff_sub", "aff_sub2", "aff_sub3", "aff_sub4", "aff_sub5", "aff_click_id", "source"},
		transaction: "transaction_id", payout: "payout", sale: "sale_amount",
	},
	"everflow": {
		open: "{", shut: "}", subs: []string{"sub1", "sub2", "sub3", "sub4", "sub5", "source_id"},
		transaction: "transaction_id", payout: "payout_amount", sale: "sale_amount",
	},
	"cake": {
		open: "#", shut: "#", subs: []string{"s2", "s1", "s3", "s4", "s5"}, // s1 is kept for sub-affiliates
		transaction: "leadid", payout: "price",
	},
}

// Template writes the query of a postback URL for a network: what to paste behind the
// secret. The network fills in its own macros. It is told where the offer's URL puts the
// click's id, so that it comes back from there. For a network nobody knows the macros are
// ours, for a person to replace. A sale is for offers that pay a share of it.
func Template(network, offerURL string, sale bool) string {
	d, known := dialects[network]
	if !known {
		return "click_id={click_id}&transaction_id={transaction_id}&amount={amount}"
	}
	macro := func(name string) string { return d.open + name + d.shut }
	query := "click_id=" + macro(d.sub(offerURL)) + "&transaction_id=" + macro(d.transaction)
	switch {
	case !sale:
		query += "&payout=" + macro(d.payout)
	case d.sale != "":
		query += "&sale_amount=" + macro(d.sale)
	default: // the network tells only one amount
		query += "&sale_amount=" + macro(d.payout)
	}
	return query
}

// sub finds the parameter of an offer's URL that carries the click's id.
func (d dialect) sub(offerURL string) string {
	offerURL = strings.NewReplacer("%7B", "{", "%7b", "{", "%7D", "}", "%7d", "}").Replace(offerURL)
	_, query, _ := strings.Cut(offerURL, "?")
	query, _, _ = strings.Cut(query, "#")
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err == nil && strings.Contains(value, "{click_id}") && slices.Contains(d.subs, name) {
			return name
		}
	}
	return d.subs[0]
}
