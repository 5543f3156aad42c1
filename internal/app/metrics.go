package app

import (
	"io"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/uber-go/tally/v4"
	tallyprom "github.com/uber-go/tally/v4/prometheus"
	"go.temporal.io/sdk/client"
	sdktally "go.temporal.io/sdk/contrib/tally"

	"trackly/internal/fault"
)

// engineMetrics puts the Temporal SDK's metrics into our registry.
func engineMetrics(reg *prometheus.Registry) (client.MetricsHandler, func() error, error) {
	reporter, err := tallyprom.Configuration{TimerType: "histogram"}.NewReporter(tallyprom.ConfigurationOptions{Registry: reg})
	if err != nil {
		return nil, nil, fault.Wrap(err, fault.Internal, "no engine metrics")
	}
	var closer io.Closer
	var scope tally.Scope
	scope, closer = tally.NewRootScope(tally.ScopeOptions{
		CachedReporter: reporter, Separator: tallyprom.DefaultSeparator, SanitizeOptions: &sdktally.PrometheusSanitizeOptions,
	}, time.Second)
	return sdktally.NewMetricsHandler(sdktally.NewPrometheusNamingScope(scope)), closer.Close, nil
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
