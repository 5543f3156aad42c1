package api

import (
	"context"
	"net/http"

	"trackly/models"
	"trackly/rules/experiment"
)

// reportStore counts messages.
type reportStore interface {
	Campaign(ctx context.Context, account models.AccountID, id models.CampaignID) (models.Campaign, error)
	Progress(ctx context.Context, src models.Source) (models.Progress, error)
	Report(ctx context.Context, account models.AccountID, id models.CampaignID) (models.Report, error)
	Settings(ctx context.Context, account models.AccountID) (models.Settings, error)
}

func (s *Server) reportRoutes() {
	get(s, operation(http.MethodGet, "/v1/campaigns/{id}/progress", "get-progress", "campaigns", "See how far a campaign is"), s.progress)
	get(s, operation(http.MethodGet, "/v1/campaigns/{id}/report", "get-report", "campaigns", "See what came of a campaign"), s.report)
}

// progressView counts messages.
type progressView struct {
	State string `json:"state" enum:"draft,scheduled,sending,paused,sent,cancelled" doc:"Of the campaign."`
	countsView
}

type countsView struct {
	Planned int64 `json:"planned" doc:"queued + claimed + sent + skipped + failed + unknown"`
	Queued  int64 `json:"queued" doc:"Nobody has tried yet."`
	Claimed int64 `json:"claimed" doc:"Being handed over."`
	Sent    int64 `json:"sent" doc:"The provider accepted them, whatever came later."`
	Skipped int64 `json:"skipped" doc:"Will not be sent: opted out meanwhile, or the campaign was cancelled."`
	Failed  int64 `json:"failed" doc:"The provider refused them."`
	Unknown int64 `json:"unknown" doc:"The provider's answer never came; they are asked after, never sent again."`
}

func countsOf(p models.Progress) countsView { return countsView(p) }

func (s *Server) progress(ctx context.Context, in *OnID) (*reply[progressView], error) {
	c, err := s.store.Campaign(ctx, accountOf(ctx), models.CampaignID(in.ID))
	if err != nil {
		return nil, err
	}
	p, err := s.store.Progress(ctx, c.Source())
	if err != nil {
		return nil, err
	}
	return &reply[progressView]{Body: progressView{State: string(c.State), countsView: countsOf(p)}}, nil
}

// reportView is what came of a campaign.
type reportView struct {
	Progress countsView          `json:"progress"`
	Currency string              `json:"currency"`
	Total    metricsView         `json:"total" doc:"Of all variants."`
	Variants []variantReportView `json:"variants" nullable:"false"`
	Tests    []testView          `json:"tests" nullable:"false" doc:"Which variant is best, by each metric."`
	Reasons  []reasonView        `json:"reasons" nullable:"false" doc:"Why messages were skipped, failed or undelivered; the most frequent first."`
}

type variantReportView struct {
	Variant    int    `json:"variant" doc:"Its number, from 1."`
	Name       string `json:"name"`
	Percent    int    `json:"percent"`
	Spare      bool   `json:"spare,omitempty" doc:"It has no share: it takes over when an offer is full, and is in no test."`
	CreativeID string `json:"creative_id"`
	Planned    int64  `json:"planned"`
	metricsView
}

// testView is where a test between variants stands.
type testView struct {
	Metric    string         `json:"metric" enum:"ctr,conversion,profit_per_send"`
	Leader    string         `json:"leader,omitempty" doc:"Most probably the best; absent with one variant."`
	Decided   bool           `json:"decided" doc:"The lead is no chance, however often somebody looked."`
	Advice    string         `json:"advice" example:"B is better with 97 %, keep sending: the lead can still be chance."`
	Standings []standingView `json:"standings" nullable:"false"`
}

type standingView struct {
	Name  string  `json:"name"`
	Value float64 `json:"value" doc:"The metric as measured: a rate over sends, or units of the currency a send."`
	Best  float64 `json:"probability_best" doc:"That no other variant is better, from 0 to 1."`
	Loss  float64 `json:"expected_loss" doc:"How much of the metric is given up on average by choosing this variant now."`
}

func testOf(by experiment.Metric, arms []experiment.Arm) testView {
	advice := experiment.Advise(by, arms)
	v := testView{Metric: string(by), Leader: advice.Leader, Decided: advice.Decided, Advice: advice.Text, Standings: []standingView{}}
	for _, s := range experiment.Judge(by, arms) {
		v.Standings = append(v.Standings, standingView(s))
	}
	return v
}

type reasonView struct {
	State  string `json:"state"`
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

func (s *Server) report(ctx context.Context, in *OnID) (*reply[reportView], error) {
	r, err := s.store.Report(ctx, accountOf(ctx), models.CampaignID(in.ID))
	if err != nil {
		return nil, err
	}
	set, err := s.store.Settings(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	v := reportView{
		Progress: countsOf(r.Progress), Currency: set.Currency, Total: metricsOf(r.Total(), set.Currency),
		Variants: []variantReportView{}, Tests: []testView{}, Reasons: []reasonView{},
	}
	for _, by := range experiment.Metrics() {
		v.Tests = append(v.Tests, testOf(by, r.Arms()))
	}
	for _, x := range r.Variants {
		v.Variants = append(v.Variants, variantReportView{
			Variant: x.Variant, Name: x.Name, Percent: x.Percent, Spare: x.Spare, CreativeID: string(x.CreativeID), Planned: x.Planned,
			metricsView: metricsOf(x.Metrics, set.Currency),
		})
	}
	for _, x := range r.Reasons {
		v.Reasons = append(v.Reasons, reasonView{State: string(x.State), Reason: x.Reason, Count: x.Count})
	}
	return &reply[reportView]{Body: v}, nil
}
