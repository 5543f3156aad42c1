package sandbox

import (
	"bytes"
	"context"
	"crypto/subtle"
	"io"
	"net/http"
	"strconv"
	"time"
)

// intake is one request to send, in whatever format. It misbehaves as the faults of its
// moment say.
type intake struct {
	s *Sandbox
	d dialect
	w http.ResponseWriter
	f *Faults
	n uint64 // of the request; the dice are rolled with it
}

// begin reads the body and waits as long as the faults say. Not ok means that the
// caller gave up. A body above the limit is nil.
func (s *Sandbox) begin(provider string, w http.ResponseWriter, r *http.Request, limit int64) (in intake, raw []byte, ok bool) {
	in = intake{s: s, d: s.speak(provider), w: w, f: s.faults.Load(), n: s.draws.Add(1)}
	// Read first: the server only notices that a caller has gone once the body is read.
	raw = slurp(r, limit)
	return in, raw, !s.strikes("latency", in.f.Latency, in.n) || wait(r, s.span("latency", in.f.Latency, in.n))
}

// slurp reads a body of at most limit bytes; a longer or broken one is nil.
func slurp(r *http.Request, limit int64) []byte {
	var b bytes.Buffer
	b.Grow(int(min(max(r.ContentLength, 0), limit, 1<<20)) + bytes.MinRead) // the length is the caller's word
	n, err := b.ReadFrom(io.LimitReader(r.Body, limit+1))
	if err != nil || n > limit {
		return nil
	}
	return b.Bytes()
}

// keyed finds the account a key belongs to, for the formats that log in by a key alone.
func (s *Sandbox) keyed(key string) (account string, ok bool) {
	if s.o.Accounts == nil {
		return "", key != ""
	}
	for sid, token := range s.o.Accounts {
		if subtle.ConstantTimeCompare([]byte(token), []byte(key)) == 1 {
			return sid, true
		}
	}
	return "", false
}

// failsBefore answers with a fault of those before accepting.
func (in *intake) failsBefore() bool {
	s, f, n := in.s, in.f, in.n
	switch {
	case s.strikes("throttled", f.Throttled, n):
		if f.Throttled.RetryAfter > 0 {
			in.w.Header().Set("Retry-After", strconv.Itoa(f.Throttled.RetryAfter))
		}
		in.d.throttled(in.w)
	case s.strikes("fail before", f.FailBefore, n):
		in.d.broken(in.w, "Internal server error")
	case s.strikes("page before", f.PageBefore, n):
		in.w.Header().Set("Content-Type", "text/html")
		in.w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(in.w, "<html><body><h1>502 Bad Gateway</h1></body></html>")
	case s.strikes("drop before", f.DropBefore, n):
		hangUp(in.w)
	default:
		return false
	}
	s.tally.faults.Add(1)
	return true
}

// accept writes the texts down before anybody hears of them, and plans what follows.
// Not ok means that the caller was told of our failure.
func (in *intake) accept(ctx context.Context, recs []Record) bool {
	if len(recs) == 0 {
		return true
	}
	now := time.Now().UTC()
	for i := range recs {
		recs[i].At, recs[i].Segments = now, segments(recs[i].Body)
		if recs[i].StatusURL == "" { // now, for numbers are not in the journal
			n, _ := in.s.numbers.get(recs[i].From)
			recs[i].StatusURL = n.StatusURL
		}
	}
	if err := in.s.journal.writeAccepted(recs); err != nil {
		in.s.o.Log.ErrorContext(ctx, "texts were refused", "error", err)
		in.d.broken(in.w, "The journal cannot be written")
		return false
	}
	texts := in.s.book.add(recs)
	if in.s.strikes("early", in.f.CallbacksEarly, in.n) {
		in.s.rush(ctx, texts)
	} else {
		in.s.follow(texts)
	}
	return true
}

// failsAfter answers with a fault of those after accepting.
func (in *intake) failsAfter() bool {
	s, f, n := in.s, in.f, in.n
	switch {
	case s.strikes("fail after", f.FailAfter, n):
		in.d.broken(in.w, "Internal server error")
	case s.strikes("garble after", f.GarbleAfter, n):
		in.d.garbled(in.w)
	case s.strikes("drop after", f.DropAfter, n):
		hangUp(in.w)
	default:
		return false
	}
	s.tally.faults.Add(1)
	return true
}
