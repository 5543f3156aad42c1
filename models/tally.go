package models

import (
	"strconv"
	"time"

	"trackly/rules/price"
)

// Dimension is what a report can be grouped by.
type Dimension string

// The dimensions.
const (
	PerDay      Dimension = "day"
	PerCampaign Dimension = "campaign"
	PerVariant  Dimension = "variant" // of a campaign
	PerCreative Dimension = "creative"
	PerOffer    Dimension = "offer"
	PerList     Dimension = "list"
	PerProvider Dimension = "provider"
	PerCarrier  Dimension = "carrier"
	PerState    Dimension = "state"
)

// Dimensions gives every dimension there is.
func Dimensions() []Dimension {
	return []Dimension{PerDay, PerCampaign, PerVariant, PerCreative, PerOffer, PerList, PerProvider, PerCarrier, PerState}
}

// Metrics are the sums a report shows; the rates are theirs. Money is in the account's
// currency.
type Metrics struct {
	Sends        int64 // accepted by the provider, whatever came later
	Delivered    int64
	Undelivered  int64
	Failed       int64
	Skipped      int64
	Unknown      int64
	Segments     int64        // of sends
	Cost         price.Micros // of sends
	Clicks       int64        // messages that a person followed a link of
	BotClicks    int64        // requests of machines
	UnsureClicks int64        // requests of which nobody can tell
	Conversions  int64        // that pay, on the day they happened
	Reversals    int64        // conversions taken back, on the day of that
	Revenue      price.Micros // less what was taken back
	OptOuts      int64
}

// Profit is what is left of the revenue.
func (m Metrics) Profit() price.Micros { return m.Revenue - m.Cost }

// Plus adds up.
func (m Metrics) Plus(o Metrics) Metrics {
	return Metrics{
		Sends: m.Sends + o.Sends, Delivered: m.Delivered + o.Delivered, Undelivered: m.Undelivered + o.Undelivered,
		Failed: m.Failed + o.Failed, Skipped: m.Skipped + o.Skipped, Unknown: m.Unknown + o.Unknown,
		Segments: m.Segments + o.Segments, Cost: m.Cost + o.Cost, Clicks: m.Clicks + o.Clicks, BotClicks: m.BotClicks + o.BotClicks,
		UnsureClicks: m.UnsureClicks + o.UnsureClicks, Conversions: m.Conversions + o.Conversions, Reversals: m.Reversals + o.Reversals,
		Revenue: m.Revenue + o.Revenue, OptOuts: m.OptOuts + o.OptOuts,
	}
}

// VariantKey is how a report names a campaign's variant.
func VariantKey(c CampaignID, number int) string { return string(c) + "/" + strconv.Itoa(number) }

// ReportQuery asks for sums. Days are of the account's zone.
type ReportQuery struct {
	AccountID  AccountID
	From, To   time.Time   // dates at midnight UTC, both included; zero: from the first, to the last
	By         []Dimension // none, one or two
	CampaignID CampaignID  // the filters: empty means all
	OfferID    OfferID
	ListID     ListID
	CreativeID CreativeID
}

// ReportRow is one line of a report. Keys has an entry for each dimension asked by: a date,
// an id, "<campaign id>/<number>" for a variant, a word; empty: unknown or none. Names has
// what people call it.
type ReportRow struct {
	Keys  []string
	Names []string
	Metrics
}

// Folded says what one step of the fold moved into the tallies.
type Folded struct {
	Batches int64
	Moves   int64
	More    bool // there is more to fold at once
}

// TallyDifference is a cell on a day of which a report would not say what the rows say.
type TallyDifference struct {
	Day    time.Time
	Cell   string // its dimensions
	Report Metrics
	Rows   Metrics
}
