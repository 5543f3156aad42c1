package network

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"trackly/internal/fault"
)

// PageSize is how many conversions are asked for at once.
const PageSize = 500

const (
	maxAnswer = 16 << 20
	// window is over which TUNE counts calls: fifty in ten seconds.
	window      = 10 * time.Second
	longestWait = 5 * time.Minute
)

// TUNE speaks the affiliate API of TUNE, which was HasOffers
// (developers.tune.com/affiliate/affiliate_report-getconversions). It is safe for
// concurrent use.
type TUNE struct {
	HTTP *http.Client
}

// fields are what is asked for. Nothing of it says who the person is.
func fields() []string {
	return []string{
		"Stat.id", "Stat.ad_id", "Stat.offer_id", "Stat.goal_id", "Stat.datetime", "Stat.conversion_status", "Stat.payout", "Stat.sale_amount",
		"Stat.currency", "Stat.affiliate_info1", "Stat.affiliate_info2", "Stat.affiliate_info3", "Stat.affiliate_info4", "Stat.affiliate_info5",
		"Stat.source", "ConversionsMobile.affiliate_click_id",
	}
}

// Conversions reads a page, counted from 1, of what happened from one day of the network's
// zone to another, both included. Forbidden means that the key does not work, Throttled that
// the network asks for patience, Broken that it does not answer, and Invalid that it refuses
// the question.
func (t TUNE) Conversions(ctx context.Context, a Account, from, to time.Time, page int) (Page, error) {
	base := a.BaseURL
	if base == "" {
		base = "https://" + a.NetworkID + ".api.hasoffers.com"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(base, "/")+"/Apiv3/json?"+question(a, from, to, page).Encode(), nil)
	if err != nil {
		return Page{}, fault.New(fault.Invalid, "the network's address cannot be read")
	}
	res, err := t.HTTP.Do(req)
	if err != nil {
		return Page{}, unreachable(err)
	}
	defer func() { _ = res.Body.Close() }() // nothing was written
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		return Page{}, fault.After(patience(res.Header.Get("Retry-After")), "the network asks for patience")
	case res.StatusCode == http.StatusUnauthorized, res.StatusCode == http.StatusForbidden:
		return Page{}, fault.New(fault.Forbidden, "the network refuses the API key")
	case res.StatusCode >= http.StatusInternalServerError:
		return Page{}, fault.New(fault.Broken, "the network fails: it answered %d", res.StatusCode)
	case err != nil:
		return Page{}, unreachable(err)
	case len(raw) > maxAnswer:
		return Page{}, fault.New(fault.Invalid, "the network's answer has more than %d bytes", maxAnswer)
	case res.StatusCode != http.StatusOK:
		return Page{}, fault.New(fault.Invalid, "the network answered %d", res.StatusCode)
	}
	return Read(raw, a.Zone, page)
}

func question(a Account, from, to time.Time, page int) url.Values {
	day := func(t time.Time) string { return t.In(a.Zone).Format(time.DateOnly) }
	return url.Values{
		"NetworkId": {a.NetworkID}, "api_key": {string(a.Key)}, "Target": {"Affiliate_Report"}, "Method": {"getConversions"},
		"fields[]": fields(), "data_start": {day(from)}, "data_end": {day(to)},
		"filters[Stat.date][conditional]": {"BETWEEN"}, "filters[Stat.date][values][]": {day(from), day(to)},
		// Oldest first: what happens while pages are read comes behind them.
		"sort[Stat.datetime]": {"asc"}, "sort[Stat.id]": {"asc"},
		"limit": {strconv.Itoa(PageSize)}, "page": {strconv.Itoa(page)},
	}
}

// unreachable leaves out what net/http says of the request: its address has the key in it.
func unreachable(err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	return fault.Wrap(err, fault.Broken, "the network does not answer")
}

func patience(header string) time.Duration {
	n, err := strconv.ParseUint(strings.TrimSpace(header), 10, 31)
	if err != nil || n == 0 {
		return window
	}
	return min(time.Duration(n)*time.Second, longestWait)
}
