package main

import (
	"bytes"
	"context"
	"fmt"

	"trackly/cmd/standalone/demo/people"
	"trackly/internal/provider/sandbox"
)

// campaign is one round's campaign, with a list and a sending number of its own.
type campaign struct {
	id, list, number string
	phones           []string
}

const (
	sid   = "AC0000000000000000000000000000drill"
	token = "drillauthtoken0123456789abcdef01" // of the sandbox, which takes any
)

type (
	object  map[string]any
	created struct {
		ID       string `json:"id"`
		Webhooks struct {
			Inbound string `json:"inbound"`
		} `json:"webhooks"`
	}
)

// prepare makes what a customer makes before a launch.
func (w *world) prepare(ctx context.Context, r round, contacts int) (campaign, error) {
	// 555-0100 and up is reserved for fiction.
	c := campaign{number: fmt.Sprintf("+1415555%04d", 100+r.Number)}
	list, err := w.makeList(ctx, c.number)
	if err != nil {
		return c, err
	}
	c.list = list.ID
	var file bytes.Buffer
	if err := people.Write(&file, contacts); err != nil {
		return c, err
	}
	if err := w.api.send(ctx, "/v1/lists/"+c.list+"/imports", "text/csv", file.Bytes(), nil); err != nil {
		return c, fmt.Errorf("import contacts: %w", err)
	}
	if c.id, err = w.makeCampaign(ctx, r, c.list); err != nil {
		return c, err
	}
	c.phones, err = w.phones(ctx, c.list)
	return c, err
}

func (w *world) makeList(ctx context.Context, number string) (created, error) {
	var list created
	err := w.api.post(ctx, "/v1/lists", object{
		"name": "Drill " + number[len(number)-4:], "brand": "Drill", "phone": number, "provider": "twilio",
		"provider_settings": object{"account_sid": sid, "auth_token": token, "base_url": w.boxURL},
		"opt_out_line":      "Reply STOP to opt out",
	}, &list)
	if err != nil {
		return list, fmt.Errorf("make a list: %w", err)
	}
	return list, w.box.Register(sandbox.Number{Phone: number, AccountSID: sid, Token: token, InboundURL: list.Webhooks.Inbound})
}

func (w *world) makeCampaign(ctx context.Context, r round, list string) (string, error) {
	var variants []object
	for i, body := range []string{"{{first_name|Hi}}, see {{link1}}", "{{first_name|Hey}}, is this yours? {{link1}}"} {
		var creative created
		err := w.api.post(ctx, "/v1/creatives", object{
			"name": fmt.Sprintf("Drill %d.%d", r.Number, i), "body": body, "links": []object{{"url": "https://offers.example/drill"}},
		}, &creative)
		if err != nil {
			return "", fmt.Errorf("make a creative: %w", err)
		}
		variants = append(variants, object{"name": string(rune('A' + i)), "creative_id": creative.ID, "percent": []int{70, 30}[i]})
	}
	var made created
	err := w.api.post(ctx, "/v1/campaigns", object{"name": fmt.Sprintf("Drill %d", r.Number), "list_id": list, "variants": variants}, &made)
	if err != nil {
		return "", fmt.Errorf("make a campaign: %w", err)
	}
	return made.ID, nil
}

func (w *world) phones(ctx context.Context, list string) (phones []string, err error) {
	err = w.db.QueryRow(ctx, `SELECT array_agg(p.phone ORDER BY s.id) FROM subscriptions s
		JOIN contacts p ON p.id = s.contact_id WHERE s.list_id = $1`, list).Scan(&phones)
	return phones, err
}
