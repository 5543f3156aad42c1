package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync/atomic"

	"trackly/internal/fault"
)

// tally counts what is not a text.
type tally struct {
	refused, faults, callbacks, callbacksFailed, retries  atomic.Int64
	replies, inboundFailed, clicks, clicksFailed          atomic.Int64
	bots, botsFailed, postbacks, postbacksFailed, lookups atomic.Int64
}

func (t *tally) callback(texts int, err error) {
	if err != nil {
		t.callbacksFailed.Add(1)
		return
	}
	t.callbacks.Add(int64(texts))
}

// Stats are the counts of a sandbox since New, but for Accepted and Stops, which
// include the journal.
type Stats struct {
	Accepted        int   `json:"accepted"`
	Segments        int   `json:"segments"`
	Phones          int   `json:"phones"`
	Stops           int   `json:"stops"`
	Refused         int64 `json:"refused"`
	Faults          int64 `json:"faults"`
	Callbacks       int64 `json:"callbacks"`        // statuses; one webhook may carry many
	CallbacksFailed int64 `json:"callbacks_failed"` // tries, not statuses
	Retries         int64 `json:"callback_retries"`
	Waiting         int   `json:"callbacks_waiting"`
	Replies         int64 `json:"replies"`
	InboundFailed   int64 `json:"inbound_failed"`
	Clicks          int64 `json:"clicks"`
	ClicksFailed    int64 `json:"clicks_failed"`
	Bots            int64 `json:"bots"` // links opened by machines
	BotsFailed      int64 `json:"bots_failed"`
	Postbacks       int64 `json:"postbacks"`        // of the shops that were answered with a yes
	PostbacksFailed int64 `json:"postbacks_failed"` // tries
	LookUps         int64 `json:"look_ups"`         // of phones; the sender pays for each
}

// Stats counts what happened so far.
func (s *Sandbox) Stats() Stats {
	b := s.book
	b.mu.RLock()
	st := Stats{Accepted: len(b.all), Phones: len(b.byPhone), Stops: len(b.stops)}
	for _, t := range b.all {
		st.Segments += t.Segments
	}
	b.mu.RUnlock()
	c := &s.tally
	st.Refused, st.Faults = c.refused.Load(), c.faults.Load()
	st.Callbacks, st.CallbacksFailed, st.Retries = c.callbacks.Load(), c.callbacksFailed.Load(), c.retries.Load()
	st.Waiting = s.callbacks.size()
	st.Replies, st.InboundFailed = c.replies.Load(), c.inboundFailed.Load()
	st.Clicks, st.ClicksFailed, st.LookUps = c.clicks.Load(), c.clicksFailed.Load(), c.lookups.Load()
	st.Bots, st.BotsFailed = c.bots.Load(), c.botsFailed.Load()
	st.Postbacks, st.PostbacksFailed = c.postbacks.Load(), c.postbacksFailed.Load()
	return st
}

// writeRecord handles GET /sandbox/record: one JSON record a line, oldest first.
func (s *Sandbox) writeRecord(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	out := json.NewEncoder(w)
	for _, rec := range s.Accepted() {
		if out.Encode(rec) != nil {
			return // the reader has gone
		}
	}
}

func (s *Sandbox) writeStats(w http.ResponseWriter, _ *http.Request) { encode(w, s.Stats()) }

func (s *Sandbox) writeFaults(w http.ResponseWriter, _ *http.Request) { encode(w, s.faults.Load()) }

// putFaults handles PUT /sandbox/faults. Fields not given are switched off; a
// misspelled one is refused, for a drill without its fault would pass.
func (s *Sandbox) putFaults(w http.ResponseWriter, r *http.Request) {
	var f Faults
	if !decode(w, r, &f) {
		return
	}
	answer(w, s.SetFaults(f))
}

// putNumber handles PUT /sandbox/numbers/{phone}.
func (s *Sandbox) putNumber(w http.ResponseWriter, r *http.Request) {
	var n Number
	if !decode(w, r, &n) {
		return
	}
	n.Phone = r.PathValue("phone")
	answer(w, s.Register(n))
}

// switchCallbacks handles POST /sandbox/callbacks/hold and .../release.
func (s *Sandbox) switchCallbacks(w http.ResponseWriter, r *http.Request) {
	switch r.PathValue("switch") {
	case "hold":
		s.HoldCallbacks()
	case "release":
		s.ReleaseCallbacks()
	default:
		http.NotFound(w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func decode(w http.ResponseWriter, r *http.Request, into any) bool {
	in := json.NewDecoder(io.LimitReader(r.Body, 64<<10))
	in.DisallowUnknownFields()
	if err := in.Decode(into); err != nil {
		http.Error(w, "not the JSON expected here: "+err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func encode(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the reader has gone
}

func answer(w http.ResponseWriter, err error) {
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	status := http.StatusUnprocessableEntity
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Kind == fault.NotFound {
		status = http.StatusNotFound
	}
	http.Error(w, err.Error(), status)
}
