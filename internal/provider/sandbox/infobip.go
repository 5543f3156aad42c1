package sandbox

import (
	"encoding/json"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of the batch formats. Infobip documents none for a request; ours keep a
// mistake from filling the memory.
const (
	batchLimit          = 8 << 20 // bytes
	infobipDestinations = 10_000
	infobipParts        = 25
	infobipIDLength     = 200
	infobipCallbackData = 4000
)

// infobip is the dialect of Infobip: many texts to many phones a request, under the
// sender's own ids.
type infobip struct{}

func (infobip) throttled(w http.ResponseWriter) {
	infobipError(w, http.StatusTooManyRequests, "Too many requests", "", "")
}

func (infobip) broken(w http.ResponseWriter, words string) {
	infobipError(w, http.StatusInternalServerError, words, "", "")
}

func (infobip) garbled(w http.ResponseWriter) {
	writeJSON(w, http.StatusOK, []byte(`{"bulkId":"1","messages":[{"messageId":"`))
}

// infobipRequest is the part of a request that matters here. Whatever else the API
// knows is let through unread.
type infobipRequest struct {
	Messages []infobipMessage `json:"messages"`
	Options  struct {
		Schedule struct {
			BulkID string `json:"bulkId"`
			SendAt string `json:"sendAt"`
		} `json:"schedule"`
	} `json:"options"`
}

type infobipMessage struct {
	Sender       string `json:"sender"`
	Destinations []struct {
		To        string `json:"to"`
		MessageID string `json:"messageId"`
	} `json:"destinations"`
	Content struct {
		Text string `json:"text"`
	} `json:"content"`
	Webhooks struct {
		Delivery struct {
			URL          string `json:"url"`
			Intermediate bool   `json:"intermediateReport"`
		} `json:"delivery"`
		CallbackData string `json:"callbackData"`
	} `json:"webhooks"`
}

// sendInfobip handles POST /sms/3/messages.
func (s *Sandbox) sendInfobip(w http.ResponseWriter, r *http.Request) {
	in, raw, ok := s.begin(Infobip, w, r, batchLimit)
	if !ok {
		return
	}
	account, token, ok := s.loginInfobip(w, r)
	if !ok || in.failsBefore() {
		return
	}
	if raw == nil {
		infobipError(w, http.StatusRequestEntityTooLarge, "The request is too large", "", "")
		return
	}
	req, property, violation := readInfobip(raw)
	if violation != "" {
		infobipError(w, http.StatusBadRequest, "The request is not valid", property, violation)
		return
	}
	b := infobipBatch{s: s, f: in.f, account: account, token: token, bulk: or(req.Options.Schedule.BulkID, s.newID(Infobip))}
	for i := range req.Messages {
		b.judge(&req.Messages[i])
	}
	s.tally.refused.Add(int64(len(b.items) - len(b.recs)))
	if !in.accept(r.Context(), b.recs) {
		s.book.release(b.recs)
		return
	}
	if !in.failsAfter() {
		writeJSON(w, http.StatusOK, b.answer())
	}
}

// loginInfobip checks the key, or answers as Infobip does.
func (s *Sandbox) loginInfobip(w http.ResponseWriter, r *http.Request) (account, token string, ok bool) {
	token, _ = strings.CutPrefix(r.Header.Get("Authorization"), "App ")
	if token == r.Header.Get("Authorization") {
		token = "" // another scheme
	}
	if account, ok = s.keyed(token); !ok {
		infobipError(w, http.StatusUnauthorized, "The request lacks valid authentication credentials", "", "")
	}
	return account, token, ok
}

// readInfobip reads a request, or says what is wrong with it as a whole. What is wrong
// with one phone is said in the answer.
func readInfobip(raw []byte) (req infobipRequest, property, violation string) {
	if err := json.Unmarshal(raw, &req); err != nil {
		return req, "", "is not the JSON expected here"
	}
	if len(req.Messages) == 0 {
		return req, "messages", "must not be empty"
	}
	if req.Options.Schedule.SendAt != "" {
		return req, "options.schedule.sendAt", "the sandbox does not schedule"
	}
	total := 0
	for i := range req.Messages {
		at := "messages[" + strconv.Itoa(i) + "]."
		if property, violation = req.Messages[i].problem(); violation != "" {
			return req, at + property, violation
		}
		if total += len(req.Messages[i].Destinations); total > infobipDestinations {
			return req, at + "destinations", "must not be more than " + strconv.Itoa(infobipDestinations) + " in all"
		}
	}
	return req, "", ""
}

func (m *infobipMessage) problem() (property, violation string) {
	switch {
	case m.Sender == "":
		return "sender", "must not be blank"
	case m.Content.Text == "":
		return "content.text", "must not be blank"
	case len(m.Destinations) == 0:
		return "destinations", "must not be empty"
	case utf8.RuneCountInString(m.Webhooks.CallbackData) > infobipCallbackData:
		return "webhooks.callbackData", "must not be longer than 4000 characters"
	}
	if address := m.Webhooks.Delivery.URL; address != "" {
		if _, ok := messageIn(address); !ok {
			return "webhooks.delivery.url", "must be a web address"
		}
	}
	for i := range m.Destinations {
		if len(m.Destinations[i].MessageID) > infobipIDLength {
			return "destinations[" + strconv.Itoa(i) + "].messageId", "must not be longer than 200 characters"
		}
	}
	return "", ""
}

// infobipKey names a text in the book by the sender's own id. The account is in it as a
// hash, for keys are written to the journal.
func infobipKey(token, id string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(token)) // a hash never fails
	return "infobip/" + strconv.FormatUint(h.Sum64(), 36) + "/" + id
}

// infobipError writes Infobip's envelope.
func infobipError(w http.ResponseWriter, status int, words, property, violation string) {
	b := append([]byte(`{"errorCode":"E`), strconv.Itoa(status)...)
	b = appendField(b, `","description":`, words)
	b = append(b, `,"action":"See the documentation.","violations":[`...)
	if violation != "" {
		b = appendField(b, `{"property":`, property)
		b = append(appendField(b, `,"violation":`, violation), '}')
	}
	writeJSON(w, status, append(b, `],"resources":[]}`...))
}
