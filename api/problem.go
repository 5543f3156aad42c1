package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"trackly/internal/fault"
)

// Problem is an error as clients read it (RFC 9457).
type Problem struct {
	Type   string      `json:"type" doc:"Always about:blank: the status says it all." example:"about:blank"`
	Title  string      `json:"title" doc:"The status in words." example:"Unprocessable Entity"`
	Status int         `json:"status" doc:"The HTTP status." example:"422"`
	Detail string      `json:"detail,omitempty" doc:"What went wrong this time." example:"the list cannot be accepted"`
	Errors []Complaint `json:"errors,omitempty" doc:"Everything that is wrong with the request, at once."`

	retryAfter time.Duration
}

// Complaint is one thing that is wrong with one place of a request.
type Complaint struct {
	Location string `json:"location,omitempty" doc:"Path in the JSON body, or query.name, path.name, header.name." example:"variants[1].percent"`
	Message  string `json:"message" doc:"What is wrong there." example:"must be between 1 and 100"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (*Problem) ContentType(string) string { return problemType }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(p.retryAfter.Seconds()))))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	return h
}

// statusOf is the only place where a fault meets HTTP.
func statusOf(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Throttled:
		return http.StatusTooManyRequests
	case fault.Broken:
		return http.StatusServiceUnavailable
	case fault.Internal:
		return http.StatusInternalServerError
	}
	return http.StatusInternalServerError
}

func problem(status int, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// explain turns any error into a problem. The cause of what is our fault goes to the
// log and nowhere else.
func (s *Server) explain(ctx context.Context, where string, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return problem(http.StatusServiceUnavailable, "the request took too long")
	}
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		f = fault.Wrap(err, fault.Internal, "unclassified")
	}
	p := problem(statusOf(f.Kind), f.Message)
	p.retryAfter = f.RetryAfter
	for _, c := range f.Problems {
		p.Errors = append(p.Errors, Complaint{Location: c.Where, Message: c.Message})
	}
	switch f.Kind {
	case fault.Internal:
		p.Detail = "something went wrong on our side"
		s.log.LogAttrs(ctx, slog.LevelError, "request failed", slog.String("route", where), slog.Any("error", err))
	case fault.Broken:
		p.retryAfter = max(p.retryAfter, time.Second)
		s.log.LogAttrs(ctx, slog.LevelWarn, "request failed", slog.String("route", where), slog.Any("error", err))
	case fault.Invalid, fault.NotFound, fault.Conflict, fault.Forbidden, fault.Throttled:
	}
	return p
}

// messageOf is what a rule says to the caller.
func messageOf(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Message
	}
	return err.Error()
}

// asProblem gives huma's own complaints the shape of ours. The offending value is left
// out: it may be a token or a phone number.
func asProblem(_ huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := problem(m.Status, m.Detail)
	switch m.Status {
	case http.StatusUnprocessableEntity:
		p.Detail = "the request cannot be accepted"
	case http.StatusRequestEntityTooLarge:
		p.Detail = tooLarge
		return p, nil
	}
	for _, e := range m.Errors {
		if e != nil {
			p.Errors = append(p.Errors, Complaint{Location: strings.TrimPrefix(e.Location, "body."), Message: e.Message})
		}
	}
	return p, nil
}

// writeProblem answers outside of huma.
func writeProblem(w http.ResponseWriter, p *Problem) error {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	return json.NewEncoder(w).Encode(p)
}
