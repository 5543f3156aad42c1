package models

import (
	"strconv"
	"time"

	"trackly/rules/offer"
	"trackly/rules/price"
)

// Network is whose offer it is: how its URL and its postbacks are written.
type Network string

// The networks.
const (
	NetworkNone     Network = "none"
	NetworkTUNE     Network = "tune"
	NetworkEverflow Network = "everflow"
	NetworkCake     Network = "cake"
)

// PayoutType is what an offer pays for.
type PayoutType string

// The payout types.
const (
	PaysAction PayoutType = "cpa"      // for a conversion: Payout, or the amount the network tells
	PaysClick  PayoutType = "cpc"      // for the first human click of a message
	PaysShare  PayoutType = "revshare" // Share of the amount of a conversion
)

// OfferStatus says whether an offer takes clicks.
type OfferStatus string

// The statuses. Archived is what deleting does: links already sent lead to the fallback.
const (
	OfferActive   OfferStatus = "active"
	OfferPaused   OfferStatus = "paused"
	OfferArchived OfferStatus = "archived"
)

// Offer is what an advertiser pays for. Amounts are in the account's currency.
type Offer struct {
	ID              OfferID
	AccountID       AccountID
	Name            string
	URL             string `gorm:"column:url"` // with macros (rules/landing)
	Network         Network
	ExternalID      string
	PayoutType      PayoutType
	Payout          price.Micros
	Share           int // hundredths of a percent
	WindowDays      int
	ClickCap        int // a day of Zone; 0: none
	ConversionCap   int // a day of Zone; 0: none
	Zone            string
	FallbackOfferID *OfferID
	FallbackURL     string `gorm:"column:fallback_url"`
	Status          OfferStatus
	EndsAt          *time.Time
	SecretHash      []byte // SHA-256 of the postback's secret
	Addresses       Texts  `gorm:"type:text[]"` // CIDRs postbacks may come from; none: any
	Pixel           bool
	CreatedAt       time.Time
}

// Open reports whether the offer takes clicks at this time, caps aside.
func (o Offer) Open(at time.Time) bool {
	return o.Status == OfferActive && (o.EndsAt == nil || at.Before(*o.EndsAt))
}

// SharePercent writes the share in percent, such as "12.5".
func (o Offer) SharePercent() string {
	return strconv.FormatFloat(float64(o.Share)/100, 'f', -1, 64)
}

// OfferUse is what an offer has used of its caps on one day of its zone.
type OfferUse struct {
	Day         time.Time // a date at midnight UTC
	Clicks      int
	Conversions int // that stand
}

// Terms are the part of an offer that decides where a click leads.
func (o Offer) Terms() offer.Terms {
	t := offer.Terms{
		ID: string(o.ID), Active: o.Status == OfferActive, EndsAt: o.EndsAt, ClickCap: o.ClickCap, ConversionCap: o.ConversionCap,
		FallbackURL: o.FallbackURL,
	}
	if o.FallbackOfferID != nil {
		t.Fallback = string(*o.FallbackOfferID)
	}
	return t
}
