package api

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"trackly/internal/fault"
	"trackly/models"
)

const (
	webhookLimit = 64 << 10 // bytes of a provider's form
	maxWord      = 255      // bytes of a provider's own word that are kept
)

// webhookRoutes are outside of huma: they are the busiest routes, and what they take is
// the providers' to say.
func (s *Server) webhookRoutes() {
	s.echo.POST("/webhooks/:provider/:list/status", s.statusCallback)
	s.echo.POST("/webhooks/:provider/:list/inbound", s.inboundText)
}

// addressed reads a webhook's form and finds its list.
func (s *Server) addressed(c echo.Context) (addressee, url.Values, error) {
	a, err := s.dialled.find(c.Request().Context(), c.Param("provider"), models.ListID(c.Param("list")))
	if err != nil {
		return a, nil, err
	}
	form, err := formOf(c.Response(), c.Request())
	return a, form, err
}

// formOf reads the form in a webhook's body. The query belongs to the signed address
// and is left alone.
func formOf(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, webhookLimit))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, problem(http.StatusRequestEntityTooLarge, tooLarge)
		}
		return nil, problem(http.StatusBadRequest, "the request body broke off")
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fault.New(fault.Invalid, "the request body is not a form")
	}
	return form, nil
}

// signedURL is the address the provider signed: the configured one, because a proxy may
// have changed what the request says.
func (s *Server) signedURL(r *http.Request) string { return s.publicURL + r.RequestURI }

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
