package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"trackly/internal/fault"
	"trackly/internal/handover"
)

// statusesAtOnce bounds the status callbacks in progress. Providers repeat one that was
// turned away; a STOP must never wait behind ten thousand of them.
const statusesAtOnce = 1024

// statusCallback handles POST /webhooks/{provider}/{list}/status. It answers when what
// it was told is durable.
func (s *Server) statusCallback(c echo.Context) error {
	select {
	case s.statuses <- struct{}{}:
		defer func() { <-s.statuses }()
	default:
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
