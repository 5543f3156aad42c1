package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/postback"
)

// dot is a picture of one transparent point.
const dot = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

// pixel handles GET /pixel/{offer}.gif. It is on a page for anybody to read, so all that is
// believed of it is that the owner of a click's id says he converted: once for each kind,
// for the offer's payout, and never to take something back. What it says of amounts and
// transactions is not read. The answer is the picture, whatever became of it: a page must
// not look broken, nor a stranger learn which clicks exist.
func (s *Server) pixel(c echo.Context) error {
	outcome, err := s.takePixel(c)
	s.meters.conversions.WithLabelValues(string(models.ByPixel), outcome).Inc()
	if outcome == failed {
		_ = s.explain(c.Request().Context(), c.Path(), err) // writes to the log what is our fault
	}
	c.Response().Header().Set("Cache-Control", "private, no-store") // a cached picture is a lost conversion
	return c.Blob(http.StatusOK, "image/gif", []byte(dot))
}

func (s *Server) takePixel(c echo.Context) (string, error) {
	r := c.Request()
	id, isGIF := strings.CutSuffix(c.Param("file"), ".gif")
	q := r.URL.Query()
	click, kind := strings.ToLower(q.Get("click_id")), models.ConversionKind("")
	if word, known := postback.Kind(q.Get("event")); known && len(r.URL.RawQuery) <= queryLimit {
		kind = models.ConversionKind(word)
	}
	switch kind {
	case models.Lead, models.Sale, models.Install, models.Signup:
	default:
		return refused, nil
	}
	if !isGIF || !models.IsID(id) || !models.IsID(click) {
		return refused, nil
	}
	o, err := s.store.OfferByPixel(r.Context(), models.OfferID(id), click)
	switch {
	case fault.KindOf(err) == fault.NotFound && err != nil:
		return "unknown", err
	case err != nil:
		return failed, err
	}
	// The same transaction as that of a postback which names none: telling it both ways
	// tells it once.
	return s.book(r.Context(), o.AccountID, models.Told{
		OfferID: o.ID, Kind: kind, TransactionID: postback.ClickTransaction(click), Source: models.ByPixel, ClickID: click,
	})
}
