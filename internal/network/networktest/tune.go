// Package networktest is a stand-in of TUNE's affiliate API, over HTTP, for tests and
// demonstrations. It answers the one question we ask, checks how it was asked, and can be
// told to misbehave.
package networktest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Conversion is one that the stand-in knows of.
type Conversion struct {
	ID       string // Stat.id
	Offer    string
	Session  string // Stat.ad_id, {transaction_id} in postbacks
	Goal     string
	Sub      string // aff_sub
	Sub2     string
	At       time.Time
	Payout   string
	Sale     string
	Currency string
	Status   string
}

// TUNE is a network. It is safe for concurrent use.
type TUNE struct {
	Key       string
	NetworkID string
	Zone      *time.Location
	Most      int // rows on a page, at most; 0: as many as are asked for

	mu     sync.Mutex
	all    map[string]Conversion
	faults []Fault
	asked  int
}

// Fault is a request that goes wrong.
type Fault struct {
	Status     int    // 200: TUNE's own way of refusing
	RetryAfter string // the header
	Words      string // the error's
	Cut        bool   // the connection is cut off instead
}

// Set makes the network know these as they are now, by their ids.
func (t *TUNE) Set(all ...Conversion) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		t.all = map[string]Conversion{}
	}
	for _, c := range all {
		t.all[c.ID] = c
	}
}

// Fail lets the next requests go wrong, one after the other.
func (t *TUNE) Fail(faults ...Fault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = append(t.faults, faults...)
}

// Asked is how many requests there were.
func (t *TUNE) Asked() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.asked
}

// ServeHTTP implements http.Handler.
func (t *TUNE) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked++
	q := r.URL.Query()
	if len(t.faults) > 0 {
		f := t.faults[0]
		if t.faults = t.faults[1:]; f.Status != 0 || f.Cut {
			fail(w, f)
			return
		}
	}
	switch {
	case r.URL.Path != "/Apiv3/json" || q.Get("Target") != "Affiliate_Report" || q.Get("Method") != "getConversions":
		refuse(w, "Method does not exist")
	case q.Get("api_key") != t.Key || q.Get("NetworkId") != t.NetworkID:
		refuse(w, "API key is not valid: "+q.Get("api_key"))
	default:
		t.report(w, q)
	}
}

func fail(w http.ResponseWriter, f Fault) {
	if f.Cut {
		panic(http.ErrAbortHandler)
	}
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	if f.Status == http.StatusOK {
		refuse(w, f.Words)
		return
	}
	w.WriteHeader(f.Status)
}

func refuse(w http.ResponseWriter, words string) {
	write(w, map[string]any{"status": -1, "httpStatus": 200, "data": "", "errors": map[string]any{"publicMessage": words}, "errorMessage": words})
}

func write(w http.ResponseWriter, response map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"response": response}) // the client may have left
}

func (t *TUNE) report(w http.ResponseWriter, q url.Values) {
	page, _ := strconv.Atoi(q.Get("page"))
	limit, _ := strconv.Atoi(q.Get("limit"))
	if t.Most > 0 {
		limit = min(limit, t.Most)
	}
	if page < 1 || limit < 1 {
		refuse(w, "page and limit must be positive")
		return
	}
	rows := t.between(q.Get("data_start"), q.Get("data_end"))
	pages := (len(rows) + limit - 1) / limit
	part := rows[min((page-1)*limit, len(rows)):min(page*limit, len(rows))]
	if len(part) == 0 {
		write(w, map[string]any{"status": 1, "httpStatus": 200, "data": map[string]any{"page": page, "pageCount": pages, "data": []any{}}})
		return
	}
	data := map[string]any{}
	for _, c := range part {
		data[c.ID] = map[string]any{"Stat": t.stat(c), "ConversionsMobile": map[string]any{"affiliate_click_id": nil}}
	}
	write(w, map[string]any{"status": 1, "httpStatus": 200, "data": map[string]any{"page": page, "count": len(rows), "pageCount": pages, "data": data}})
}

// between gives what happened on these days of the network's zone, oldest first.
func (t *TUNE) between(from, to string) (rows []Conversion) {
	for _, c := range t.all {
		if day := c.At.In(t.Zone).Format(time.DateOnly); day >= from && day <= to {
			rows = append(rows, c)
		}
	}
	slices.SortFunc(rows, func(a, b Conversion) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return rows
}

func (t *TUNE) stat(c Conversion) map[string]any {
	return map[string]any{
		"id": c.ID, "ad_id": c.Session, "offer_id": c.Offer, "goal_id": cmp.Or(c.Goal, "0"), "datetime": c.At.In(t.Zone).Format(time.DateTime),
		"conversion_status": cmp.Or(c.Status, "approved"), "payout": c.Payout, "sale_amount": c.Sale, "currency": cmp.Or(c.Currency, "USD"),
		"affiliate_info1": c.Sub, "affiliate_info2": c.Sub2, "affiliate_info3": nil, "affiliate_info4": "", "affiliate_info5": nil, "source": "",
	}
}
