package sandbox

import (
	"crypto/ed25519"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// telnyxParts is the longest text Telnyx takes.
const telnyxParts = 10

// Telnyx's codes for the reasons.
var (
	telnyxRefusals = map[string]int{
		OptedOut: 40300, BadNumber: 40001, Filtered: 40003, AccountProblem: 20012,
		RetrySoon: 10011, Unheard: 49999, Rejected: 40009,
	}
	telnyxFailures = map[string]int{RetryLater: 40006, BadNumber: 40001, Filtered: 40003, OptedOut: 40300, Unheard: 49999}
)

// telnyxTitles are the titles of the codes, and the statuses they come with when they
// refuse a request.
var telnyxTitles = map[int]struct {
	status int
	title  string
}{
	10003: {http.StatusUnprocessableEntity, "Invalid URL"},
	10004: {http.StatusUnprocessableEntity, "Missing required parameter"},
	10005: {http.StatusNotFound, "Resource not found"},
	10007: {http.StatusInternalServerError, "Unexpected error"},
	10009: {http.StatusUnauthorized, "Authentication failed"},
	10011: {http.StatusTooManyRequests, "Too many requests"},
	10015: {http.StatusBadRequest, "Bad Request"},
	10016: {http.StatusUnprocessableEntity, "Phone number must be in +E.164 format"},
	20012: {http.StatusForbidden, "Account inactive"},
	40001: {http.StatusBadRequest, "Not routable"},
	40003: {http.StatusBadRequest, "Blocked as spam - permanent"},
	40006: {http.StatusBadRequest, "Recipient server unavailable"},
	40009: {http.StatusBadRequest, "Invalid message body"},
	40300: {http.StatusBadRequest, "Blocked due to STOP message"},
	49999: {http.StatusBadRequest, "Something new"},
}

// telnyx is the dialect of Telnyx: one text a request, JSON both ways, signed webhooks.
type telnyx struct{ key ed25519.PrivateKey }

func (telnyx) throttled(w http.ResponseWriter)            { telnyxError(w, 10011, "Too many requests") }
func (telnyx) broken(w http.ResponseWriter, words string) { telnyxError(w, 10007, words) }

func (telnyx) garbled(w http.ResponseWriter) {
	writeJSON(w, http.StatusOK, []byte(`{"data":{"id":"`))
}

// sendTelnyx handles POST /v2/messages.
func (s *Sandbox) sendTelnyx(w http.ResponseWriter, r *http.Request) {
	in, raw, ok := s.begin(Telnyx, w, r, formLimit)
	if !ok {
		return
	}
	account, token, ok := s.loginTelnyx(w, r)
	if !ok || in.failsBefore() {
		return
	}
	rec, code, words := readTelnyx(raw)
	if code == 0 {
		code, words = telnyxRefusals[s.objection(in.f, rec.From, rec.To)], "The sandbox refused the text"
	}
	if code != 0 {
		s.tally.refused.Add(1)
		telnyxError(w, code, words)
		return
	}
	rec.Provider, rec.SID, rec.Account, rec.Token = Telnyx, s.newID(Telnyx), account, token
	recs := []Record{rec}
	if in.accept(r.Context(), recs) && !in.failsAfter() {
		writeTelnyx(w, view{Record: recs[0], status: queued})
	}
}

// fetchTelnyx handles GET /v2/messages/{id}.
func (s *Sandbox) fetchTelnyx(w http.ResponseWriter, r *http.Request) {
	_, token, ok := s.loginTelnyx(w, r)
	if !ok {
		return
	}
	s.book.mu.RLock()
	t := s.book.byKey[r.PathValue("id")]
	var v view
	if t != nil {
		v = s.book.viewOf(t)
	}
	s.book.mu.RUnlock()
	if t == nil || v.Provider != Telnyx || v.Token != token {
		telnyxError(w, 10005, "The requested resource or URL could not be found.")
		return
	}
	writeTelnyx(w, v)
}

// loginTelnyx checks the key, or answers as Telnyx does.
func (s *Sandbox) loginTelnyx(w http.ResponseWriter, r *http.Request) (account, token string, ok bool) {
	token, ok = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if ok {
		account, ok = s.keyed(token)
	}
	if !ok {
		telnyxError(w, 10009, "The required authentication headers were either invalid or not included in the request.")
	}
	return account, token, ok
}

// readTelnyx reads a request, or gives the code and the words that refuse it.
func readTelnyx(raw []byte) (rec Record, code int, words string) {
	var req struct {
		From, To, Text string
		WebhookURL     string `json:"webhook_url"`
	}
	if raw == nil {
		return rec, 10015, "The request is too large."
	}
	if err := json.Unmarshal(raw, &req); err != nil {
		return rec, 10015, "The request failed because it was not well-formed."
	}
	rec = Record{From: req.From, To: req.To, Body: req.Text, StatusURL: req.WebhookURL}
	switch {
	case rec.From == "" || rec.To == "" || rec.Body == "":
		return rec, 10004, "A required parameter was missing."
	case !phoneForm.MatchString(rec.To):
		return rec, 10016, "The specified phone number parameter must be in +E.164 format."
	case !utf8.ValidString(rec.Body) || segments(rec.Body) > telnyxParts:
		return rec, 40009, "The message body was invalid."
	case rec.StatusURL == "":
		return rec, 0, ""
	}
	id, ok := messageIn(rec.StatusURL)
	if !ok {
		return rec, 10003, "The URL provided was invalid."
	}
	rec.MessageID = id
	return rec, 0, ""
}

func writeTelnyx(w http.ResponseWriter, v view) {
	b := append(make([]byte, 0, 1024), `{"data":`...)
	b = appendTelnyx(b, &v.Record, v.status, v.code, v.updated)
	writeJSON(w, http.StatusOK, append(b, '}'))
}

// telnyxError writes Telnyx's list of errors, which has one.
func telnyxError(w http.ResponseWriter, code int, words string) {
	t := telnyxTitles[code]
	b := appendField(nil, `{"errors":[{"code":`, strconv.Itoa(code))
	b = appendField(b, `,"title":`, t.title)
	b = appendField(b, `,"detail":`, words)
	writeJSON(w, t.status, append(b, `}]}`...))
}
