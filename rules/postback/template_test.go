package postback_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/rules/postback"
)

func TestATemplateAsksForTheClickWhereTheURLPutIt(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		network, url string
		sale         bool
		want         string
	}{
		"TUNE, the usual place":      {"tune", "https://o.example/?aff_sub={click_id}", false, "click_id={aff_sub}&transaction_id={transaction_id}&payout={payout}"},
		"TUNE, another place":        {"tune", "https://o.example/?a=1&aff_sub3={click_id}#x", false, "click_id={aff_sub3}&transaction_id={transaction_id}&payout={payout}"},
		"Everflow, escaped braces":   {"everflow", "https://o.example/?sub4=%7Bclick_id%7D", false, "click_id={sub4}&transaction_id={transaction_id}&payout={payout_amount}"},
		"Everflow, a share":          {"everflow", "https://o.example/", true, "click_id={sub1}&transaction_id={transaction_id}&sale_amount={sale_amount}"},
		"CAKE":                       {"cake", "https://o.example/?s3={click_id}", false, "click_id=#s3#&transaction_id=#leadid#&payout=#price#"},
		"CAKE, a share":              {"cake", "https://o.example/?", true, "click_id=#s2#&transaction_id=#leadid#&sale_amount=#price#"},
		"a parameter it cannot tell": {"tune", "https://o.example/?mine={click_id}", false, "click_id={aff_sub}&transaction_id={transaction_id}&payout={payout}"},
		"no network":                 {"none", "https://o.example/?sub={click_id}", false, "click_id={click_id}&transaction_id={transaction_id}&amount={amount}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, postback.Template(tc.network, tc.url, tc.sale))
		})
	}
}
