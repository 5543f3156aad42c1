package postback

import "strings"

// The names under which things are told, the likeliest first. Ours are TUNE's and
// Everflow's where those agree.
const (
	clickNames = "click_id clickid click"
	// subNames hold whatever the affiliate put there; only what looks like an id of ours is
	// taken for one.
	subNames = "aff_click_id aff_sub aff_sub1 aff_sub2 aff_sub3 aff_sub4 aff_sub5 sub1 sub2 sub3 sub4 sub5 subid subid1 subid2 subid3 " +
		"subid4 subid5 sub_id sub_id1 sub_id2 sub_id3 sub_id4 sub_id5 s2 s1 s3 s4 s5 source_id source"
	messageNames     = "message_id messageid"
	transactionNames = "transaction_id transactionid conversion_id conversionid leadid lead_id order_id orderid txid tid"
	payoutNames      = "payout payout_amount price"
	amountNames      = "amount amt"
	saleNames        = "sale_amount saleamount"
	currencyNames    = "currency currency_code"
	kindNames        = "event kind event_name event_type goal_name goal"
	timeNames        = "at timestamp datetime conversion_datetime conversion_time conversion_unix_timestamp utcunixtime unixtime"
	statusNames      = "status conversion_status"
)

// kinds are the words for what happened. It is never written after the program started.
var kinds = kindIndex() //nolint:gochecknoglobals // a table

func kindIndex() map[string]string {
	index := map[string]string{}
	for kind, words := range map[string]string{
		"lead":       "lead leads qualified_lead form",
		"sale":       "sale sales purchase order conversion conversions approved default base 0",
		"rebill":     "rebill rebills recurring renewal rebilling subscription_renewal",
		"refund":     "refund refunds refunded return reversal reversed void",
		"chargeback": "chargeback chargebacks charge_back dispute",
		"install":    "install installs app_install installation",
		"signup":     "signup signups sign_up registration register registered account_created",
	} {
		for word := range strings.FieldsSeq(words) {
			index[word] = kind
		}
	}
	return index
}

// Kind reads a word for what happened; none at all is a sale.
func Kind(word string) (kind string, known bool) {
	if word = normal(word); word == "" {
		return usual, true
	}
	kind, known = kinds[word]
	return kind, known
}

// usual is what happened when nobody says.
const usual = "sale"

// normal makes "Click-ID" click_id.
func normal(name string) string {
	return separators.Replace(strings.ToLower(strings.TrimSpace(name)))
}

// separators is made once: made for every name, it was half the cost of reading a postback.
var separators = strings.NewReplacer("-", "_", " ", "_", ".", "_") //nolint:gochecknoglobals // never changes

// Known reports whether a name says something here: a file without any such column is no
// file of conversions.
func Known(name string) bool { return known[normal(name)] }

// known is never written after the program started.
var known = knownNames() //nolint:gochecknoglobals // a table

func knownNames() map[string]bool {
	all := map[string]bool{}
	for _, names := range []string{
		clickNames, subNames, messageNames, transactionNames, payoutNames, amountNames, saleNames, currencyNames, kindNames, timeNames, statusNames,
	} {
		for name := range strings.FieldsSeq(names) {
			all[name] = true
		}
	}
	return all
}
