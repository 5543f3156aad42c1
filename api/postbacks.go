package api

import (
	"context"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/postback"
)

// postbackStore finds whose conversions come in, and books them.
type postbackStore interface {
	OfferBySecret(ctx context.Context, hash []byte) (models.Offer, error)
	OfferByPixel(ctx context.Context, id models.OfferID, click string) (models.Offer, error)
	Convert(ctx context.Context, account models.AccountID, all []models.Told) ([]models.Booking, error)
}

const (
	postbackLimit = 64 << 10 // bytes of a body
	queryLimit    = 16 << 10 // bytes behind the question mark
)

// postbackRoutes are outside of huma: what they take is the networks' to say. Two parts
// make a path that is no short link.
func (s *Server) postbackRoutes() {
	s.echo.GET("/postback/:secret", s.postback)
	s.echo.POST("/postback/:secret", s.postback)
	s.echo.GET("/pixel/:file", s.pixel)
}

// postback handles GET and POST /postback/{secret}. Whether the click is known is not for
// the network to hear: it has told us, and that is what it is told.
func (s *Server) postback(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	outcome, err := s.takePostback(c)
	s.meters.conversions.WithLabelValues(string(models.ByPostback), outcome).Inc()
	switch {
	case fault.KindOf(err) == fault.Invalid && err != nil: // to networks a 422 says less than a 400
		p := s.explain(c.Request().Context(), c.Path(), err)
		p.Status, p.Title = http.StatusBadRequest, http.StatusText(http.StatusBadRequest)
		return p
	case err != nil:
		return err
	case outcome == repeated:
		return c.JSONBlob(http.StatusOK, tookAgain)
	}
	return c.JSONBlob(http.StatusOK, took)
}

// The words for what became of what was told.
const (
	recorded = "recorded"
	repeated = "repeated"
	refused  = "refused"
	failed   = "failed"
)

// What a network is answered, ready to send.
var ( //nolint:gochecknoglobals // never changed
	took      = []byte(`{"result":"` + recorded + `"}`)
	tookAgain = []byte(`{"result":"` + repeated + `"}`)
)

// takePostback also says, in a word for the metrics, what became of it.
func (s *Server) takePostback(c echo.Context) (string, error) {
	r := c.Request()
	o, err := s.secrets.find(r.Context(), c.Param("secret"))
	switch {
	case fault.KindOf(err) == fault.NotFound && err != nil:
		return "wrong_secret", err
	case err != nil:
		return failed, err
	case !o.Admits(s.clientOf(r)):
		return "wrong_address", fault.New(fault.Forbidden, "postbacks of this offer do not come from this address")
	}
	params, err := s.paramsOf(c)
	if err != nil {
		return refused, err
	}
	e, err := postback.Read(params, o.terms)
	if err != nil {
		return refused, err
	}
	return s.book(r.Context(), o.AccountID, toldOf(o.ID, models.ByPostback, e))
}

// book books one conversion and says in a word what became of it.
func (s *Server) book(ctx context.Context, account models.AccountID, t models.Told) (string, error) {
	done, err := s.store.Convert(ctx, account, []models.Told{t})
	switch {
	case err != nil:
		return failed, err
	case done[0].Refused != nil:
		return refused, done[0].Refused
	case done[0].Repeated:
		return repeated, nil
	}
	return string(done[0].State), nil
}

// paramsOf reads the query and the body, of which the body counts first.
func (s *Server) paramsOf(c echo.Context) (map[string][]string, error) {
	r := c.Request()
	if len(r.URL.RawQuery) > queryLimit {
		return nil, fault.New(fault.Invalid, "the query is longer than %d bytes", queryLimit)
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the query is not encoded as a query is")
	}
	if r.Method != http.MethodPost {
		return query, nil
	}
	raw, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, postbackLimit))
	if err != nil {
		return nil, broken(err)
	}
	params, err := paramsIn(r.Header.Get("Content-Type"), raw)
	if err != nil {
		return nil, err
	}
	for name, values := range query {
		params[name] = append(params[name], values...)
	}
	return params, nil
}

func paramsIn(contentType string, raw []byte) (map[string][]string, error) {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch {
	case len(raw) == 0:
		return map[string][]string{}, nil
	case kind == "application/json":
		return postback.Object(raw)
	case kind == "application/x-www-form-urlencoded", kind == "":
		form, err := url.ParseQuery(string(raw))
		if err != nil {
			return nil, fault.New(fault.Invalid, "the body is not encoded as a form is")
		}
		return form, nil
	}
	return nil, problem(http.StatusUnsupportedMediaType, "the body is read as a form or as JSON")
}

func termsOf(o models.Offer) postback.Terms {
	zone, err := time.LoadLocation(o.Zone)
	if err != nil {
		zone = time.UTC
	}
	return postback.Terms{Share: o.PayoutType == models.PaysShare, Zone: zone}
}

func toldOf(offer models.OfferID, by models.ConversionSource, e postback.Event) models.Told {
	return models.Told{
		OfferID: offer, Kind: models.ConversionKind(e.Kind), TransactionID: e.TransactionID, Source: by, At: e.At,
		Amount: e.Amount, Currency: e.Currency, ClickID: e.ClickID, MessageID: models.MessageID(e.MessageID),
	}
}
