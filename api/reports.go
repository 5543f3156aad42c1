package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"trackly/internal/fault"
	"trackly/models"
)

// sumStore adds up what happened.
type sumStore interface {
	Settings(ctx context.Context, account models.AccountID) (models.Settings, error)
	Sums(ctx context.Context, q models.ReportQuery) ([]models.ReportRow, error)
	EachSum(ctx context.Context, q models.ReportQuery, take func(models.ReportRow) error) error
	Cohorts(ctx context.Context, q models.CohortQuery) ([]models.Cohort, error)
}

func (s *Server) sumRoutes() {
	rows := operation(http.MethodGet, "/v1/reports", "get-sums", "reports", "Add up sends, clicks, conversions and money")
	rows.Description = "By none, one or two dimensions, over days of the account's zone. What it says is exact at the moment it is asked: " +
		"verdicts that were revised, late conversions and refunds are in it, each on its own day. Conversions that match no text count " +
		"for their offer only; their other dimensions are empty."
	get(s, rows, s.sums)
	table := operation(http.MethodGet, "/v1/reports.csv", "get-sums-file", "reports", "Download the same as a CSV file, of any length")
	table.Responses = map[string]*huma.Response{"200": {
		Description: "OK", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	get(s, table, s.sumsFile)
	cohorts := operation(http.MethodGet, "/v1/reports/cohorts", "get-cohorts", "reports", "See what contacts brought in over their first 90 days")
	cohorts.Description = "Cohorts are the contacts that signed up in a week, on a list, or with a value of a custom field. " +
		"A sum is complete when the youngest contact of the cohort is as old; before, it still grows."
	get(s, cohorts, s.cohorts)
}

// mostSums bounds an answer that is read into memory; the file has no bound.
const mostSums = 5000

// SumsQuery is a question for sums; exported for huma, as Paging is.
type SumsQuery struct {
	By         string `query:"by" maxLength:"40" doc:"None, one or two of day, campaign, variant, creative, offer, list, provider, carrier, state; with a comma between." example:"campaign,variant"`
	From       string `query:"from" doc:"The first day. Default: 29 days before the last." example:"2026-11-01"`
	To         string `query:"to" doc:"The last day. Default: today." example:"2026-11-30"`
	CampaignID string `query:"campaign_id" maxLength:"36"`
	OfferID    string `query:"offer_id" maxLength:"36"`
	ListID     string `query:"list_id" maxLength:"36"`
	CreativeID string `query:"creative_id" maxLength:"36"`
}

const reportDays = 30

// query reads the question. Days are those of the account's zone.
func (a SumsQuery) query(account models.AccountID, zone string, now time.Time) (models.ReportQuery, error) {
	var bad fault.Problems
	q := models.ReportQuery{
		AccountID: account, CampaignID: models.CampaignID(a.CampaignID), OfferID: models.OfferID(a.OfferID),
		ListID: models.ListID(a.ListID), CreativeID: models.CreativeID(a.CreativeID),
	}
	q.By = dimensionsIn(a.By, &bad)
	for where, id := range map[string]string{
		"campaign_id": a.CampaignID, "offer_id": a.OfferID, "list_id": a.ListID, "creative_id": a.CreativeID,
	} {
		if id != "" && !models.IsID(id) {
			bad.Add(where, "is not an id")
		}
	}
	q.From, q.To = daysIn(a.From, a.To, zone, now, &bad)
	return q, bad.Err("the report")
}

func dimensionsIn(by string, bad *fault.Problems) (all []models.Dimension) {
	for word := range strings.SplitSeq(by, ",") {
		d := models.Dimension(strings.TrimSpace(word))
		switch {
		case d == "":
		case !slices.Contains(models.Dimensions(), d):
			bad.Add("by", "must be of day, campaign, variant, creative, offer, list, provider, carrier and state")
		case slices.Contains(all, d):
			bad.Add("by", "names %s twice", d)
		default:
			all = append(all, d)
		}
	}
	if len(all) > 2 {
		bad.Add("by", "must be two dimensions at most")
	}
	return all
}

// daysIn reads the days from and to; left out, they are the last 30 of the zone.
func daysIn(from, to, zone string, now time.Time, bad *fault.Problems) (first, last time.Time) {
	if z, err := time.LoadLocation(zone); err == nil {
		now = now.In(z)
	}
	last = dayIn("to", to, time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC), bad)
	first = dayIn("from", from, last.AddDate(0, 0, 1-reportDays), bad)
	if first.After(last) {
		bad.Add("from", "must not be after to")
	}
	return first, last
}

func dayIn(where, day string, otherwise time.Time, bad *fault.Problems) time.Time {
	if day == "" {
		return otherwise
	}
	d, err := time.Parse(time.DateOnly, day)
	if err != nil || d.Year() < 2000 || d.Year() > 2199 {
		bad.Add(where, "must be a day such as 2026-11-30")
		return otherwise
	}
	return d
}
