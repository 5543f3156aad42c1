package app

import (
	"io"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/uber-go/tally/v4"
	tallyprom "github.com/uber-go/tally/v4/prometheus"
	"go.temporal.io/sdk/client"
	sdktally "go.temporal.io/sdk/contrib/tally"
)

// engineMetrics puts the Temporal SDK's metrics into our registry. The reporter is made
// without tally's Configuration, which serves /metrics on the process's default mux and
// panics at a second App. A metric that cannot be registered is missing, no more.
func engineMetrics(reg *prometheus.Registry, log *slog.Logger) (client.MetricsHandler, func() error) {
	reporter := tallyprom.NewReporter(tallyprom.Options{
		Registerer: reg, DefaultTimerType: tallyprom.HistogramTimerType,
		OnRegisterError: func(err error) { log.Warn("an engine metric is missing", "error", err) },
	})
	var closer io.Closer
	var scope tally.Scope
	scope, closer = tally.NewRootScope(tally.ScopeOptions{
		CachedReporter: reporter, Separator: tallyprom.DefaultSeparator, SanitizeOptions: &sdktally.PrometheusSanitizeOptions,
	}, time.Second)
	return sdktally.NewMetricsHandler(sdktally.NewPrometheusNamingScope(scope)), closer.Close
}

// tally counts messages by what became of them.
type messageTally struct{ counter *prometheus.CounterVec }

func newMessageTally(reg prometheus.Registerer) *messageTally {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "trackly_messages_total", Help: "Texts handed to providers, by what the provider answered.",
	}, []string{"provider", "answer"})
	reg.MustRegister(c)
	return &messageTally{counter: c}
}

// Message counts one answer of a provider.
func (t *messageTally) Message(provider, answer string) {
	t.counter.WithLabelValues(provider, answer).Inc()
}
