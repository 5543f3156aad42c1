package main

import (
	"context"
	"fmt"

	"trackly/internal/provider/sandbox"
)

// campaign is one round's campaign, with a list and a sending number of its own.
type campaign struct {
	id, list, number, provider string
	phones                     []string
}

type (
	object  map[string]any
	created struct {
		ID     string `json:"id"`
		Routes []struct {
			Webhooks struct {
				Status  string `json:"status"`
				Inbound string `json:"inbound"`
			} `json:"webhooks"`
		} `json:"routes"`
	}
)

// prepare makes what a customer makes before a launch.
func (w *world) prepare(ctx context.Context, r round, contacts int) (campaign, error) {
	c := campaign{number: numberOf(r.Number), provider: r.Provider}
	var err error
	if c.list, err = w.makeList(ctx, c.number, c.provider); err != nil {
		return c, err
	}
	if err := w.importContacts(ctx, c.list, contacts); err != nil {
		return c, err
	}
	if c.id, err = w.makeCampaign(ctx, fmt.Sprintf("Drill %d", r.Number), c.list); err != nil {
		return c, err
	}
	c.phones, err = w.phones(ctx, c.list)
	return c, err
}

// numberOf is a round's sending number: 555-0100 and up is reserved for fiction.
func numberOf(round int) string { return fmt.Sprintf("+1415555%04d", 100+round) }

func (w *world) importContacts(ctx context.Context, list string, n int) error {
	contacts, err := contactFile(n)
	if err != nil {
		return err
	}
	id, err := w.upload(ctx, list, file{data: contacts})
	if err != nil {
		return err
	}
	return w.awaitImport(ctx, id)
}

// makeList makes a list that has passed its check.
func (w *world) makeList(ctx context.Context, number, provider string) (string, error) {
	list, err := w.makeBareList(ctx, number, provider)
	if err != nil {
		return "", err
	}
	return list, w.passCheck(ctx, list)
}

// makeBareList makes a list that cannot send yet.
func (w *world) makeBareList(ctx context.Context, number, provider string) (string, error) {
	var list created
	err := w.api.post(ctx, "/v1/lists", object{
		"name": "Drill " + number[len(number)-4:], "brand": "Drill", "phone": number, "provider": provider,
		"provider_settings": w.accountAt(provider), "opt_out_line": "Reply STOP to opt out",
	}, &list)
	if err != nil {
		return "", fmt.Errorf("make a list: %w", err)
	}
	if len(list.Routes) != 1 {
		return "", fmt.Errorf("a new list has %d routes", len(list.Routes))
	}
	hooks := list.Routes[0].Webhooks
	err = w.box.Register(sandbox.Number{
		Provider: provider, Phone: number, AccountSID: sid, Token: token, InboundURL: hooks.Inbound, StatusURL: hooks.Status,
	})
	return list.ID, err
}

// checkPhone gets the test texts.
const checkPhone = "+12125550123"

// passCheck has the API check the list's route, which sends nothing before. The faults are
// off meanwhile: a lost callback fails a check, and rightly so.
func (w *world) passCheck(ctx context.Context, list string) error {
	if err := w.api.post(ctx, "/v1/lists/"+list+"/check", object{"to": checkPhone}, nil); err != nil {
		return fmt.Errorf("check a list: %w", err)
	}
	return patiently(ctx, apiPatience, apiPause, func(ctx context.Context) (bool, error) {
		var passed bool
		var problem string
		err := w.db.QueryRow(ctx, `SELECT credentials_at IS NOT NULL AND text_at IS NOT NULL AND webhook_at IS NOT NULL, check_problem
			FROM routes WHERE list_id = $1`, list).Scan(&passed, &problem)
		if err == nil && problem != "" {
			return true, fmt.Errorf("the list's check failed: %s", problem)
		}
		return passed, err
	})
}

func (w *world) makeCampaign(ctx context.Context, name, list string) (string, error) {
	var variants []object
	for i, body := range []string{"{{first_name|Hi}}, see {{link1}}", "{{first_name|Hey}}, is this yours? {{link1}}"} {
		var creative created
		err := w.api.post(ctx, "/v1/creatives", object{
			"name": fmt.Sprintf("%s.%d", name, i), "body": body, "links": []object{{"url": "https://offers.example/drill"}},
		}, &creative)
		if err != nil {
			return "", fmt.Errorf("make a creative: %w", err)
		}
		variants = append(variants, object{"name": string(rune('A' + i)), "creative_id": creative.ID, "percent": []int{70, 30}[i]})
	}
	var made created
	err := w.api.post(ctx, "/v1/campaigns", object{"name": name, "list_id": list, "variants": variants}, &made)
	if err != nil {
		return "", fmt.Errorf("make a campaign: %w", err)
	}
	return made.ID, nil
}

func (w *world) launch(ctx context.Context, campaign string) error {
	if err := w.api.post(ctx, "/v1/campaigns/"+campaign+"/launch", object{}, nil); err != nil {
		return fmt.Errorf("launch: %w", err)
	}
	return nil
}

func (w *world) phones(ctx context.Context, list string) (phones []string, err error) {
	err = w.db.QueryRow(ctx, `SELECT array_agg(p.phone ORDER BY s.id) FROM subscriptions s
		JOIN contacts p ON p.id = s.contact_id WHERE s.list_id = $1`, list).Scan(&phones)
	return phones, err
}
