package api

import (
	"bytes"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/models"
)

const (
	webhookLimit = 1 << 20 // bytes of a provider's post; a hundred reports are some 60 KB
	maxWord      = 255     // bytes of a provider's own word that are kept
)

// webhookRoutes are outside of huma: they are the busiest routes, and what they take is
// the providers' to say.
func (s *Server) webhookRoutes() {
	s.echo.POST("/webhooks/:provider/:route/:secret/status", s.statusCallback)
	s.echo.POST("/webhooks/:provider/:route/:secret/inbound", s.inboundText)
}

// addressed reads a webhook and finds its route. The secret in the address is checked
// before anything is asked of the database; the answer to a wrong one is that to a route
// that does not exist.
func (s *Server) addressed(c echo.Context) (addressee, provider.Webhook, error) {
	id := models.RouteID(c.Param("route"))
	if !s.dialled.proves(id, c.Param("secret")) {
		return addressee{}, provider.Webhook{}, fault.New(fault.NotFound, "no such route")
	}
	a, err := s.dialled.find(c.Request().Context(), c.Param("provider"), id)
	if err != nil {
		return a, provider.Webhook{}, err
	}
	body := bytes.NewBuffer(make([]byte, 0, min(max(c.Request().ContentLength, 0), webhookLimit)+bytes.MinRead))
	if _, err := body.ReadFrom(http.MaxBytesReader(c.Response(), c.Request().Body, webhookLimit)); err != nil {
		return a, provider.Webhook{}, broken(err)
	}
	return a, provider.Webhook{URL: s.signedURL(c.Request()), Header: c.Request().Header, Body: body.Bytes(), Now: s.now()}, nil
}

// broken explains why a body could not be read to its end.
func broken(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return problem(http.StatusRequestEntityTooLarge, tooLarge)
	}
	return problem(http.StatusBadRequest, "the request body broke off")
}

// signedURL is the address the provider signed: the configured one, because a proxy may
// have changed what the request says.
func (s *Server) signedURL(r *http.Request) string { return s.door.PublicURL + r.RequestURI }

// unsigned turns an adapter's "forbidden" into 401: here it means that nobody knows who
// is asking.
func unsigned(err error) error {
	if fault.KindOf(err) == fault.Forbidden {
		return problem(http.StatusUnauthorized, "the signature is missing or wrong")
	}
	return err
}

// storable cuts a provider's word and removes what Postgres cannot store: callbacks are
// written many at once, and one bad word would fail them all.
func storable(word string, limit int) string {
	word = word[:min(len(word), limit)]
	return strings.ReplaceAll(strings.ToValidUTF8(word, ""), "\x00", "")
}
