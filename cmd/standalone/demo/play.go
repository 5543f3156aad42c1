package demo

import (
	"context"
	"fmt"
	"io"

	"trackly/internal/provider/sandbox"
	"trackly/internal/store"
	"trackly/models"
)

// World is where the demo is played.
type World struct {
	Store    *store.Store     // only for the account: everything else goes through the API
	Sandbox  *sandbox.Sandbox // told where the list's inbound texts go
	API      string           // public URL
	Provider string           // the sandbox's URL
	Out      io.Writer
	Contacts int    // 0: the shipped file
	Data     string // folder for the refused rows; empty: they are not kept
}

type (
	created struct {
		ID string `json:"id"`
	}
	object map[string]any
)

// Play sends a campaign from a list on each provider the way a user would, and shows what
// came of them.
func Play(ctx context.Context, w World) error {
	c, err := w.account(ctx)
	if err != nil {
		return err
	}
	lists, err := w.lists(ctx, c)
	if err != nil {
		return err
	}
	if err := w.importContacts(ctx, c, lists); err != nil {
		return err
	}
	to, err := w.audiences(ctx, c)
	if err != nil {
		return err
	}
	o, err := w.offer(ctx, c)
	if err != nil {
		return err
	}
	campaigns, err := w.campaigns(ctx, c, lists, to, o)
	if err != nil {
		return err
	}
	if err := w.watch(ctx, c, campaigns); err != nil {
		return err
	}
	if err := w.listen(ctx); err != nil {
		return err
	}
	if err := w.answers(ctx, c); err != nil {
		return err
	}
	if err := w.report(ctx, c, campaigns); err != nil {
		return err
	}
	return w.books(ctx, c, o)
}

func (w World) say(format string, args ...any) { _, _ = fmt.Fprintf(w.Out, format+"\n", args...) }

func (w World) account(ctx context.Context) (client, error) {
	account, owner, err := models.NewAccount("Demo Leads", "Dana Demo", "dana@demo.example")
	if err != nil {
		return client{}, err
	}
	key, text := models.NewAPIKey(account.ID, "demo")
	if err := w.Store.AddAccount(ctx, account, owner, key); err != nil {
		return client{}, err
	}
	w.say("\nDemo account %q, owner %s", account.Name, owner.Email)
	w.say("  API key  %s   (shown only now)", text)
	return client{base: w.API, key: text}, nil
}

// bodies are the two creatives of the demo: the question tempts more people.
var bodies = [2]string{
	"{{first_name|Hi}}, your new {{plan_interest|insurance}} quote is ready: {{link1}}",
	"{{first_name|Hey}}, did you know that {{state}} drivers save up to 40% on {{plan_interest|insurance}}? See yours: {{link1}}",
}

// campaign is one that was launched.
type campaign struct {
	created
	list list
}

// campaigns launches one from every list. What does not fit into a contact's hours is
// dropped, so that the demo comes to its end today.
func (w World) campaigns(ctx context.Context, c client, lists []list, to audiences, o offer) ([]campaign, error) {
	variants, err := w.variants(ctx, c, o)
	if err != nil {
		return nil, err
	}
	var all []campaign
	for _, l := range lists {
		made := campaign{list: l}
		err := c.post(ctx, "/v1/campaigns", object{
			"name": "Spring quotes by " + l.Provider, "list_id": l.ID, "variants": variants, "late": "drop",
			"include_audiences": []string{to.include}, "exclude_audiences": []string{to.exclude},
		}, &made.created)
		if err != nil {
			return nil, err
		}
		all = append(all, made)
	}
	w.say("\nLaunching %d campaigns, A/B 60/40. Watch the first in the Temporal UI, workflow\ncampaign/%s", len(all), all[0].ID)
	for _, made := range all {
		var state object
		if err := c.post(ctx, "/v1/campaigns/"+made.ID+"/launch", object{}, &state); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (w World) variants(ctx context.Context, c client, o offer) (variants []object, err error) {
	for i, body := range bodies {
		var creative created
		name := string(rune('A' + i))
		err := c.post(ctx, "/v1/creatives", object{
			"name": "Quote " + name, "body": body,
			"links": []object{{"offer_id": o.ID, "parameters": object{"sub1": name}}}, // how the shop knows them apart
		}, &creative)
		if err != nil {
			return nil, err
		}
		variants = append(variants, object{
			"name": name, "creative_id": creative.ID, "percent": []int{60, 40}[i],
		})
	}
	return variants, nil
}
