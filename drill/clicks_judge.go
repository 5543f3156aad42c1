package main

import (
	"fmt"
	"slices"

	"trackly/internal/provider/sandbox"
)

// answered is a tap whose redirect came back whole.
type answered struct {
	Click   string // its id, out of the redirect
	Message int64
	Offer   string // whose shop it led to
}

// clickRow is a stored click.
type clickRow struct {
	ID      string
	Message int64
	Offer   string // empty: none
}

// conversionRow is a stored conversion.
type conversionRow struct {
	Transaction, Kind string
	Offer             string
	Amount            int64 // micro-units
}

// sums are two ways to count the same.
type sums struct {
	Name          string
	Kept, Counted int64 // the one that is kept up to date; the one counted from the rows
}

// tapsSeen is what the database says after all kills.
type tapsSeen struct {
	Clicks      []clickRow
	Conversions []conversionRow
	Capped      []int64 // clicks led to the capped offer, by its days
	Sums        []sums
}

// tapsDone is what the clients saw.
type tapsDone struct {
	Taps   []answered
	Broken int // requests without an answer: stored or not
	Cap    int64
	Offer  string // the one with the cap
	Events []sandbox.Event
	Shops  map[string]string // offers by the names of their shops
}

// tapsVerdict counts broken promises.
type tapsVerdict struct {
	LostClicks      int      `json:"lost_clicks"`    // answered, and no row
	DoubledClicks   int      `json:"doubled_clicks"` // rows that nobody's request explains
	WrongClicks     int      `json:"wrong_clicks"`   // of another message, or led elsewhere
	LostSales       int      `json:"lost_conversions"`
	DoubledSales    int      `json:"doubled_conversions"`
	WrongSales      int      `json:"wrong_conversions"`
	CapMissed       int64    `json:"clicks_off_the_cap"`
	WrongSums       int      `json:"wrong_sums"`
	UnansweredSales int      `json:"unanswered_postbacks"`
	Findings        []string `json:"findings,omitempty"`
}

func (v tapsVerdict) clean() bool {
	return v.LostClicks+v.DoubledClicks+v.WrongClicks+v.LostSales+v.DoubledSales+v.WrongSales+v.WrongSums+v.UnansweredSales == 0 &&
		v.CapMissed == 0
}

func (v *tapsVerdict) find(count *int, n int, format string, args ...any) {
	if n > 0 {
		*count += n
		v.Findings = append(v.Findings, fmt.Sprintf("%d: ", n)+fmt.Sprintf(format, args...))
	}
}

// judgeTaps holds the database against what the clients and the advertiser saw.
func judgeTaps(done tapsDone, seen tapsSeen) (v tapsVerdict) {
	v.judgeClicks(done, seen)
	v.judgeSales(done, seen)
	v.judgeCap(done, seen)
	for _, s := range seen.Sums {
		if s.Kept != s.Counted {
			v.find(&v.WrongSums, 1, "%s: %d are kept, the rows say %d", s.Name, s.Kept, s.Counted)
		}
	}
	return v
}

func (v *tapsVerdict) judgeClicks(done tapsDone, seen tapsSeen) {
	rows := make(map[string]clickRow, len(seen.Clicks))
	for _, r := range seen.Clicks {
		rows[r.ID] = r
	}
	lost, wrong := 0, 0
	for _, a := range done.Taps {
		switch r, stored := rows[a.Click]; {
		case !stored:
			lost++
		case r.Message != a.Message, r.Offer != a.Offer:
			wrong++
		}
	}
	v.find(&v.LostClicks, lost, "taps were answered and are not stored")
	v.find(&v.WrongClicks, wrong, "taps are stored otherwise than they were answered")
	// What broke off may be stored: the answer was on its way.
	more := len(seen.Clicks) - (len(done.Taps) - lost) - done.Broken
	v.find(&v.DoubledClicks, more, "clicks are stored that no request explains")
}

func (v *tapsVerdict) judgeSales(done tapsDone, seen tapsSeen) {
	type key struct{ offer, transaction, kind string }
	rows := map[key][]conversionRow{}
	for _, r := range seen.Conversions {
		k := key{r.Offer, r.Transaction, r.Kind}
		rows[k] = append(rows[k], r)
	}
	lost, twice, wrong, silent := 0, 0, 0, 0
	for _, e := range done.Events {
		k := key{done.Shops[e.Shop], e.Transaction, e.Kind}
		got := rows[k]
		delete(rows, k)
		switch {
		case !e.Told:
			silent++
		case len(got) == 0:
			lost++
		case len(got) > 1:
			twice += len(got) - 1
		case got[0].Amount != int64(e.Pays)*microsPerCent:
			wrong++
		}
	}
	v.find(&v.UnansweredSales, silent, "postbacks were never answered with a yes")
	v.find(&v.LostSales, lost, "postbacks were answered with a yes and are not stored")
	v.find(&v.DoubledSales, twice, "conversions are stored again")
	v.find(&v.DoubledSales, len(rows), "conversions are stored that nobody told of")
	v.find(&v.WrongSales, wrong, "conversions have another amount than was told")
}

const microsPerCent = 10_000

// judgeCap wants a full cap before anybody is led elsewhere.
func (v *tapsVerdict) judgeCap(done tapsDone, seen tapsSeen) {
	elsewhere := slices.ContainsFunc(seen.Clicks, func(r clickRow) bool { return r.Offer != done.Offer })
	for i, n := range seen.Capped {
		off := max(n-done.Cap, 0)
		if elsewhere && i == len(seen.Capped)-1 { // a night in between begins a new day
			off = max(off, done.Cap-n)
		}
		if off > 0 {
			v.CapMissed += off
			v.Findings = append(v.Findings, fmt.Sprintf("%d clicks were led to the offer on a day, its cap is %d", n, done.Cap))
		}
	}
}
