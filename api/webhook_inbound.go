package api

import (
	"context"
	"net/http"
	"regexp"
	"time"

	"github.com/labstack/echo/v4"

	"trackly/internal/provider"
	"trackly/models"
	"trackly/rules/optout"
)

// inboundEngine hears of people who said STOP.
type inboundEngine interface {
	TellOptOut(ctx context.Context, ids []models.CampaignID, skipped int64) error
}

const (
	// noReply is TwiML for "answer nothing": the provider confirms a STOP by itself.
	noReply = `<?xml version="1.0" encoding="UTF-8"?><Response/>`
	// maxInbound is above every provider's longest text, in bytes.
	maxInbound = 8 << 10
	// tellLimit is how long a provider waits for us to tell the engine.
	tellLimit = 2 * time.Second
)

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// inboundText handles POST /webhooks/{provider}/{list}/inbound. When it has answered, a
// STOP is durable and what was queued for that phone will not go out.
func (s *Server) inboundText(c echo.Context) error {
	a, form, err := s.addressed(c)
	if err != nil {
		return err
	}
	in, err := a.adapter.Inbound(s.signedURL(c.Request()), c.Request().Header, form)
	if err != nil {
		return unsigned(err)
	}
	if e164.MatchString(in.From) {
		if err := s.hear(c.Request().Context(), a.list, in); err != nil {
			return err
		}
	} else {
		// A short code or a name: nobody we text, and the provider would repeat a refusal.
		s.meters.inbound.WithLabelValues("not_a_phone").Inc()
	}
	return c.Blob(http.StatusOK, "text/xml; charset=utf-8", []byte(noReply))
}

func (s *Server) hear(ctx context.Context, l models.List, in provider.Inbound) error {
	body := storable(in.Body, maxInbound)
	verdict := optout.Read(body, optout.Situation{}).Verdict
	effect, err := s.store.RecordInbound(ctx, models.Inbound{
		AccountID: l.AccountID, ListID: l.ID, ProviderID: storable(in.ProviderID, maxWord), Phone: in.From,
		Body: body, Verdict: verdict, ReceivedAt: s.now(),
	})
	if err != nil {
		return err
	}
	if !effect.New {
		s.meters.inbound.WithLabelValues("duplicate").Inc()
		return nil
	}
	s.meters.inbound.WithLabelValues(string(verdict)).Inc()
	s.tell(ctx, l, effect)
	return nil
}

// tell lets running campaigns know. That may fail: the opt-out is durable already, and
// every batch reads consent again before it hands over.
func (s *Server) tell(ctx context.Context, l models.List, e models.InboundEffect) {
	if len(e.Campaigns) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellLimit)
	defer cancel()
	if err := s.engine.TellOptOut(ctx, e.Campaigns, e.Skipped); err != nil {
		s.log.WarnContext(ctx, "campaigns were not told of an opt-out", "list", l.ID, "campaigns", len(e.Campaigns), "error", err)
	}
}
