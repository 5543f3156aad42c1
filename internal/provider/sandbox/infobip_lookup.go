package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// logsInfobip handles GET /sms/3/logs: what became of texts, newest first.
func (s *Sandbox) logsInfobip(w http.ResponseWriter, r *http.Request) {
	s.lookupInfobip(w, r, func(*text) bool { return true })
}

// reportsInfobip handles GET /sms/3/reports: how texts ended. Each is told once.
func (s *Sandbox) reportsInfobip(w http.ResponseWriter, r *http.Request) {
	s.lookupInfobip(w, r, func(t *text) bool {
		if ranks[t.status] < ranks[delivered] || t.fetched {
			return false
		}
		t.fetched = true
		return true
	})
}

// lookupInfobip answers with the texts that want says yes to; it is called with the
// book locked.
func (s *Sandbox) lookupInfobip(w http.ResponseWriter, r *http.Request, want func(*text) bool) {
	_, token, ok := s.loginInfobip(w, r)
	if !ok {
		return
	}
	q, property := readInfobipQuery(r.URL.RawQuery)
	if property != "" {
		infobipError(w, http.StatusBadRequest, "The request is not valid", property, "is not understood here")
		return
	}
	b := append([]byte(nil), `{"results":[`...)
	for i, v := range s.book.infobipTexts(token, q, want) {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendReport(b, &v.Record, v.status, v.code, v.updated)
	}
	writeJSON(w, http.StatusOK, append(b, `]}`...))
}

// infobipQuery is what logs and reports are asked for.
type infobipQuery struct {
	ids   []string // empty means all
	bulk  string
	limit int
}

// readInfobipQuery names the parameter that cannot be read. One that is unknown here is
// refused, for an answer to another question would be taken for the truth.
func readInfobipQuery(raw string) (q infobipQuery, property string) {
	v, err := url.ParseQuery(raw)
	if err != nil {
		return q, "query"
	}
	q.limit = 50
	for name, values := range v {
		switch name {
		case "messageId":
			for _, list := range values {
				q.ids = append(q.ids, strings.Split(list, ",")...)
			}
		case "bulkId":
			q.bulk = values[0]
		case "limit":
			if !readInt(values[0], 1, 1000, &q.limit) {
				return q, name
			}
		default:
			return q, name
		}
	}
	if len(q.ids) > 1000 {
		return q, "messageId"
	}
	return q, ""
}

func (b *book) infobipTexts(token string, q infobipQuery, want func(*text) bool) []view {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []view
	try := func(t *text) (more bool) {
		if t != nil && t.Provider == Infobip && t.Token == token && (q.bulk == "" || t.BulkID == q.bulk) && want(t) {
			out = append(out, b.viewOf(t))
		}
		return len(out) < q.limit
	}
	if len(q.ids) > 0 {
		q.limit = len(q.ids)
		for _, id := range q.ids {
			try(b.byKey[infobipKey(token, id)])
		}
		return out
	}
	for _, t := range slices.Backward(b.all) {
		if !try(t) {
			break
		}
	}
	return out
}
