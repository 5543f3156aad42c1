package sandbox

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"unicode/utf8"
)

// formLimit bounds a create request: 1,600 characters of four bytes, each escaped
// threefold, and the rest.
const formLimit = 32 << 10

// phoneForm is E.164. Alphanumeric and short-code senders are Twilio's business too,
// so From is only looked at for being there.
var phoneForm = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// Twilio's codes for the reasons.
var (
	twilioRefusals = map[string]int{
		OptedOut: 21610, BadNumber: 21211, Filtered: 21618, AccountProblem: 20003,
		RetrySoon: 20429, Unheard: 29999, Rejected: 21617,
	}
	twilioFailures = map[string]int{RetryLater: 30003, BadNumber: 30005, Filtered: 30007, OptedOut: 21610, Unheard: 39999}
)

// twilio is the dialect of Twilio: one text a request, forms in, JSON out.
type twilio struct{}

func (twilio) throttled(w http.ResponseWriter) {
	twilioError(w, http.StatusTooManyRequests, 20429, "Too many requests")
}

func (twilio) broken(w http.ResponseWriter, words string) {
	twilioError(w, http.StatusInternalServerError, 20500, words)
}

func (twilio) garbled(w http.ResponseWriter) {
	writeJSON(w, http.StatusCreated, []byte(`{"sid": "SM`))
}

// createTwilio handles POST /2010-04-01/Accounts/{account}/Messages.json.
func (s *Sandbox) createTwilio(w http.ResponseWriter, r *http.Request) {
	in, raw, ok := s.begin(Twilio, w, r, formLimit)
	if !ok {
		return // the caller gave up, and nothing was accepted
	}
	token, ok := s.loginTwilio(w, r)
	if !ok || in.failsBefore() {
		return
	}
	rec, code := readCreate(raw)
	if code == 0 {
		code = s.twilioObjection(in.f, rec)
	}
	if code != 0 {
		s.tally.refused.Add(1)
		twilioError(w, twilioHTTP(code), code, "The sandbox refused the text")
		return
	}
	rec.Provider, rec.SID, rec.Account, rec.Token = Twilio, s.newID(Twilio), r.PathValue("account"), token
	recs := []Record{rec}
	if !in.accept(r.Context(), recs) || in.failsAfter() {
		return
	}
	v := view{Record: recs[0], status: queued, updated: recs[0].At}
	writeJSON(w, http.StatusCreated, appendMessage(make([]byte, 0, 1024), v))
}

// loginTwilio checks basic authentication for the account in the path and gives the
// token, or answers as Twilio does.
func (s *Sandbox) loginTwilio(w http.ResponseWriter, r *http.Request) (token string, ok bool) {
	_, token, ok = r.BasicAuth()
	if want, known := s.o.Accounts[r.PathValue("account")]; s.o.Accounts != nil {
		ok = ok && known && subtle.ConstantTimeCompare([]byte(want), []byte(token)) == 1
	}
	if !ok {
		twilioError(w, http.StatusUnauthorized, 20003, "Authenticate")
	}
	return token, ok
}

// readCreate reads the form, or gives the code Twilio refuses it with.
func readCreate(raw []byte) (Record, int) {
	if raw == nil {
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
	id, ok := messageIn(rec.StatusURL)
	if !ok {
		return rec, 21609
	}
	rec.MessageID = id
	return rec, 0
}

// messageIn is our id in the address of a status webhook; not ok is an address that
// cannot be posted to.
func messageIn(address string) (id int64, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return 0, false
	}
	id, _ = strconv.ParseInt(u.Query().Get("message"), 10, 64)
	return id, true
}

// twilioObjection is the code for a well-formed text that is refused all the same.
func (s *Sandbox) twilioObjection(f *Faults, rec Record) int {
	if class := s.objection(f, rec.From, rec.To); class != "" {
		return twilioRefusals[class]
	}
	return s.doom(f, rec.To)
}

func twilioHTTP(code int) int {
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

// twilioError writes an error the way Twilio does.
func twilioError(w http.ResponseWriter, status, code int, message string) {
	n := strconv.Itoa(code)
	b := append([]byte(`{"code":`), n...)
	b = append(b, `,"message":`...)
	b = appendString(b, message)
	b = append(b, `,"more_info":"https://www.twilio.com/docs/errors/`...)
	b = append(b, n...)
	b = append(b, `","status":`...)
	b = strconv.AppendInt(b, int64(status), 10)
	writeJSON(w, status, append(b, '}'))
}
