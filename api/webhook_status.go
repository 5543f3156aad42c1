package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"trackly/internal/fault"
	"trackly/internal/handover"
)

const (
	// statusesAtOnce bounds the status callbacks in progress: a STOP must never wait
	// behind ten thousand of them.
	statusesAtOnce = 256
	// statusPatience is how long one waits for a place. Not every provider repeats a
	// callback that was turned away.
	statusPatience = 2 * time.Second
)

// statusCallback handles POST /webhooks/{provider}/{list}/status. It answers when what
// it was told is durable.
func (s *Server) statusCallback(c echo.Context) error {
	if s.admit(c.Request().Context()) {
		defer func() { <-s.statuses }()
	} else {
		s.meters.statuses.WithLabelValues("turned_away").Inc()
		p := problem(http.StatusServiceUnavailable, "too many status callbacks at once")
		p.retryAfter = time.Second
		return p
	}
	result, err := s.recordStatus(c)
	s.meters.statuses.WithLabelValues(result).Inc()
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// admit takes a place among the callbacks in progress, and waits a little for one.
func (s *Server) admit(ctx context.Context) bool {
	select {
	case s.statuses <- struct{}{}:
		return true
	default:
	}
	ctx, cancel := context.WithTimeout(ctx, statusPatience)
	defer cancel()
	select {
	case s.statuses <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// recordStatus also says, in a word for the metrics, what became of the callback.
func (s *Server) recordStatus(c echo.Context) (string, error) {
	a, form, err := s.addressed(c)
	if err != nil {
		return "refused", err
	}
	report, err := a.adapter.Status(s.signedURL(c.Request()), c.Request().Header, form)
	if err != nil {
		if fault.KindOf(err) == fault.Forbidden {
			return "unsigned", unsigned(err)
		}
		return "refused", err
	}
	if report.MessageID == 0 {
		return "no_message", nil
	}
	o, known := handover.OutcomeOf(report)
	if !known {
		return "unknown_word", nil
	}
	o.ProviderID, o.ProviderCode = storable(o.ProviderID, maxWord), storable(o.ProviderCode, maxWord)
	changed, err := s.store.RecordStatus(c.Request().Context(), a.list.AccountID, a.list.ID, o)
	switch {
	case err != nil:
		return "failed", err
	case changed:
		return string(o.State), nil
	}
	return "unchanged", nil
}
