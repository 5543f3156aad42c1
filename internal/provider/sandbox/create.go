package sandbox

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"
	"unicode/utf8"
)

// formLimit bounds a create request: 1,600 characters of four bytes, each escaped
// threefold, and the rest.
const formLimit = 32 << 10

// phoneForm is E.164. Alphanumeric and short-code senders are Twilio's business too,
// so From is only looked at for being there.
var phoneForm = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// create handles POST /2010-04-01/Accounts/{account}/Messages.json.
func (s *Sandbox) create(w http.ResponseWriter, r *http.Request) {
	n, f := s.draws.Add(1), s.faults.Load()
	// Read first: the server only notices that a caller has gone once the body is read.
	rec, code := readCreate(r)
	if s.strikes("latency", f.Latency, n) && !wait(r, s.span("latency", f.Latency, n)) {
		return // the caller gave up, and nothing was accepted
	}
	token, ok := s.login(w, r)
	if !ok || s.failsBefore(w, f, n) {
		return
	}
	if code == 0 {
		code = s.objection(f, rec)
	}
	if code != 0 {
		s.tally.refused.Add(1)
		refuse(w, statusOf(code), code, "The sandbox refused the text")
		return
	}
	rec.SID, rec.Account, rec.Token, rec.At = s.nextSID(), r.PathValue("account"), token, time.Now().UTC()
	t, err := s.accept(rec)
	if err != nil {
		refuse(w, http.StatusInternalServerError, 20500, "The journal cannot be written")
		return
	}
	if s.strikes("early", f.CallbacksEarly, n) {
		s.rush(r.Context(), t)
	} else {
		s.follow(t)
	}
	if !s.failsAfter(w, f, n) {
		writeJSON(w, http.StatusCreated, appendMessage(make([]byte, 0, 1024), view{Record: t.Record, status: queued, updated: t.At}))
	}
}

// accept writes the text down before anybody hears of it.
func (s *Sandbox) accept(rec Record) (*text, error) {
	rec.Segments = segments(rec.Body)
	if err := s.journal.write(entry{Accepted: &rec, Token: rec.Token}); err != nil {
		s.o.Log.Error("a text was refused", "error", err)
		return nil, err
	}
	return s.book.add(rec), nil
}

// failsBefore answers with a fault of those before accepting.
func (s *Sandbox) failsBefore(w http.ResponseWriter, f *Faults, n uint64) bool {
	switch {
	case s.strikes("throttled", f.Throttled, n):
		if f.Throttled.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(f.Throttled.RetryAfter))
		}
		refuse(w, http.StatusTooManyRequests, 20429, "Too many requests")
	case s.strikes("fail before", f.FailBefore, n):
		refuse(w, http.StatusInternalServerError, 20500, "Internal server error")
	case s.strikes("page before", f.PageBefore, n):
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<html><body><h1>502 Bad Gateway</h1></body></html>")
	case s.strikes("drop before", f.DropBefore, n):
		hangUp(w)
	default:
		return false
	}
	s.tally.faults.Add(1)
	return true
}

// failsAfter answers with a fault of those after accepting.
func (s *Sandbox) failsAfter(w http.ResponseWriter, f *Faults, n uint64) bool {
	switch {
	case s.strikes("fail after", f.FailAfter, n):
		refuse(w, http.StatusInternalServerError, 20500, "Internal server error")
	case s.strikes("garble after", f.GarbleAfter, n):
		writeJSON(w, http.StatusCreated, []byte(`{"sid": "SM`))
	case s.strikes("drop after", f.DropAfter, n):
		hangUp(w)
	default:
		return false
	}
	s.tally.faults.Add(1)
	return true
}

// readCreate reads the form, or gives the code Twilio refuses it with.
func readCreate(r *http.Request) (Record, int) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, formLimit+1))
	if err != nil || len(raw) > formLimit {
		return Record{}, 21617
	}
	form, err := url.ParseQuery(string(raw))
	if err != nil {
		return Record{}, 20001
	}
	return recordOf(form)
}

func recordOf(form url.Values) (Record, int) {
	rec := Record{From: form.Get("From"), To: form.Get("To"), Body: form.Get("Body"), StatusURL: form.Get("StatusCallback")}
	switch {
	case rec.To == "":
		return rec, 21604
	case !phoneForm.MatchString(rec.To):
		return rec, 21211
	case rec.From == "":
		return rec, 21603
	case rec.Body == "":
		return rec, 21602
	case !utf8.ValidString(rec.Body):
		return rec, 21618
	case utf8.RuneCountInString(rec.Body) > 1600:
		return rec, 21617
	case rec.StatusURL == "":
		return rec, 0
	}
	u, err := url.Parse(rec.StatusURL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return rec, 21609
	}
	rec.MessageID, _ = strconv.ParseInt(u.Query().Get("message"), 10, 64)
	return rec, 0
}

// objection is the code for a well-formed text that is refused all the same.
func (s *Sandbox) objection(f *Faults, rec Record) int {
	if s.o.BlocksOptOuts && s.book.isBlocked(pair{rec.To, rec.From}) {
		return 21610
	}
	return s.doom(f, rec.To)
}

func statusOf(code int) int {
	switch code {
	case 20003:
		return http.StatusUnauthorized
	case 20005, 20008:
		return http.StatusForbidden
	case 20404:
		return http.StatusNotFound
	case 20429, 63038:
		return http.StatusTooManyRequests
	}
	return http.StatusBadRequest
}
