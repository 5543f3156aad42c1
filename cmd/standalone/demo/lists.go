package demo

import (
	"context"
	"fmt"
	"time"

	"trackly/internal/provider/sandbox"
)

// list is a sending list on one provider.
type list struct {
	ID       string `json:"id"`
	Provider string `json:"-"`
	Phone    string `json:"phone"`
	Routes   []struct {
		Webhooks struct {
			Status  string `json:"status"`
			Inbound string `json:"inbound"`
		} `json:"webhooks"`
		Check struct {
			Passed        bool       `json:"passed"`
			CredentialsAt *time.Time `json:"credentials_at"`
			TextAt        *time.Time `json:"text_at"`
			WebhookAt     *time.Time `json:"webhook_at"`
			Problem       string     `json:"problem"`
		} `json:"check"`
	} `json:"routes"`
}

const (
	sid   = "AC00000000000000000000000000demo01"
	token = "demoauthtoken0123456789abcdef0123" // of the sandbox, which takes any
	// tester is the phone that gets the test texts: your own, with a real provider.
	tester = "+12125550199"
)

// lists makes a list on each provider and has it checked: credentials, a test text, and
// the provider's callback for it. A list that is not checked sends nothing.
func (w World) lists(ctx context.Context, c client) (all []list, err error) {
	w.say("\nA list on each provider, checked with its credentials, a test text and the callback for it:")
	for i, provider := range []string{sandbox.Twilio, sandbox.Infobip, sandbox.CM, sandbox.Telnyx} {
		// 555-0132 and on are reserved for fiction.
		l := list{Provider: provider}
		err := c.post(ctx, "/v1/lists", object{
			"name": "Demo " + provider, "brand": "Acme", "phone": fmt.Sprintf("+1415555%04d", 132+i), "provider": provider,
			"provider_settings": object{
				"account_sid": sid, "auth_token": token, "base_url": w.Provider, "public_key": w.Sandbox.TelnyxPublicKey(),
			},
			"opt_out_line": "Reply STOP to opt out",
		}, &l)
		if err != nil {
			return nil, err
		}
		hooks := l.Routes[0].Webhooks
		err = w.Sandbox.Register(sandbox.Number{
			Provider: provider, Phone: l.Phone, AccountSID: sid, Token: token, InboundURL: hooks.Inbound, StatusURL: hooks.Status,
		})
		if err != nil {
			return nil, err
		}
		if l, err = w.check(ctx, c, l); err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

const checkPatience = 30 * time.Second

// check runs a list's check and waits for what it finds.
func (w World) check(ctx context.Context, c client, l list) (list, error) {
	began := time.Now()
	if err := c.post(ctx, "/v1/lists/"+l.ID+"/check", object{"to": tester}, &object{}); err != nil {
		return l, err
	}
	for time.Since(began) < checkPatience {
		if err := c.get(ctx, "/v1/lists/"+l.ID, &l); err != nil {
			return l, err
		}
		switch found := l.Routes[0].Check; {
		case found.Passed:
			w.say("  %-8s %s  checked in %.1f s", l.Provider, l.Phone, time.Since(began).Seconds())
			return l, nil
		case found.Problem != "":
			return l, fmt.Errorf("the check of the list on %s: %s", l.Provider, found.Problem)
		}
		if err := pause(ctx, lookEvery/2); err != nil {
			return l, err
		}
	}
	return l, fmt.Errorf("the check of the list on %s does not come to an end", l.Provider)
}
