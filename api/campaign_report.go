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
	Variants []variantReportView `json:"variants" nullable:"false"`
	Test     testView            `json:"test" doc:"Which variant is best, by the share of texts whose link a person followed."`
	Reasons  []reasonView        `json:"reasons" nullable:"false" doc:"Why messages were skipped, failed or undelivered; the most frequent first."`
}

type variantReportView struct {
	Variant     int    `json:"variant" doc:"Its number, from 1."`
	Name        string `json:"name"`
	Percent     int    `json:"percent"`
	CreativeID  string `json:"creative_id"`
	Planned     int64  `json:"planned"`
	Sent        int64  `json:"sent" doc:"Accepted by the provider, whatever came later."`
	Delivered   int64  `json:"delivered"`
	Undelivered int64  `json:"undelivered"`
	Failed      int64  `json:"failed"`
	Skipped     int64  `json:"skipped"`
	Unknown     int64  `json:"unknown"`
	Segments    int64  `json:"segments" doc:"Of accepted messages."`
	Clicks      int64  `json:"clicks" doc:"Messages that a person followed a link of."`
	Bots        int64  `json:"bot_clicks" doc:"Requests of previews, scanners and crawlers."`
	Unsure      int64  `json:"unsure_clicks" doc:"Requests of which nobody can tell; counted with neither."`
	OptOuts     int64  `json:"opt_outs" doc:"Contacts who said STOP after this message."`
}

func variantReportOf(v models.VariantReport) variantReportView {
	return variantReportView{
		Variant: v.Variant, Name: v.Name, Percent: v.Percent, CreativeID: string(v.CreativeID), Planned: v.Planned,
		Sent: v.Sent, Delivered: v.Delivered, Undelivered: v.Undelivered, Failed: v.Failed, Skipped: v.Skipped,
		Unknown: v.Unknown, Segments: v.Segments, Clicks: v.Clicks, Bots: v.Bots, Unsure: v.Unsure, OptOuts: v.OptOuts,
	}
}

// testView is where a test between variants stands.
type testView struct {
	Leader    string         `json:"leader,omitempty" doc:"Most probably the best; absent with one variant."`
	Decided   bool           `json:"decided" doc:"The lead is no chance, however often somebody looked."`
	Advice    string         `json:"advice" example:"B is better with 97 %, keep sending: the lead can still be chance."`
	Standings []standingView `json:"standings" nullable:"false"`
}

type standingView struct {
	Name string  `json:"name"`
	CTR  float64 `json:"ctr" doc:"Clicks over texts sent."`
	Best float64 `json:"probability_best" doc:"That no other variant is better, from 0 to 1."`
	Loss float64 `json:"expected_loss" doc:"CTR given up on average by choosing this variant now."`
}

func testOf(r models.Report) testView {
	arms := r.Arms()
	advice := experiment.Advise(experiment.ByCTR, arms)
	v := testView{Leader: advice.Leader, Decided: advice.Decided, Advice: advice.Text, Standings: []standingView{}}
	for _, s := range experiment.Judge(experiment.ByCTR, arms) {
		v.Standings = append(v.Standings, standingView{Name: s.Name, CTR: s.Value, Best: s.Best, Loss: s.Loss})
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
	v := reportView{Progress: countsOf(r.Progress), Variants: []variantReportView{}, Test: testOf(r), Reasons: []reasonView{}}
	for _, x := range r.Variants {
		v.Variants = append(v.Variants, variantReportOf(x))
	}
	for _, x := range r.Reasons {
		v.Reasons = append(v.Reasons, reasonView{State: string(x.State), Reason: x.Reason, Count: x.Count})
	}
	return &reply[reportView]{Body: v}, nil
}
