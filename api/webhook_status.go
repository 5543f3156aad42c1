package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"trackly/internal/fault"
	"trackly/internal/handover"
	"trackly/internal/provider"
	"trackly/models"
)

const (
	// statusesAtOnce bounds the status callbacks in progress: a STOP must never wait
	// behind ten thousand of them.
	statusesAtOnce = 256
	// statusPatience is how long one waits for a place. Not every provider repeats a
	// callback that was turned away.
	statusPatience = 2 * time.Second
)

// statusCallback handles POST /webhooks/{provider}/{route}/{secret}/status. It answers
// when what it was told is durable.
func (s *Server) statusCallback(c echo.Context) error {
	if s.admit(c.Request().Context()) {
		defer func() { <-s.statuses }()
	} else {
		s.meters.statuses.WithLabelValues("turned_away").Inc()
		p := problem(http.StatusServiceUnavailable, "too many status callbacks at once")
		p.retryAfter = time.Second
		return p
	}
	a, w, err := s.addressed(c)
	if err != nil {
		s.meters.statuses.WithLabelValues("refused").Inc()
		return err
	}
	reports, err := a.adapter.Status(w)
	if err != nil {
		return s.refuseStatus(err)
	}
	if err := s.recordStatuses(c.Request().Context(), a, reports); err != nil {
		return err
	}
	if a.caps.InboundOK != 0 {
		return c.NoContent(a.caps.InboundOK)
	}
	return c.NoContent(http.StatusNoContent)
}

func (s *Server) refuseStatus(err error) error {
	if fault.KindOf(err) == fault.Forbidden {
		s.meters.statuses.WithLabelValues("unsigned").Inc()
		return unsigned(err)
	}
	s.meters.statuses.WithLabelValues("refused").Inc()
	return err
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

// recordStatuses stores the reports of one post, side by side: they share a statement
// then. The provider repeats the post when one of them failed.
func (s *Server) recordStatuses(ctx context.Context, a addressee, reports []provider.Report) error {
	if len(reports) == 1 {
		return s.count(s.recordStatus(ctx, a, reports[0]))
	}
	var g errgroup.Group
	for _, r := range reports {
		g.Go(func() error { return s.count(s.recordStatus(ctx, a, r)) })
	}
	return g.Wait()
}

func (s *Server) count(result string, err error) error {
	s.meters.statuses.WithLabelValues(result).Inc()
	return err
}

// recordStatus also says, in a word for the metrics, what became of the report.
func (s *Server) recordStatus(ctx context.Context, a addressee, r provider.Report) (string, error) {
	if r.Unheard {
		code := storable(cmp.Or(r.Code, r.Raw), maxWord)
		if err := s.store.CountUnheard(ctx, a.list.AccountID, a.route.Provider, map[string]int{code: 1}); err != nil {
			return "failed", err
		}
	}
	if r.MessageID == 0 {
		return "no_message", nil
	}
	o, known := handover.OutcomeOf(r)
	if !known {
		return "unknown_word", nil
	}
	o.ProviderID, o.ProviderCode = storable(o.ProviderID, maxWord), storable(o.ProviderCode, maxWord)
	changed, err := s.store.RecordStatus(ctx, a.list.AccountID, a.list.ID, o)
	if err == nil && r.Class == provider.OptedOut {
		err = s.store.OptOutByProvider(ctx, a.list.AccountID, []models.MessageID{o.MessageID})
	}
	switch {
	case err != nil:
		return "failed", err
	case changed:
		return string(o.State), nil
	}
	return "unchanged", nil
}
