package main

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"trackly/internal/provider/sandbox"
	"trackly/models"
)

const (
	tapContacts = 1000
	tapNumber   = "+14155550198"
	tapsPerWave = 600
)

// market is what is tapped at, and where the taps lead.
type market struct {
	campaign string
	capped   string // offer
	spare    string // offer that takes what the first does not
	cap      int64
	shops    map[string]string // offers by the names of their shops
	links    []tapLink
}

// tapLink is a link in a phone.
type tapLink struct {
	message int64
	url     string
}

// openMarket makes two offers with a shop each, and texts people their link. The first
// offer's cap is used up before the last waves.
func (w *world) openMarket(ctx context.Context, waves int) (*market, error) {
	m := &market{cap: int64(waves * tapsPerWave * 6 / 10), shops: map[string]string{}}
	var err error
	if m.spare, err = w.openShop(ctx, m, "spare", object{"payout_type": "cpc", "payout": "0.07"}); err != nil {
		return nil, err
	}
	m.capped, err = w.openShop(ctx, m, "capped", object{
		"payout_type": "cpa", "payout": "20.00", "click_cap": m.cap, "fallback_offer_id": m.spare,
	})
	if err != nil {
		return nil, err
	}
	if m.campaign, err = w.textLinks(ctx, m.capped); err != nil {
		return nil, err
	}
	m.links = linksOf(w.box.Accepted())
	if len(m.links) < tapContacts/2 {
		return nil, fmt.Errorf("only %d people got a link", len(m.links))
	}
	return m, nil
}

// openShop makes an offer and the shop that pays for it.
func (w *world) openShop(ctx context.Context, m *market, name string, terms object) (string, error) {
	terms["name"], terms["zone"] = name, "UTC"
	terms["url"] = w.boxURL + "/shop/" + name + "?click_id={click_id}"
	var offer struct {
		ID  string `json:"id"`
		URL string `json:"postback_url"`
	}
	if err := w.api.post(ctx, "/v1/offers", terms, &offer); err != nil {
		return "", fmt.Errorf("make an offer: %w", err)
	}
	m.shops[name] = offer.ID
	return offer.ID, w.box.Open(sandbox.Shop{
		Name: name, Postback: offer.URL + "&kind={kind}&currency={currency}&at={at}", MinPays: 1000, MaxPays: 4999,
		TwicePercent: 30, PostPercent: 50, LatePercent: 20, RefundPercent: 15, PartPercent: 30, ChargebackPercent: 5, OutOfOrderPercent: 40,
		MaxWait: 500 * time.Millisecond,
	})
}

// textLinks sends a campaign whose links lead to the offer.
func (w *world) textLinks(ctx context.Context, offer string) (campaign string, err error) {
	if err := w.box.SetFaults(sandbox.Faults{}); err != nil {
		return "", err
	}
	list, err := w.makeList(ctx, tapNumber, sandbox.Twilio)
	if err != nil {
		return "", err
	}
	if err := w.importContacts(ctx, list, tapContacts); err != nil {
		return "", err
	}
	var creative, made created
	err = w.api.post(ctx, "/v1/creatives", object{"name": "Taps", "body": "See {{link1}}", "links": []object{{"offer_id": offer}}}, &creative)
	if err != nil {
		return "", fmt.Errorf("make a creative: %w", err)
	}
	err = w.api.post(ctx, "/v1/campaigns", object{
		"name": "Taps", "list_id": list, "variants": []object{{"name": "A", "creative_id": creative.ID, "percent": 100}},
	}, &made)
	if err != nil {
		return "", fmt.Errorf("make a campaign: %w", err)
	}
	if err := w.launch(ctx, made.ID); err != nil {
		return "", err
	}
	return made.ID, patiently(ctx, quietWait, 100*time.Millisecond, func(ctx context.Context) (bool, error) {
		at, err := w.where(ctx, made.ID)
		return at.state == models.CampaignSent && at.p.Done() && w.box.Idle(), err
	})
}

var tapForm = regexp.MustCompile(`http://127\.0\.0\.1:\d+/\S+`)

// linksOf finds the links in the texts of the stage's number.
func linksOf(all []sandbox.Record) (links []tapLink) {
	for _, r := range all {
		if url := tapForm.FindString(r.Body); r.From == tapNumber && url != "" {
			links = append(links, tapLink{r.MessageID, url})
		}
	}
	return links
}
