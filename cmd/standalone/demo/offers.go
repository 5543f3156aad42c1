package demo

import (
	"context"
	"time"

	"trackly/internal/provider/sandbox"
)

// shop is the advertiser's name in the sandbox.
const shop = "quotes"

// offer is what an advertiser pays for.
type offer struct {
	ID          string `json:"id"`
	PostbackURL string `json:"postback_url"`
}

// offer makes one, and a shop at the advertiser's that pays for it. Who comes by variant B
// buys more often.
func (w World) offer(ctx context.Context, c client) (o offer, err error) {
	w.say("\nAn offer: a shop that pays USD 0.40 to 2.60 for a sale. Its postbacks come twice,\nlate, or out of order, and some sales are taken back.")
	err = c.post(ctx, "/v1/offers", object{
		"name": "Insurance quotes", "url": w.Provider + "/shop/" + shop + "?click_id={click_id}&sub1={sub1}",
		"payout_type": "cpa", "payout": "1.50", "click_cap": 1_000_000,
	}, &o)
	if err != nil {
		return o, err
	}
	return o, w.Sandbox.Open(sandbox.Shop{
		Name: shop, Postback: o.PostbackURL + "&kind={kind}&currency={currency}&at={at}",
		Buy: map[string]float64{"A": 12, "B": 30}, MinPays: 40, MaxPays: 260,
		TwicePercent: 15, PostPercent: 40, LatePercent: 15,
		RefundPercent: 9, PartPercent: 35, ChargebackPercent: 3, OutOfOrderPercent: 40, MaxWait: 2 * time.Second,
	})
}
