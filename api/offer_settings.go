package api

import (
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/price"
)

// newOffer asks for an offer.
type newOffer struct {
	Name       string `json:"name" doc:"For your eyes." example:"Solar quotes"`
	URL        string `json:"url" doc:"Where it is, with macros such as {click_id}." example:"https://offer.example/?aff_sub={click_id}"`
	PayoutType string `json:"payout_type" enum:"cpa,cpc,revshare" doc:"cpa: a conversion pays. cpc: the first human click of a message pays. revshare: a share of a sale pays."`
	OfferTerms
}

// OfferSettings are what may be changed of an offer. It is exported because huma passes
// over embedded types that are not.
type OfferSettings struct {
	Name       *string `json:"name,omitempty" doc:"For your eyes."`
	URL        *string `json:"url,omitempty" doc:"Where it is, with macros such as {click_id}. Links in texts that were sent lead there too."`
	PayoutType *string `json:"payout_type,omitempty" enum:"cpa,cpc,revshare"`
	Status     *string `json:"status,omitempty" enum:"active,paused" doc:"A paused offer takes no clicks: they go to its fallback."`
	OfferTerms
}

// OfferTerms are what an offer has besides. What is left out of a change stays.
type OfferTerms struct {
	Network         *string   `json:"network,omitempty" enum:"none,tune,everflow,cake" doc:"Whose it is; by default none."`
	ExternalID      *string   `json:"external_id,omitempty" doc:"The network's own id of it." example:"1234"`
	Payout          *string   `json:"payout,omitempty" doc:"What a conversion (cpa) or a click (cpc) earns, in the account's currency. A conversion that names an amount earns that." example:"12.50"`
	Share           *string   `json:"share_percent,omitempty" doc:"Of a sale (revshare), with at most two decimals." example:"12.5"`
	WindowDays      *int      `json:"window_days,omitempty" minimum:"1" maximum:"365" doc:"So long after a click a conversion is its; by default 30."`
	ClickCap        *int      `json:"click_cap,omitempty" minimum:"0" doc:"Clicks a day of its zone; 0: no cap. Who comes later goes to the fallback."`
	ConversionCap   *int      `json:"conversion_cap,omitempty" minimum:"0" doc:"Conversions a day of its zone; 0: no cap. Clicks go to the fallback when it is reached."`
	Zone            *string   `json:"zone,omitempty" doc:"IANA: the network's days; by default the account's." example:"America/New_York"`
	FallbackOfferID *string   `json:"fallback_offer_id,omitempty" doc:"Where clicks go that it does not take; empty: nowhere in particular."`
	FallbackURL     *string   `json:"fallback_url,omitempty" doc:"Where they go if there is no such offer, or it takes none either."`
	EndsAt          *string   `json:"ends_at,omitempty" doc:"RFC 3339: it takes no clicks from then on; empty: it goes on." example:"2026-12-31T23:59:59-05:00"`
	Addresses       *[]string `json:"addresses,omitempty" nullable:"false" doc:"Addresses or ranges that postbacks may come from; none: from anywhere." example:"[\"203.0.113.0/24\"]"`
	Pixel           *bool     `json:"pixel,omitempty" doc:"Whether a browser may tell of conversions, for cpa. Anybody who has a click's id can then do so once."`
}

// changingOffer is a request to change an offer.
type changingOffer struct {
	OnID
	Request sent
}

func (c *changingOffer) body() *sent { return &c.Request }

func (n OfferSettings) apply(o *models.Offer, bad *fault.Problems) {
	set(&o.Name, n.Name)
	set(&o.URL, n.URL)
	if n.PayoutType != nil {
		o.PayoutType = models.PayoutType(*n.PayoutType)
		// What the old way paid is no part of the new one.
		if o.PayoutType == models.PaysShare && n.Payout == nil {
			o.Payout = 0
		}
		if o.PayoutType != models.PaysShare && n.Share == nil {
			o.Share = 0
		}
	}
	if n.Status != nil {
		o.Status = models.OfferStatus(*n.Status)
	}
	n.OfferTerms.apply(o, bad)
}

func (n OfferTerms) apply(o *models.Offer, bad *fault.Problems) {
	if n.Network != nil {
		o.Network = models.Network(*n.Network)
	}
	set(&o.ExternalID, n.ExternalID)
	setMoney(&o.Payout, n.Payout, "payout", bad)
	setShare(&o.Share, n.Share, bad)
	set(&o.WindowDays, n.WindowDays)
	set(&o.ClickCap, n.ClickCap)
	set(&o.ConversionCap, n.ConversionCap)
	set(&o.Zone, n.Zone)
	if n.FallbackOfferID != nil {
		o.FallbackOfferID = nil
		if id := models.OfferID(*n.FallbackOfferID); id != "" {
			o.FallbackOfferID = &id
		}
	}
	set(&o.FallbackURL, n.FallbackURL)
	setEnd(&o.EndsAt, n.EndsAt, bad)
	if n.Addresses != nil {
		o.Addresses = addressesOf(*n.Addresses)
	}
	set(&o.Pixel, n.Pixel)
}

func setMoney(to *price.Micros, text *string, where string, bad *fault.Problems) {
	if text == nil {
		return
	}
	m, err := price.Parse(*text)
	if err != nil {
		bad.Add(where, "%s", messageOf(err))
		return
	}
	*to = m
}

// setShare reads percent, which are kept in hundredths.
func setShare(to *int, text *string, bad *fault.Problems) {
	if text == nil {
		return
	}
	const hundredth = price.Unit / 100
	m, err := price.Parse(*text)
	switch {
	case err != nil:
		bad.Add("share_percent", "%s", messageOf(err))
	case m%hundredth != 0 || m < 0 || m > 100*price.Unit:
		bad.Add("share_percent", "must be 0 to 100, with at most two decimals")
	default:
		*to = int(m / hundredth)
	}
}

func setEnd(to **time.Time, text *string, bad *fault.Problems) {
	if text == nil {
		return
	}
	if *text == "" {
		*to = nil
		return
	}
	at, err := time.Parse(time.RFC3339, *text)
	if err != nil {
		bad.Add("ends_at", "must be a time such as 2026-12-31T23:59:59-05:00")
		return
	}
	at = at.UTC().Truncate(time.Microsecond)
	*to = &at
}

// addressesOf writes ranges in one way. What is none stays, to be complained of.
func addressesOf(texts []string) models.Texts {
	out := make(models.Texts, len(texts))
	for i, text := range texts {
		out[i] = text
		if p, err := models.ParseNetwork(text); err == nil {
			out[i] = p.String()
		}
	}
	return out
}

// offerPlace is where a field of an offer is in the request.
func offerPlace(field string) string {
	if field == "share" {
		return "share_percent"
	}
	return field
}
