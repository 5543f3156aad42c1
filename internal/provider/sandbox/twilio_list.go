package sandbox

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// fetchTwilio handles GET /2010-04-01/Accounts/{account}/Messages/{sid}.json.
func (s *Sandbox) fetchTwilio(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.loginTwilio(w, r); !ok {
		return
	}
	sid := strings.TrimSuffix(r.PathValue("file"), ".json")
	s.book.mu.RLock()
	t := s.book.byKey[sid]
	var v view
	if t != nil {
		v = s.book.viewOf(t)
	}
	s.book.mu.RUnlock()
	if t == nil || v.Provider != Twilio || v.Account != r.PathValue("account") {
		twilioError(w, http.StatusNotFound, 20404, "The requested resource was not found")
		return
	}
	writeJSON(w, http.StatusOK, appendMessage(nil, v))
}

// listTwilio handles GET /2010-04-01/Accounts/{account}/Messages.json, newest first.
func (s *Sandbox) listTwilio(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.loginTwilio(w, r); !ok {
		return
	}
	q, ok := readListQuery(r.URL.RawQuery)
	if !ok {
		twilioError(w, http.StatusBadRequest, 20001, "The query cannot be read")
		return
	}
	q.account = r.PathValue("account")
	page, more := s.book.page(q)
	b := append(make([]byte, 0, 1024), `{"messages":[`...)
	for i, v := range page {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendMessage(b, v)
	}
	b = append(b, `],"page":`...)
	b = strconv.AppendInt(b, int64(q.number), 10)
	b = append(b, `,"page_size":`...)
	b = strconv.AppendInt(b, int64(q.size), 10)
	b = appendField(b, `,"uri":`, r.URL.RequestURI())
	b = append(b, `,"next_page_uri":`...)
	if !more {
		b = append(b, "null"...)
	} else {
		b = appendString(b, r.URL.Path+"?"+q.next(page[len(page)-1]).Encode())
	}
	writeJSON(w, http.StatusOK, append(b, '}'))
}

// listQuery is what the list is asked for.
type listQuery struct {
	account, to, from string
	since, until      time.Time // of date_sent; texts without one are left out when set
	size, number      int
	below             int // only texts accepted before this one; -1 for all
	raw               url.Values
}

func readListQuery(raw string) (listQuery, bool) {
	v, err := url.ParseQuery(raw)
	if err != nil {
		return listQuery{}, false
	}
	q := listQuery{to: v.Get("To"), from: v.Get("From"), size: 50, below: -1, raw: v}
	ok := readInt(v.Get("PageSize"), 1, 1000, &q.size) && readInt(v.Get("Page"), 0, 1<<30, &q.number) &&
		readInt(strings.TrimPrefix(v.Get("PageToken"), "PA"), 0, 1<<40, &q.below) &&
		readDate(v.Get("DateSent>"), &q.since) && readDate(v.Get("DateSent<"), &q.until)
	if day := v.Get("DateSent"); ok && day != "" {
		ok = readDate(day, &q.since)
		q.until = q.since.AddDate(0, 0, 1)
	}
	return q, ok
}

// readInt leaves the default for an empty field. Values above high become high, as at
// Twilio.
func readInt(raw string, low, high int, into *int) bool {
	if raw == "" {
		return true
	}
	n, err := strconv.Atoi(raw)
	if err != nil || n < low {
		return false
	}
	*into = min(n, high)
	return true
}

func readDate(raw string, into *time.Time) bool {
	if raw == "" {
		return true
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, raw); err == nil {
			*into = at
			return true
		}
	}
	return false
}

// next is the query of the page after the one that ended with last. It continues from
// that text, so that new texts do not shift the pages.
func (q listQuery) next(last view) url.Values {
	v := url.Values{}
	for k, values := range q.raw {
		v[k] = values
	}
	v.Set("Page", strconv.Itoa(q.number+1))
	v.Set("PageToken", "PA"+strconv.Itoa(last.seq))
	return v
}

// page gives up to size texts, newest first, and whether there are more.
func (b *book) page(q listQuery) (page []view, more bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	skip := 0
	if q.below < 0 {
		skip = q.number * q.size
	}
	for t := range b.newest(q.to) {
		if v := b.viewOf(t); q.wants(v) {
			if skip > 0 {
				skip--
				continue
			}
			if len(page) == q.size {
				return page, true
			}
			page = append(page, v)
		}
	}
	return page, false
}

// newest walks backwards over all texts or those to one phone.
func (b *book) newest(phone string) func(func(*text) bool) {
	return func(yield func(*text) bool) {
		if phone == "" {
			for i := len(b.all) - 1; i >= 0 && yield(b.all[i]); i-- {
			}
			return
		}
		lines := b.byPhone[phone]
		for i := len(lines) - 1; i >= 0; i-- {
			if t := lines[i].text; t != nil && !yield(t) {
				return
			}
		}
	}
}

func (q listQuery) wants(v view) bool {
	dated := !q.since.IsZero() || !q.until.IsZero()
	switch {
	case v.Provider != Twilio, v.Account != q.account, q.from != "" && v.From != q.from, q.below >= 0 && v.seq >= q.below:
		return false
	case dated && v.sent.IsZero(), !q.since.IsZero() && v.sent.Before(q.since), !q.until.IsZero() && !v.sent.Before(q.until):
		return false
	}
	return true
}
