package api

import (
	"strconv"
	"time"

	"trackly/models"
)

// offerView is an offer as clients read it.
type offerView struct {
	ID              string        `json:"id"`
	Name            string        `json:"name"`
	URL             string        `json:"url"`
	Network         string        `json:"network" enum:"none,tune,everflow,cake"`
	ExternalID      string        `json:"external_id,omitempty" doc:"The network's own id of it."`
	PayoutType      string        `json:"payout_type" enum:"cpa,cpc,revshare" doc:"cpa: a conversion pays. cpc: the first human click of a message pays. revshare: a share of a sale pays."`
	Payout          moneyView     `json:"payout" doc:"Of a conversion or a click."`
	Share           string        `json:"share_percent,omitempty" doc:"Of a sale." example:"12.5"`
	WindowDays      int           `json:"window_days" doc:"So long after a click a conversion is its."`
	ClickCap        int           `json:"click_cap" doc:"Clicks a day of the offer's zone; 0: no cap."`
	ConversionCap   int           `json:"conversion_cap" doc:"Conversions a day of the offer's zone; 0: no cap."`
	Zone            string        `json:"zone" doc:"IANA; the days of its caps." example:"America/New_York"`
	FallbackOfferID string        `json:"fallback_offer_id,omitempty" doc:"Where clicks go that it does not take."`
	FallbackURL     string        `json:"fallback_url,omitempty" doc:"Where they go if there is no such offer, or it takes none either."`
	Status          string        `json:"status" enum:"active,paused,archived"`
	EndsAt          *time.Time    `json:"ends_at,omitempty" doc:"It takes no clicks from then on."`
	Addresses       []string      `json:"addresses" nullable:"false" doc:"Where postbacks may come from; none: from anywhere."`
	Pixel           bool          `json:"pixel" doc:"Whether a browser may tell of conversions."`
	Secret          string        `json:"secret,omitempty" doc:"Of its postbacks. Shown when it is made, and never again."`
	PostbackURL     string        `json:"postback_url" doc:"For the network, in its own macros. SECRET stands where the secret belongs, unless it is shown."`
	PixelURL        string        `json:"pixel_url,omitempty" doc:"For the advertiser's page, which appends the click's id."`
	Today           *offerUseView `json:"today,omitempty" doc:"Not in lists of offers."`
	CreatedAt       time.Time     `json:"created_at"`
}

// offerUseView is what of the caps is used.
type offerUseView struct {
	Day         string `json:"day" doc:"The day it is now in the offer's zone." example:"2026-11-28"`
	Clicks      int    `json:"clicks" doc:"Led to the offer."`
	Conversions int    `json:"conversions" doc:"That stand."`
}

// offerChangeView is a change of an offer.
type offerChangeView struct {
	ID      string                `json:"id"`
	By      string                `json:"by" doc:"Who made it." example:"API key trk_a1B2c3"`
	At      time.Time             `json:"at"`
	Changes map[string]beforeView `json:"changes" doc:"By the names of what was changed."`
}

type beforeView struct {
	Before any `json:"before" doc:"As it was."`
	After  any `json:"after" doc:"As it became."`
}

func (s *Server) offerView(o models.Offer, currency, secret string) offerView {
	v := offerView{
		ID: string(o.ID), Name: o.Name, URL: o.URL, Network: string(o.Network), ExternalID: o.ExternalID,
		PayoutType: string(o.PayoutType), Payout: moneyIn(o.Payout, currency), WindowDays: o.WindowDays,
		ClickCap: o.ClickCap, ConversionCap: o.ConversionCap, Zone: o.Zone, FallbackURL: o.FallbackURL, Status: string(o.Status),
		EndsAt: utc(o.EndsAt), Addresses: append([]string{}, o.Addresses...), Pixel: o.Pixel, Secret: secret,
		PostbackURL: s.postbackURL(o, secret), PixelURL: s.pixelURL(o), CreatedAt: o.CreatedAt.UTC(),
	}
	if o.PayoutType == models.PaysShare {
		v.Share = o.SharePercent()
	}
	if o.FallbackOfferID != nil {
		v.FallbackOfferID = string(*o.FallbackOfferID)
	}
	return v
}

func offerChangeViewOf(c models.OfferChange) offerChangeView {
	v := offerChangeView{ID: strconv.FormatInt(c.ID, 10), By: c.By, At: c.At.UTC(), Changes: map[string]beforeView{}}
	for name, pair := range c.Changes {
		v.Changes[name] = beforeView{Before: pair[0], After: pair[1]}
	}
	return v
}
