package main

import (
	"encoding/json"
	"fmt"

	"trackly/models"
	"trackly/rules/audience"
)

// question is a filter as a user makes it, and what somebody who knows the tables would
// write instead: FROM what, and WHERE besides account and status.
type question struct{ name, filter, from, where string }

const (
	alone      = "subscriptions s"
	withTotals = "subscriptions s JOIN totals t ON t.subscription_id = s.id"
	maybeSent  = "subscriptions s LEFT JOIN totals t ON t.subscription_id = s.id"
	withPhone  = "subscriptions s JOIN contacts c ON c.id = s.contact_id"
)

// questions are ten typical filters. %s is the second list's id.
func questions() []question {
	return []question{
		{"everybody", `{}`, alone, "true"},
		{
			"states", `{"all":[{"field":"state","op":"in","values":["TX","FL"]}]}`, alone,
			"(s.state IN ('TX', 'FL') OR s.state = '' AND s.at_state IN ('TX', 'FL'))",
		},
		{
			"zone of a list", `{"all":[{"field":"list","op":"eq","values":["%s"]},{"field":"zone","op":"eq","values":["America/Los_Angeles"]}]}`, alone,
			"s.list_id = '%s' AND 'America/Los_Angeles' = ANY (s.at_zones)",
		},
		{
			"text field", `{"all":[{"field":"plan","op":"in","values":["gold","platinum"]}]}`, alone,
			"s.fields ->> 'plan' IN ('gold', 'platinum')",
		},
		{
			"number field", `{"all":[{"field":"age","op":"between","values":[25,40]}]}`, alone,
			"s.fields -> 'age' BETWEEN '25' AND '40'",
		},
		{
			"date field", `{"all":[{"field":"renewal","op":"gte","values":["2026-10-01"]},{"field":"renewal","op":"lt","values":["2027-01-01"]}]}`, alone,
			"s.fields ->> 'renewal' >= '2026-10-01' AND s.fields ->> 'renewal' < '2027-01-01'",
		},
		{
			"clicked lately", `{"all":[{"field":"last_clicked_at","op":"within","values":["30d"]}]}`, withTotals,
			"t.last_clicked_at >= now() - interval '30 days'",
		},
		{
			"buyers", `{"all":[{"field":"conversion_count","op":"gte","values":[1]},{"field":"revenue_total","op":"gte","values":["50"]}]}`, withTotals,
			"t.conversion_count >= 1 AND t.revenue >= 50000000",
		},
		{
			"carrier", `{"all":[{"field":"carrier","op":"eq","values":["Verizon Wireless"]},{"field":"line_type","op":"eq","values":["mobile"]}]}`, withPhone,
			"c.carrier = 'Verizon Wireless' AND c.line_type = 'mobile'",
		},
		{
			"tree", `{"all":[{"field":"state","op":"in","values":["TX","FL","CA"]},
			{"any":[{"field":"age","op":"gte","values":[50]},{"field":"vip","op":"eq","values":[true]}]},
			{"not":{"field":"last_sent_at","op":"within","values":["3d"]}}]}`, maybeSent,
			`(s.state IN ('TX', 'FL', 'CA') OR s.state = '' AND s.at_state IN ('TX', 'FL', 'CA'))
			AND (s.fields -> 'age' >= '50' OR s.fields -> 'vip' = 'true')
			AND (t.last_sent_at IS NULL OR t.last_sent_at < now() - interval '3 days')`,
		},
	}
}

// asked is the question as the product reads it.
func (q question) asked(p sliced) (models.Members, error) {
	m := models.Members{AccountID: p.account}
	var f audience.Filter
	if err := json.Unmarshal([]byte(p.named(q.filter)), &f); err != nil {
		return m, fmt.Errorf("%s: %w", q.name, err)
	}
	m.Filter = f
	return m, nil
}

// byHand is the question as somebody would type it.
func (q question) byHand(p sliced) string {
	return fmt.Sprintf("SELECT count(*) FROM %s WHERE s.account_id = '%s' AND s.status = 'active' AND %s", q.from, p.account, p.named(q.where))
}
