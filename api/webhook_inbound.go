package api

import (
	"context"
	"net/http"
	"regexp"
	"time"

	"github.com/labstack/echo/v4"

	"trackly/internal/provider"
	"trackly/models"
)

// inboundEngine hears of people who said STOP.
type inboundEngine interface {
	TellOptOut(ctx context.Context, ids []models.CampaignID, skipped int64) error
	NudgeOutbox(ctx context.Context, src models.Source) error
}

const (
	// noReply is TwiML for "answer nothing": what is to be answered goes out as a text of its own.
	noReply = `<?xml version="1.0" encoding="UTF-8"?><Response/>`
	// maxInbound is above every provider's longest text, in bytes.
	maxInbound = 8 << 10
	// tellLimit is how long a provider waits for us to tell the engine.
	tellLimit = 2 * time.Second
)

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// inboundText handles POST /webhooks/{provider}/{route}/{secret}/inbound. When it has
// answered, a STOP is durable and what was queued for that phone will not go out.
func (s *Server) inboundText(c echo.Context) error {
	received := s.now()
	a, w, err := s.addressed(c)
	if err != nil {
		return err
	}
	texts, err := a.adapter.Inbound(w)
	if err != nil {
		return unsigned(err)
	}
	for _, in := range texts {
		if !e164.MatchString(in.From) {
			// A short code or a name: nobody we text, and the provider would repeat a refusal.
			s.meters.inbound.WithLabelValues("not_a_phone").Inc()
			continue
		}
		if err := s.hear(c.Request().Context(), a.list, in, received); err != nil {
			return err
		}
	}
	return c.Blob(http.StatusOK, "text/xml; charset=utf-8", []byte(noReply))
}

func (s *Server) hear(ctx context.Context, l models.List, in provider.Inbound, received time.Time) error {
	effect, err := s.store.RecordInbound(ctx, l, models.Inbound{
		AccountID: l.AccountID, ListID: l.ID, ProviderID: storable(in.ProviderID, maxWord), Phone: in.From,
		Body: storable(in.Body, maxInbound), ReceivedAt: received,
	})
	if err != nil {
		return err
	}
	if !effect.New {
		s.meters.inbound.WithLabelValues("duplicate").Inc()
		return nil
	}
	s.meters.inbound.WithLabelValues(string(effect.Verdict)).Inc()
	s.tell(ctx, l, effect)
	return nil
}

// tell lets running campaigns know, and the outbox of an automatic answer. That may fail:
// the opt-out is durable already, every batch reads consent again before it hands over,
// and the keeper finds what waits in an outbox.
func (s *Server) tell(ctx context.Context, l models.List, e models.InboundEffect) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellLimit)
	defer cancel()
	if len(e.Campaigns) > 0 {
		if err := s.engine.TellOptOut(ctx, e.Campaigns, e.Skipped); err != nil {
			s.log.WarnContext(ctx, "campaigns were not told of an opt-out", "list", l.ID, "campaigns", len(e.Campaigns), "error", err)
		}
	}
	if e.Answer != 0 {
		if err := s.engine.NudgeOutbox(ctx, models.Source{AccountID: l.AccountID, ListID: l.ID}); err != nil {
			s.log.WarnContext(ctx, "an answer waits for the keeper", "list", l.ID, "error", err)
		}
	}
}
