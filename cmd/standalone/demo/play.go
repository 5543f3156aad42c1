package demo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"trackly/cmd/standalone/demo/people"
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
	Contacts int // 0: the shipped file
}

type (
	created struct {
		ID       string `json:"id"`
		Webhooks struct {
			Inbound string `json:"inbound"`
		} `json:"webhooks"`
	}
	imported struct {
		RowsRead int64            `json:"rows_read"`
		Added    int64            `json:"added"`
		Refused  int64            `json:"refused"`
		ByReason map[string]int64 `json:"refused_by_reason"`
	}
	object map[string]any
)

const (
	number = "+14155550132" // reserved for fiction
	sid    = "AC00000000000000000000000000demo01"
	token  = "demoauthtoken0123456789abcdef0123" // of the sandbox, which takes any
)

// Play sends one campaign the way a user would, and shows what came of it.
func Play(ctx context.Context, w World) error {
	c, err := w.account(ctx)
	if err != nil {
		return err
	}
	list, err := w.list(ctx, c)
	if err != nil {
		return err
	}
	if err := w.importContacts(ctx, c, list); err != nil {
		return err
	}
	campaign, err := w.campaign(ctx, c, list)
	if err != nil {
		return err
	}
	if err := w.watch(ctx, c, campaign); err != nil {
		return err
	}
	if err := w.listen(ctx); err != nil {
		return err
	}
	return w.report(ctx, c, campaign)
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

func (w World) list(ctx context.Context, c client) (created, error) {
	var list created
	err := c.post(ctx, "/v1/lists", object{
		"name": "Demo list", "brand": "Acme", "phone": number, "provider": "twilio",
		"provider_settings": object{"account_sid": sid, "auth_token": token, "base_url": w.Provider},
		"opt_out_line":      "Reply STOP to opt out",
	}, &list)
	if err != nil {
		return list, err
	}
	return list, w.Sandbox.Register(sandbox.Number{
		Phone: number, AccountSID: sid, Token: token, InboundURL: list.Webhooks.Inbound,
	})
}

func (w World) importContacts(ctx context.Context, c client, list created) error {
	file, closeFile := w.file()
	defer closeFile()
	began := time.Now()
	var r imported
	if err := c.upload(ctx, "/v1/lists/"+list.ID+"/imports", file, &r); err != nil {
		return err
	}
	w.say("\nImported %s of %s contacts in %.1f s; %d rows refused:", thousands(r.Added), thousands(r.RowsRead), time.Since(began).Seconds(), r.Refused)
	for _, reason := range byCount(r.ByReason) {
		w.say("  %4d  %s", r.ByReason[reason], reason)
	}
	return nil
}

// file is the shipped one, or as many generated contacts as were asked for.
func (w World) file() (io.Reader, func()) {
	if w.Contacts == 0 {
		return bytes.NewReader(Contacts()), func() {}
	}
	r, to := io.Pipe()
	go func() { _ = to.CloseWithError(people.Write(to, w.Contacts)) }()
	return r, func() { _ = r.Close() }
}

// bodies are the two creatives of the demo: the question tempts more people.
var bodies = [2]string{
	"{{first_name|Hi}}, your new {{plan_interest|insurance}} quote is ready: {{link1}}",
	"{{first_name|Hey}}, did you know that {{state}} drivers save up to 40% on {{plan_interest|insurance}}? See yours: {{link1}}",
}

func (w World) campaign(ctx context.Context, c client, list created) (created, error) {
	var campaign created
	var variants []object
	for i, body := range bodies {
		var creative created
		err := c.post(ctx, "/v1/creatives", object{
			"name": "Quote " + string(rune('A'+i)), "body": body,
			"links": []object{{"url": "https://offers.example/quote?sub1={message_id}&click={click_id}"}},
		}, &creative)
		if err != nil {
			return campaign, err
		}
		variants = append(variants, object{
			"name": string(rune('A' + i)), "creative_id": creative.ID, "percent": []int{60, 40}[i],
		})
	}
	err := c.post(ctx, "/v1/campaigns", object{"name": "Spring quotes", "list_id": list.ID, "variants": variants}, &campaign)
	if err != nil {
		return campaign, err
	}
	w.say("\nLaunching campaign %q, A/B 60/40. Watch it: Temporal UI, workflow campaign/%s", "Spring quotes", campaign.ID)
	var state object
	return campaign, c.post(ctx, "/v1/campaigns/"+campaign.ID+"/launch", object{}, &state)
}
