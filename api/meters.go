package api

import (
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/prometheus/client_golang/prometheus"

	"trackly/internal/fault"
)

// meters are this package's metrics. No label holds anything a stranger can choose.
type meters struct {
	requests    *prometheus.HistogramVec
	clicks      *prometheus.CounterVec
	inbound     *prometheus.CounterVec
	statuses    *prometheus.CounterVec
	conversions *prometheus.CounterVec
}

func newMeters(reg prometheus.Registerer) (*meters, error) {
	counter := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
	}
	m := &meters{
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "trackly_http_request_seconds", Help: "Requests to /v1, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60},
		}, []string{"method", "route", "status"}),
		clicks:   counter("trackly_clicks_total", "Requests to short links, by what became of them.", "result"),
		inbound:  counter("trackly_inbound_total", "Texts from people, by how they were read.", "verdict"),
		statuses: counter("trackly_status_callbacks_total", "Status callbacks of providers, by what they changed.", "result"),
		conversions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "trackly_conversions_total", Help: "Conversions we were told of, by how and by what became of them.",
		}, []string{"source", "outcome"}),
	}
	for _, c := range []prometheus.Collector{m.requests, m.clicks, m.inbound, m.statuses, m.conversions} {
		if err := reg.Register(c); err != nil {
			return nil, fault.Wrap(err, fault.Internal, "the API's metrics cannot be registered")
		}
	}
	return m, nil
}

// observed times an operation and keeps a panic from taking the connection down.
func (s *Server) observed(ctx huma.Context, next func(huma.Context)) {
	began := time.Now()
	response := humaecho.Unwrap(ctx).Response()
	defer func() {
		if why := recover(); why != nil {
			s.log.ErrorContext(ctx.Context(), "handler panicked", "route", ctx.Operation().OperationID,
				"panic", why, "stack", string(debug.Stack()))
			if !response.Committed {
				s.refuse(ctx, problem(http.StatusInternalServerError, "something went wrong on our side"))
			}
		}
		s.meters.requests.WithLabelValues(ctx.Method(), ctx.Operation().Path, strconv.Itoa(response.Status/100)+"xx").
			Observe(time.Since(began).Seconds())
	}()
	next(ctx)
}
