package api

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"trackly/models"
	"trackly/rules/landing"
)

// linkStore knows where short links lead.
type linkStore interface {
	RecordClick(ctx context.Context, c models.Click) (models.Landing, error)
	LookupLink(ctx context.Context, id models.MessageID, link int) (models.Landing, error)
}

// maxAgent is how much of a user agent is kept, in bytes.
const maxAgent = 512

func (s *Server) linkRoutes() {
	s.echo.GET("/:code", s.follow)
	s.echo.HEAD("/:code", s.follow)
}

// follow handles GET and HEAD /{code}. The click is durable before the redirect
// answers. HEAD is what previews and scanners send: it is answered and not counted.
func (s *Server) follow(c echo.Context) error {
	message, link, ok := s.codes.Decode(c.Param("code"))
	switch {
	case strings.Contains(c.Param("code"), "/"): // echo gives a last parameter all of the rest
		return echo.ErrNotFound
	case !ok:
		return s.leadsNowhere(c)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	click := models.Click{
		ID: id.String(), MessageID: models.MessageID(message), Link: link, Address: s.clientOf(c.Request()),
		UserAgent: storable(c.Request().UserAgent(), maxAgent), At: s.now(),
	}
	result, ask := "counted", s.store.RecordClick
	if c.Request().Method == http.MethodHead {
		result, ask = "looked_up", s.lookUp
	}
	to, err := ask(c.Request().Context(), click)
	switch {
	case err != nil:
		s.meters.clicks.WithLabelValues("failed").Inc()
		return err
	case !to.Found:
		return s.leadsNowhere(c)
	}
	s.meters.clicks.WithLabelValues(result).Inc()
	h := c.Response().Header()
	h.Set("Location", landing.Expand(to.URL, click.ID, message))
	h.Set("Cache-Control", "private, no-store") // a cached redirect is a lost click
	return c.NoContent(http.StatusFound)
}

func (s *Server) lookUp(ctx context.Context, c models.Click) (models.Landing, error) {
	return s.store.LookupLink(ctx, c.MessageID, c.Link)
}

func (s *Server) leadsNowhere(c echo.Context) error {
	s.meters.clicks.WithLabelValues("unknown").Inc()
	return s.notFound(c)
}

// clientOf is the client's network address. The last entry of X-Forwarded-For is the
// one our own proxy wrote; those before it are the client's to invent.
func (s *Server) clientOf(r *http.Request) string {
	if s.trusted {
		all := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
		last := strings.TrimSpace(all[strings.LastIndexByte(all, ',')+1:])
		if a, err := netip.ParseAddr(last); err == nil {
			return a.String()
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	return host
}
