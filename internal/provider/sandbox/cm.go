package sandbox

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
)

// CM's limits: texts a request, and parts of a text when it says nothing itself.
const (
	cmMessages = 1000
	cmParts    = 8
)

// CM's codes. Those of the last four stand for one text of a request.
const (
	cmOK        = 0
	cmAuth      = 101
	cmPartly    = 201
	cmMalformed = 202
	cmInternal  = 500
	cmUnknown   = 999
	cmFrom      = 301
	cmMSISDN    = 303
	cmBody      = 304
	cmField     = 305
)

// CM's codes for the reasons. Nothing at CM says "not accepted, try again"; 500 is the
// nearest, and a careful sender takes it for unknown; 499 and 9999 are in no table of
// CM's. Lost texts have the code as errorCode in their report; 8 is ours for a phone
// that did not answer in time, for the vendor's own table is not public.
var (
	cmRefusals = map[string]int{
		OptedOut: 402, BadNumber: cmMSISDN, Filtered: 401, AccountProblem: 102,
		RetrySoon: cmInternal, Unheard: 499, Rejected: cmBody,
	}
	cmFailures = map[string]int{RetryLater: 8, BadNumber: cmMSISDN, Filtered: 401, OptedOut: 402, Unheard: 9999}
)

var (
	cmNumber    = regexp.MustCompile(`^00[1-9][0-9]{6,14}$`)
	cmReference = regexp.MustCompile(`^[0-9A-Za-z]{0,32}$`)
	cmSender    = regexp.MustCompile(`^(\+?[0-9]{1,16}|[0-9A-Za-z ]{1,11})$`)
)

// cm is the dialect of CM: many texts a request, one phone each.
type cm struct{}

func (cm) throttled(w http.ResponseWriter) {
	cmError(w, http.StatusTooManyRequests, cmUnknown, "Too many requests")
}

func (cm) broken(w http.ResponseWriter, words string) {
	cmError(w, http.StatusInternalServerError, cmInternal, words)
}

func (cm) garbled(w http.ResponseWriter) {
	writeJSON(w, http.StatusOK, []byte(`{"details":"Created 1 mess`))
}

// cmRequest is the part of a request that matters here.
type cmRequest struct {
	Messages struct {
		Authentication struct {
			ProductToken string `json:"productToken"`
		} `json:"authentication"`
		Msg []cmMessage `json:"msg"`
	} `json:"messages"`
}

type cmMessage struct {
	From string `json:"from"`
	To   []struct {
		Number string `json:"number"`
	} `json:"to"`
	Body struct {
		Content string `json:"content"`
	} `json:"body"`
	MaxParts  int    `json:"maximumNumberOfMessageParts"`
	Reference string `json:"reference"`
}

// sendCM handles POST /v1.0/message.
func (s *Sandbox) sendCM(w http.ResponseWriter, r *http.Request) {
	in, raw, ok := s.begin(CM, w, r, batchLimit)
	if !ok {
		return
	}
	if raw == nil {
		cmError(w, http.StatusRequestEntityTooLarge, cmMalformed, "The request is too large")
		return
	}
	req, words := readCM(raw)
	if words != "" {
		cmError(w, http.StatusBadRequest, cmMalformed, words)
		return
	}
	token := req.Messages.Authentication.ProductToken
	account, ok := s.keyed(token)
	if !ok {
		cmError(w, http.StatusUnauthorized, cmAuth, "Authentication failed")
		return
	}
	if in.failsBefore() {
		return
	}
	b := cmBatch{s: s, f: in.f, account: account, token: token}
	for i := range req.Messages.Msg {
		b.judge(&req.Messages.Msg[i])
	}
	s.tally.refused.Add(int64(len(b.items) - len(b.recs)))
	if in.accept(r.Context(), b.recs) && !in.failsAfter() {
		writeJSON(w, http.StatusOK, b.answer())
	}
}

// readCM reads a request, or says what is wrong with it as a whole.
func readCM(raw []byte) (req cmRequest, words string) {
	if err := json.Unmarshal(raw, &req); err != nil {
		return req, "The request is not the JSON expected here"
	}
	total := 0
	for i := range req.Messages.Msg {
		total += max(len(req.Messages.Msg[i].To), 1)
	}
	switch {
	case total == 0:
		return req, "The request holds no messages"
	case total > cmMessages:
		return req, "The request holds more than " + strconv.Itoa(cmMessages) + " messages"
	}
	return req, ""
}

// cmError answers for a request of which nothing was accepted.
func cmError(w http.ResponseWriter, status, code int, words string) {
	b := appendField(nil, `{"details":`, words)
	b = strconv.AppendInt(append(b, `,"errorCode":`...), int64(code), 10)
	writeJSON(w, status, append(b, `,"messages":[]}`...))
}
