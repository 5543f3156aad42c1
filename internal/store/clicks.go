package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
	"trackly/rules/offer"
	"trackly/rules/price"
)

type (
	clickOf = models.Click
	landing = models.Landing
)

// RecordClick stores a click and tells where it leads, in one transaction shared with the
// clicks that arrive meanwhile (see gather). It returns when the click is durable. It
// takes no account: the code in the link is what proves the message.
//
// A person's first click of a message is the one that counts: it earns what an offer pays
// for clicks, and goes into the reports. Later ones are kept, and added to the totals.
// Every request that is led to an offer uses up its cap, those of machines too: the network
// counts what reaches it.
func (s *Store) RecordClick(ctx context.Context, c models.Click) (models.Landing, error) {
	return s.clicks.ask(ctx, c)
}

// tap is a click on its way.
type tap struct {
	models.Click
	account      models.AccountID // empty: its code leads nowhere
	subscription int64            // 0: the link is of no message
	contact      int64
	redacted     bool
	url          string // the link's own
	offer        models.OfferID
	parameters   models.Pairs
	choice       offer.Choice
	revenue      price.Micros // if it is the first of its message
}

func (t *tap) human() bool { return t.Verdict == "human" && t.subscription != 0 }

// taps are the clicks of one transaction, and the offers they may be led to.
type taps struct {
	all    []tap
	offers map[string]models.Offer
	terms  map[string]offer.Terms
	used   map[offerDay]offer.Used // of those with a cap
	added  map[offerDay]int        // clicks
}

func (s *Store) writeClicks(ctx context.Context, all []models.Click) (res []models.Landing, err error) {
	err = again(func() error {
		g, err := s.resolve(ctx, all)
		if err != nil {
			return err
		}
		if err := s.keep(ctx, g); err != nil {
			return err
		}
		res = g.landings()
		return nil
	})
	return res, explain(err, "click")
}

// keep chooses and stores. Rows are locked in the same order everywhere: totals, the days
// of offers. Without a cap nothing has to be held still while Go chooses, so all goes to the
// database in one message, which is one transaction.
func (s *Store) keep(ctx context.Context, g *taps) error {
	if held := g.capped(); len(held) > 0 {
		return s.tersely(ctx, func(tx sender, last *pgx.Batch) error {
			var first pgx.Batch
			g.queueTotals(&first)
			g.queueLock(&first, held)
			if err := send(ctx, tx, &first); err != nil {
				return err
			}
			g.choose()
			g.queueDays(last)
			g.queueClicks(last)
			return nil
		})
	}
	var b pgx.Batch
	g.choose()
	g.queueTotals(&b)
	g.queueDays(&b)
	g.queueClicks(&b)
	return s.pool.SendBatch(ctx, &b).Close()
}

// choose leads every click that has a link.
func (g *taps) choose() {
	g.added = map[offerDay]int{}
	for i := range g.all {
		t := &g.all[i]
		switch {
		case t.account == "":
		case t.offer == "":
			t.choice = offer.Choice{Target: offer.ToLink}
		default:
			g.lead(t)
		}
	}
}

func (g *taps) lead(t *tap) {
	t.choice = offer.Choose(t.At, string(t.offer), g.terms, func(o offer.Terms) offer.Used { return g.used[g.dayOf(o.ID, t.At)] })
	o, ok := g.offers[t.choice.Offer]
	if !ok {
		return
	}
	day := g.dayOf(t.choice.Offer, t.At)
	g.added[day]++
	u := g.used[day]
	u.Clicks++
	g.used[day] = u
	if o.PayoutType == models.PaysClick {
		t.revenue = o.Payout
	}
}

func (g *taps) landings() []models.Landing {
	res := make([]models.Landing, len(g.all))
	for i, t := range g.all {
		if t.account == "" {
			continue
		}
		o := g.offers[t.choice.Offer]
		l := models.Landing{
			Found: true, Target: t.choice.Target, URL: t.choice.URL,
			OfferID: o.ID, ExternalID: o.ExternalID, Network: o.Network, Parameters: t.parameters,
		}
		switch {
		case t.choice.Target == offer.ToLink, t.choice.Target == offer.ToOffer && t.url != "":
			l.URL = t.url
		case t.choice.Offer != "":
			l.URL = o.URL
		}
		res[i] = l
	}
	return res
}
