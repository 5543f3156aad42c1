package api

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"trackly/models"
	"trackly/rules/landing"
	"trackly/rules/offer"
	"trackly/rules/verdict"
)

// linkStore knows where short links lead.
type linkStore interface {
	RecordClick(ctx context.Context, c models.Click) (models.Landing, error)
}

// maxAgent is how much of a user agent is kept, in bytes.
const maxAgent = 512

func (s *Server) linkRoutes() {
	s.echo.GET("/:code", s.follow)
	s.echo.HEAD("/:code", s.follow)
}

// follow handles GET and HEAD /{code}. The click is durable before the redirect
// answers. Machines are led on like people, and counted apart: a preview that leads
// nowhere shows nothing, and a person refused for a machine is lost.
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
	click := models.Click{ID: id.String(), MessageID: models.MessageID(message), Link: link, At: s.now()}
	s.judge(c.Request(), &click)
	to, err := s.store.RecordClick(c.Request().Context(), click)
	switch {
	case err != nil:
		s.meters.clicks.WithLabelValues("failed").Inc()
		return err
	case !to.Found:
		return s.leadsNowhere(c)
	}
	s.meters.clicks.WithLabelValues(string(click.Verdict)).Inc()
	h := c.Response().Header()
	h.Set("Cache-Control", "private, no-store") // a cached answer is a lost click
	if to.Target == offer.ToPage {
		return s.page(http.StatusGone, "ended.html")(c)
	}
	location, ok := landing.Expand(to.URL, macrosOf(click, to))
	if !ok { // a URL of before they were checked for it
		s.log.WarnContext(c.Request().Context(), "a link's URL leads nowhere", "message", message, "link", link)
		return s.notFound(c)
	}
	h.Set("Location", location)
	return c.NoContent(http.StatusFound)
}

// macrosOf is what the URL of a landing is filled with. A short link, and what stands in
// for an offer without being one, lead exactly where they say.
func macrosOf(c models.Click, to models.Landing) landing.Values {
	v := landing.Values{ClickID: c.ID, OfferID: string(to.OfferID), ExternalID: to.ExternalID}
	if c.MessageID.Short() {
		return v
	}
	v.MessageID = c.MessageID.String()
	if to.OfferID != "" || to.Target == offer.ToLink {
		v.Parameters, v.ClickParameter = to.Parameters, landing.ClickParameter(string(to.Network))
	}
	return v
}

// judge notes who followed the link, and whether that is a person, by the request alone.
func (s *Server) judge(r *http.Request, c *models.Click) {
	c.Method, c.Address, c.UserAgent = r.Method, s.clientOf(r), storable(r.UserAgent(), maxAgent)
	c.Headers = headersOf(r.Header)
	address, _ := netip.ParseAddr(c.Address) // without one it is no data centre's
	h := r.Header
	c.Verdict, c.Reason = s.verdicts.Judge(verdict.Evidence{
		Method: r.Method, UserAgent: c.UserAgent, Address: address,
		Purpose: cmp.Or(h.Get("Sec-Purpose"), h.Get("Purpose"), h.Get("X-Purpose"), h.Get("X-Moz")),
	})
	c.Version = verdict.Version
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
