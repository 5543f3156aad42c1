// Package api is everything about HTTP: the /v1 operations and their OpenAPI document,
// the providers' webhooks, the short links' redirects, and the pages for operators. It
// decides nothing: rules and models decide, the store and the engine arrive as small
// interfaces, and a fault becomes a status code in one table.
package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"trackly/internal/fault"
	"trackly/internal/handover"
	"trackly/internal/provider"
	"trackly/rules/price"
	"trackly/rules/quiethours"
	"trackly/rules/shortcode"
	"trackly/rules/verdict"
)

// Store is what all handlers together ask of Postgres; each handler file declares its
// own part.
type Store interface {
	keyStore
	listStore
	domainStore
	connectionStore
	importStore
	contactStore
	fieldStore
	lookupStore
	creativeStore
	offerStore
	postbackStore
	tellingStore
	conversionStore
	rateStore
	previewStore
	campaignStore
	reportStore
	sumStore
	messageStore
	whyStore
	singleStore
	inboundStore
	suppressionStore
	settingStore
	paceStore
	checkStore
	eventStore
	webhookStore
	linkStore
	shortLinkStore
	erasureStore
	exportStore
	audienceStore
}

// Engine is what all handlers together ask of the workflow engine.
type Engine interface {
	campaignEngine
	checkEngine
	importEngine
	pullEngine
	inboundEngine
}

// Options are what a server works with. Store and Engine are needed to serve, not to
// describe: OpenAPI works without them.
type Options struct {
	Store          Store
	Engine         Engine
	Providers      provider.Registry
	Codes          *shortcode.Codec
	Prices         price.Book
	Door           handover.Door // what providers and phones call
	Hours          *quiethours.Table
	Links          linkChecker    // nil: link domains are not checked here
	Local          bool           // networks may be stand-ins on this machine
	Verdicts       *verdict.Rules // nil: with the lists that are shipped
	TrustForwarded bool           // believe X-Forwarded-For: only behind a proxy of one's own
	ImportLimit    int64          // bytes of a contact file; 1 GiB when not positive
	Log            *slog.Logger
	Metrics        *prometheus.Registry // nil: one of its own
	Ready          func(ctx context.Context) error
	Now            func() time.Time
}

const (
	importLimit = 1 << 30
	bodyLimit   = 1 << 20 // bytes of a JSON body
)

// Server answers HTTP. It is safe for concurrent use.
type Server struct {
	store     Store
	engine    Engine
	providers provider.Registry
	codes     *shortcode.Codec
	prices    price.Book
	door      handover.Door
	hours     *quiethours.Table
	links     linkChecker
	local     bool
	trusted   bool
	limit     int64
	log       *slog.Logger
	gatherer  prometheus.Gatherer
	ready     func(ctx context.Context) error
	now       func() time.Time

	echo     *echo.Echo
	api      huma.API
	meters   *meters
	dialled  *dialled
	secrets  *secrets
	statuses chan struct{} // one place for each status callback in progress
	imports  chan struct{} // one place for each upload in progress
	verdicts *verdict.Rules
	scans    chan struct{} // one place for each audience that is being read
	openAPI  []byte
}

// New makes a server. It is Invalid without a logger, a clock or an address.
func New(o Options) (*Server, error) {
	if o.Log == nil || o.Now == nil {
		return nil, fault.New(fault.Invalid, "the API needs a logger and a clock")
	}
	if o.Metrics == nil {
		o.Metrics = prometheus.NewRegistry()
	}
	if o.ImportLimit <= 0 {
		o.ImportLimit = importLimit
	}
	o.Door.PublicURL = strings.TrimRight(o.Door.PublicURL, "/")
	m, err := newMeters(o.Metrics)
	if err != nil {
		return nil, err
	}
	if o.Verdicts == nil {
		if o.Verdicts, err = verdict.New(verdict.Lists{}); err != nil {
			return nil, err
		}
	}
	s := &Server{
		store: o.Store, engine: o.Engine, providers: o.Providers, codes: o.Codes, prices: o.Prices,
		door: o.Door, hours: o.Hours, links: o.Links, local: o.Local, trusted: o.TrustForwarded, limit: o.ImportLimit, log: o.Log,
		gatherer: o.Metrics, ready: o.Ready, now: o.Now, meters: m,
		statuses: make(chan struct{}, statusesAtOnce), imports: make(chan struct{}, uploadsAtOnce),
		scans: make(chan struct{}, scansAtOnce), verdicts: o.Verdicts,
	}
	s.dialled = newDialled(o.Store, o.Providers, s.door, o.Now)
	s.secrets = newSecrets(o.Store, o.Now)
	s.routes()
	s.openAPI, err = json.MarshalIndent(s.api.OpenAPI(), "", "  ")
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the OpenAPI document cannot be written")
	}
	return s, nil
}

// Handler answers every request of this server.
func (s *Server) Handler() http.Handler { return s.echo }

// OpenAPI is the OpenAPI 3.1 document of /v1, as JSON. It is the same for every server
// of one release.
func (s *Server) OpenAPI() ([]byte, error) {
	if len(s.openAPI) == 0 {
		return nil, fault.New(fault.Internal, "the server was not made by New")
	}
	return append([]byte(nil), s.openAPI...), nil
}

func (s *Server) routes() {
	s.echo = echo.New()
	s.echo.HTTPErrorHandler = s.failed
	s.api = s.newAPI()
	s.listRoutes()
	s.domainRoutes()
	s.connectionRoutes()
	s.importRoutes()
	s.contactRoutes()
	s.fieldRoutes()
	s.lookupRoutes()
	s.erasureRoutes()
	s.exportRoutes()
	s.creativeRoutes()
	s.shortLinkRoutes()
	s.offerRoutes()
	s.conversionRoutes()
	s.rateRoutes()
	s.previewRoutes()
	s.audienceRoutes()
	s.campaignRoutes()
	s.steerRoutes()
	s.reportRoutes()
	s.sumRoutes()
	s.messageRoutes()
	s.singleRoutes()
	s.whyRoutes()
	s.inboundRoutes()
	s.suppressionRoutes()
	s.settingRoutes()
	s.paceRoutes()
	s.eventRoutes()
	s.providerRoutes()
	s.hoursRoutes()
	s.documentProblems()
	s.webhookRoutes()
	s.pageRoutes()
	s.postbackRoutes()
	s.linkRoutes()
}
