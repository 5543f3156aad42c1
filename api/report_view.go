package api

import (
	"context"
	"time"

	"trackly/internal/fault"
	"trackly/models"
)

// metricsView shows sums and the rates between them. A rate of nothing is absent.
type metricsView struct {
	Sends        int64     `json:"sends" doc:"Accepted by the provider, whatever came later."`
	Delivered    int64     `json:"delivered"`
	Undelivered  int64     `json:"undelivered"`
	Failed       int64     `json:"failed"`
	Skipped      int64     `json:"skipped"`
	Unknown      int64     `json:"unknown"`
	Segments     int64     `json:"segments" doc:"Of sends."`
	Clicks       int64     `json:"clicks" doc:"Texts that a person followed a link of."`
	BotClicks    int64     `json:"bot_clicks" doc:"Requests of previews, scanners and crawlers."`
	UnsureClicks int64     `json:"unsure_clicks" doc:"Requests of which nobody can tell; counted with neither."`
	CTR          *float64  `json:"ctr,omitempty" doc:"Clicks over sends."`
	Conversions  int64     `json:"conversions" doc:"On the day they happened."`
	Reversals    int64     `json:"reversals" doc:"Conversions taken back by a refund or a chargeback, on the day of that."`
	CR           *float64  `json:"cr,omitempty" doc:"Conversions less reversals, over clicks."`
	Revenue      moneyView `json:"revenue" doc:"Less what was taken back."`
	Cost         moneyView `json:"cost" doc:"Of sends, by the price book."`
	Profit       moneyView `json:"profit" doc:"Revenue less cost."`
	ROI          *float64  `json:"roi,omitempty" doc:"Profit over cost."`
	RPS          *float64  `json:"rps,omitempty" doc:"Revenue over sends, in units of the currency."`
	EPC          *float64  `json:"epc,omitempty" doc:"Revenue over clicks, in units of the currency."`
	OptOuts      int64     `json:"opt_outs" doc:"People whose last text before their STOP is among these."`
	OptOutRate   *float64  `json:"opt_out_rate,omitempty" doc:"Opt-outs over sends."`
}

func metricsOf(m models.Metrics, currency string) metricsView {
	sends, clicks, revenue := float64(m.Sends), float64(m.Clicks), m.Revenue.Units()
	return metricsView{
		Sends: m.Sends, Delivered: m.Delivered, Undelivered: m.Undelivered, Failed: m.Failed, Skipped: m.Skipped, Unknown: m.Unknown,
		Segments: m.Segments, Clicks: m.Clicks, BotClicks: m.BotClicks, UnsureClicks: m.UnsureClicks, Conversions: m.Conversions,
		Reversals: m.Reversals, OptOuts: m.OptOuts,
		Revenue: moneyIn(m.Revenue, currency), Cost: moneyIn(m.Cost, currency), Profit: moneyIn(m.Profit(), currency),
		CTR: share(clicks, sends), CR: share(float64(m.Conversions-m.Reversals), clicks), ROI: share(m.Profit().Units(), m.Cost.Units()),
		RPS: share(revenue, sends), EPC: share(revenue, clicks), OptOutRate: share(float64(m.OptOuts), sends),
	}
}

func share(part, of float64) *float64 {
	if of == 0 {
		return nil
	}
	r := part / of
	return &r
}

// sumsView is a report.
type sumsView struct {
	From     string      `json:"from" example:"2026-11-01"`
	To       string      `json:"to" example:"2026-11-30"`
	Zone     string      `json:"zone" doc:"Whose days they are."`
	Currency string      `json:"currency"`
	Rows     []sumView   `json:"rows" nullable:"false" doc:"In the order of their keys, or as sort says."`
	Total    metricsView `json:"total" doc:"Of all rows."`
}

type sumView struct {
	Keys []keyView `json:"keys" nullable:"false" doc:"One for each dimension that was asked by."`
	metricsView
}

type keyView struct {
	Dimension string `json:"dimension" example:"campaign"`
	Key       string `json:"key" doc:"A day, an id, a word; of a variant the campaign's id and its number. Empty: none, or unknown."`
	Name      string `json:"name" doc:"What people call it."`
}

func sumViewOf(q models.ReportQuery, r models.ReportRow, currency string) sumView {
	v := sumView{Keys: make([]keyView, len(q.By)), metricsView: metricsOf(r.Metrics, currency)}
	for i, d := range q.By {
		v.Keys[i] = keyView{Dimension: string(d), Key: r.Keys[i], Name: r.Names[i]}
	}
	return v
}

func (s *Server) sums(ctx context.Context, in *struct {
	SumsQuery
	Sort string `query:"sort" maxLength:"20" doc:"A metric; with - before it, the largest first." example:"-profit"`
},
) (*reply[sumsView], error) {
	set, err := s.store.Settings(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	q, err := in.query(accountOf(ctx), set.Zone, s.now())
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Sums(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(rows) > mostSums {
		return nil, fault.New(fault.Invalid, "the report has %d rows: ask for fewer days, or for /v1/reports.csv", len(rows))
	}
	if err := sortRows(rows, in.Sort); err != nil {
		return nil, err
	}
	v := sumsView{
		From: q.From.Format(time.DateOnly), To: q.To.Format(time.DateOnly), Zone: set.Zone, Currency: set.Currency, Rows: []sumView{},
	}
	var total models.Metrics
	for _, r := range rows {
		total = total.Plus(r.Metrics)
		v.Rows = append(v.Rows, sumViewOf(q, r, set.Currency))
	}
	v.Total = metricsOf(total, set.Currency)
	return &reply[sumsView]{Body: v}, nil
}
