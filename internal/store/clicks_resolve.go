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
	g := &taps{all: make([]tap, len(all)), used: map[offerDay]offer.Used{}}
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
	_, err = pgx.ForEachRow(rows, []any{&n, &t.account, &t.subscription, &t.contact, &t.redacted, &t.url, &t.offer, &t.parameters}, func() error {
		t.Click = all[n-1]
		g.all[n-1] = t
		return nil
	})
	if err != nil {
		return nil, err
	}
	return g, s.readOffers(ctx, g)
}

// resolveSQL reads from small tables by key; only messages are many.
const resolveSQL = `
	WITH asked AS MATERIALIZED (
		SELECT * FROM unnest($1::bigint[], $2::smallint[]) WITH ORDINALITY AS c (message_id, link, n)
	)
	SELECT c.n, m.account_id::text, m.subscription_id, s.contact_id, m.redacted_at IS NOT NULL, l.url, coalesce(l.offer_id::text, ''), l.parameters
	  FROM asked c
	  JOIN messages m ON m.id = c.message_id
	  JOIN subscriptions s ON s.id = m.subscription_id
	  JOIN variants v ON v.campaign_id = m.campaign_id AND v.number = m.variant
	  JOIN creative_links l ON l.creative_id = v.creative_id AND l.number = c.link
	UNION ALL
	SELECT c.n, k.account_id::text, 0, 0, false, k.url, '', '{}'
	  FROM asked c JOIN short_links k ON k.id = c.message_id AND c.link = 1`

// readOffers reads the offers of the links, and those that may stand in for them.
func (s *Store) readOffers(ctx context.Context, g *taps) error {
	var ids []models.OfferID
	seen := map[models.OfferID]bool{"": true}
	for _, t := range g.all {
		if !seen[t.offer] {
			seen[t.offer] = true
			ids = append(ids, t.offer)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	g.offers, g.terms = map[string]models.Offer{}, map[string]offer.Terms{}
	rows, err := s.pool.Query(ctx, offersSQL, ids)
	if err != nil {
		return err
	}
	var o models.Offer
	_, err = pgx.ForEachRow(rows, []any{
		&o.ID, &o.AccountID, &o.URL, &o.Network, &o.ExternalID, &o.PayoutType, &o.Payout, &o.ClickCap, &o.ConversionCap,
		&o.Zone, &o.FallbackOfferID, &o.FallbackURL, &o.Status, &o.EndsAt,
	}, func() error {
		g.offers[string(o.ID)] = o
		g.terms[string(o.ID)] = o.Terms()
		return nil
	})
	return err
}

// offersSQL follows fallbacks within an account only. It ends in a ring: UNION keeps no row
// twice, and no more are followed than a choice looks at.
const offersSQL = `
	WITH RECURSIVE chain AS (
		SELECT id, account_id, fallback_offer_id, 0 AS depth FROM offers WHERE id = ANY ($1::uuid[])
		UNION
		SELECT o.id, o.account_id, o.fallback_offer_id, c.depth + 1
		  FROM chain c JOIN offers o ON o.id = c.fallback_offer_id AND o.account_id = c.account_id WHERE c.depth < 4
	)
	SELECT id::text, account_id::text, url, network, external_id, payout_type, payout, click_cap, conversion_cap,
	       zone, fallback_offer_id::text, fallback_url, status, ends_at
	  FROM offers WHERE id IN (SELECT id FROM chain)`

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
