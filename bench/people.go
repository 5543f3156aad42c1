package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/price"
)

const (
	sid   = "AC00000000000000000000000000bench1"
	token = "benchauthtoken0123456789abcdef01" // of the sandbox, which takes any
	phone = "+14155550132"                     // reserved for fiction
	text  = "Hi {{first_name|there}}, your car quote is ready. Compare it here: {{link1}}"
)

// people are the contacts of a list, and what a campaign needs to text them.
type people struct {
	n        int
	key      string // of the API
	account  models.AccountID
	list     models.List
	creative models.Creative
	offer    models.OfferID // the creative's link leads to it
	secret   string         // of the offer's postbacks
}

// crowd names people by their list's provider and how many they are.
type crowd struct {
	provider string
	n        int
}

// route is the list's only one.
func (p people) route() models.Route { return p.list.Routes[0] }

func (p people) listing() listing {
	return listing{
		ID: string(p.list.ID), Route: string(p.route().ID), AccountID: string(p.account), SID: sid, Token: token, Phone: phone,
		Offer: string(p.offer), Secret: p.secret,
	}
}

// statusPath is where callbacks of the list go, on whatever server answers.
func (m *machine) statusPath(p people) string {
	return strings.TrimPrefix(m.app.Door.StatusURL(p.route()), m.orders.PublicURL)
}

// crowd gives a list with n contacts, imported once a run.
func (m *machine) crowd(ctx context.Context, provider string, n int) (people, error) {
	c := crowd{provider, n}
	if p, ok := m.people[c]; ok {
		return p, nil
	}
	p, err := m.account(ctx, provider, n)
	if err != nil {
		return p, err
	}
	if err := m.offer(ctx, &p); err != nil {
		return p, err
	}
	id := models.NewID[models.CreativeID]()
	p.creative, err = m.app.Store.AddCreative(ctx, models.Once{}, models.Creative{
		ID: id, AccountID: p.account, Name: "Quote", Body: text, Status: models.CreativeActive,
		Links: []models.CreativeLink{{CreativeID: id, Number: 1, OfferID: &p.offer, Parameters: models.Pairs{"sub1": "quote"}}},
	})
	if err != nil {
		return p, err
	}
	if _, err := m.bring(ctx, p, madeUp(n)); err != nil {
		return p, err
	}
	// A table that has just grown has no statistics; in use it would have them.
	_, err = m.pool.Exec(ctx, "VACUUM ANALYZE contacts, subscriptions")
	m.people[c] = p
	return p, err
}

// offer pays for conversions, and has a cap on clicks that is never reached: it is counted
// all the same, exactly.
func (m *machine) offer(ctx context.Context, p *people) error {
	p.offer, p.secret = models.NewID[models.OfferID](), models.NewOfferSecret()
	_, err := m.app.Store.AddOffer(ctx, models.Once{}, models.Offer{
		ID: p.offer, AccountID: p.account, Name: "Quotes", URL: "https://offer.example/quote?aff=7&sub={sub1}&click={click_id}",
		Network: models.NetworkNone, PayoutType: models.PaysAction, Payout: 20 * price.Unit, WindowDays: 30, ClickCap: 1_000_000_000,
		Zone: "America/New_York", FallbackURL: "https://offer.example/closed", Status: models.OfferActive,
		SecretHash: models.HashOfferSecret(p.secret),
	})
	return err
}

// account is an account with a list, and as yet without contacts.
func (m *machine) account(ctx context.Context, provider string, n int) (people, error) {
	p := people{n: n}
	a, owner, err := models.NewAccount("Bench", "Ben", fmt.Sprintf("ben%d@%s.example", n, provider))
	if err != nil {
		return p, err
	}
	p.account = a.ID
	key, secret := models.NewAPIKey(a.ID, "bench")
	if err := m.app.Store.AddAccount(ctx, a, owner, key); err != nil {
		return p, err
	}
	p.key = secret
	p.list, err = m.app.Store.AddList(ctx, models.Once{}, m.checkedList(a.ID, provider), models.Credentials{Token: token})
	return p, err
}

// checkedList is a list whose provider account has passed its check: the check itself is
// no part of any figure.
func (m *machine) checkedList(account models.AccountID, provider string) models.List {
	at := time.Now()
	l := models.List{
		ID: models.NewID[models.ListID](), AccountID: account, Name: "Bench", Brand: "Acme", PrependBrand: true, Phone: phone,
		OptOutLine: "Reply STOP to opt out", State: models.ListActive,
		AnswersStop: models.AnsweredByProvider, AnswersHelp: models.AnsweredByProvider,
	}
	l.Routes = []models.Route{{
		ID: models.NewID[models.RouteID](), AccountID: account, ListID: l.ID, Rank: 1, Provider: provider, Phone: phone,
		SID: sid, BaseURL: "http://" + m.provider, State: models.RouteUp, CredentialsAt: &at, TextAt: &at, WebhookAt: &at,
	}}
	return l
}

// madeUp writes a contact file as it is read.
func madeUp(n int) io.Reader {
	from, to := io.Pipe()
	go func() {
		w := bufio.NewWriter(to)
		_, err := fmt.Fprintln(w, "phone,first_name,state,age")
		for i := 1; i <= n && err == nil; i++ {
			_, err = fmt.Fprintf(w, "+1212%07d,Pat%05d,NY,40\n", 2000000+i, i)
		}
		_ = to.CloseWithError(errors.Join(err, w.Flush()))
	}()
	return from
}

// draft stores a campaign to all of them and marks it as launched; nothing runs yet.
func (m *machine) draft(ctx context.Context, p people) (models.Campaign, error) {
	c := models.Campaign{
		ID: models.NewID[models.CampaignID](), AccountID: p.account, ListID: p.list.ID, Name: "Bench",
		State: models.CampaignDraft, Late: models.LateWaits, Filter: audience.Filter{},
	}
	for i, percent := range []int{50, 50} {
		c.Variants = append(c.Variants, models.Variant{
			CampaignID: c.ID, Number: i + 1, Name: fmt.Sprint(i + 1), CreativeID: p.creative.ID, Percent: percent,
		})
	}
	return m.app.Store.AddCampaign(ctx, models.Once{}, c)
}

func sourceOf(c models.Campaign) models.Source {
	return models.Source{AccountID: c.AccountID, CampaignID: c.ID}
}

// launch does what the API does when a campaign is launched.
func (m *machine) launch(ctx context.Context, c models.Campaign) error {
	c, err := m.app.Store.LaunchCampaign(ctx, c.AccountID, c.ID, nil, time.Now())
	if err != nil {
		return err
	}
	return m.app.Engine.StartCampaign(ctx, c)
}

// awaitSent waits for the end of a campaign and checks that everybody was texted.
func (m *machine) awaitSent(ctx context.Context, c models.Campaign, want int) error {
	for {
		now, err := m.app.Store.Campaign(ctx, c.AccountID, c.ID)
		if err != nil {
			return err
		}
		if now.State == models.CampaignSent {
			p, err := m.app.Store.Progress(ctx, sourceOf(c))
			if err == nil && (!p.AddsUp() || p.Sent != int64(want)) {
				err = fmt.Errorf("the campaign ended with %+v, want %d sent", p, want)
			}
			return err
		}
		if now.State == models.CampaignPaused {
			return fmt.Errorf("the campaign was paused: %s", now.Reason)
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
}
