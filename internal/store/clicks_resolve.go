package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
	"trackly/rules/offer"
)

// resolve finds the links that clicks are on, and the offers those may lead to.
func (s *Store) resolve(ctx context.Context, all []models.Click) (*taps, error) {
	g := &taps{
		all: make([]tap, len(all)), used: map[offerDay]offer.Used{},
		offers: map[string]models.Offer{}, terms: map[string]offer.Terms{},
	}
	messages, links := make([]int64, len(all)), make([]int16, len(all))
	for i, c := range all {
		g.all[i].Click = c
		messages[i], links[i] = int64(c.MessageID), int16(c.Link) //nolint:gosec // 1 to 8
	}
	rows, err := s.pool.Query(ctx, resolveSQL, messages, links)
	if err != nil {
		return nil, err
	}
	var n int
	var t tap
	var o models.Offer
	into := append([]any{&n, &t.account, &t.subscription, &t.contact, &t.redacted, &t.url, &t.parameters}, offerInto(&o)...)
	_, err = pgx.ForEachRow(rows, into, func() error {
		t.Click, t.offer = all[n-1], o.ID
		g.all[n-1] = t
		g.know(o)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return g, s.readFallbacks(ctx, g)
}

// resolveSQL reads from small tables by key; only messages are many. The offer comes with
// the link: a click waits for no second question unless its offer has a fallback.
const resolveSQL = `
	WITH asked AS MATERIALIZED (
		SELECT * FROM unnest($1::bigint[], $2::smallint[]) WITH ORDINALITY AS c (message_id, link, n)
	), links AS (
		SELECT c.n, m.account_id, m.subscription_id, s.contact_id, m.redacted_at IS NOT NULL AS redacted, l.url, l.offer_id, l.parameters
		  FROM asked c
		  JOIN messages m ON m.id = c.message_id
		  JOIN subscriptions s ON s.id = m.subscription_id
		  JOIN variants v ON v.campaign_id = m.campaign_id AND v.number = m.variant
		  JOIN creative_links l ON l.creative_id = v.creative_id AND l.number = c.link
		UNION ALL
		SELECT c.n, k.account_id, 0, 0, false, k.url, NULL, '{}'
		  FROM asked c JOIN short_links k ON k.id = c.message_id AND c.link = 1
	)
	SELECT k.n, k.account_id::text, k.subscription_id, k.contact_id, k.redacted, k.url, k.parameters, ` + offerColumns + `
	  FROM links k LEFT JOIN offers o ON o.id = k.offer_id AND o.account_id = k.account_id`

// offerColumns are what offerInto reads; all are empty where no offer is.
const offerColumns = `coalesce(o.id::text, ''), coalesce(o.account_id::text, ''), coalesce(o.url, ''), coalesce(o.network, ''),
	coalesce(o.external_id, ''), coalesce(o.payout_type, ''), coalesce(o.payout, 0), coalesce(o.click_cap, 0), coalesce(o.conversion_cap, 0),
	coalesce(o.zone, ''), o.fallback_offer_id::text, coalesce(o.fallback_url, ''), coalesce(o.status, ''), o.ends_at`

func offerInto(o *models.Offer) []any {
	return []any{
		&o.ID, &o.AccountID, &o.URL, &o.Network, &o.ExternalID, &o.PayoutType, &o.Payout, &o.ClickCap, &o.ConversionCap,
		&o.Zone, &o.FallbackOfferID, &o.FallbackURL, &o.Status, &o.EndsAt,
	}
}

func (g *taps) know(o models.Offer) {
	if _, known := g.offers[string(o.ID)]; o.ID != "" && !known {
		g.offers[string(o.ID)] = o
		g.terms[string(o.ID)] = o.Terms()
	}
}

// readFallbacks reads the offers that may stand in for those of the links.
func (s *Store) readFallbacks(ctx context.Context, g *taps) error {
	var ids []models.OfferID
	var accounts []models.AccountID
	for _, o := range g.offers {
		if o.FallbackOfferID != nil {
			ids, accounts = append(ids, *o.FallbackOfferID), append(accounts, o.AccountID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := s.pool.Query(ctx, fallbacksSQL, ids, accounts)
	if err != nil {
		return err
	}
	var o models.Offer
	_, err = pgx.ForEachRow(rows, offerInto(&o), func() error {
		g.know(o)
		return nil
	})
	return err
}

// fallbacksSQL follows fallbacks within an account only. It ends in a ring: UNION keeps no
// row twice, and no more are followed than a choice looks at.
const fallbacksSQL = `
	WITH RECURSIVE chain AS (
		SELECT id, account_id, fallback_offer_id, 1 AS depth FROM offers JOIN unnest($1::uuid[], $2::uuid[]) AS f (id, account_id) USING (id, account_id)
		UNION
		SELECT o.id, o.account_id, o.fallback_offer_id, c.depth + 1
		  FROM chain c JOIN offers o ON o.id = c.fallback_offer_id AND o.account_id = c.account_id WHERE c.depth < 4
	)
	SELECT ` + offerColumns + ` FROM offers o WHERE id IN (SELECT id FROM chain)`

// offerDay is a day of an offer's network.
type offerDay struct {
	offer string
	day   time.Time
}

func (g *taps) dayOf(id string, at time.Time) offerDay {
	return offerDay{id, offer.Day(at, g.offers[id].Zone)}
}

// capped gives the days of all offers with a cap to which a click may be led.
func (g *taps) capped() (days []offerDay) {
	seen := map[offerDay]bool{}
	for id, o := range g.terms {
		if !o.Capped() {
			continue
		}
		for _, t := range g.all {
			if d := g.dayOf(id, t.At); t.offer != "" && !seen[d] {
				seen[d] = true
				days = append(days, d)
			}
		}
	}
	return days
}
