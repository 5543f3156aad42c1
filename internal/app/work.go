package app

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"trackly/activities"
	"trackly/internal/fault"
	"trackly/internal/network"
	"trackly/internal/reach"
	"trackly/rules/price"
	"trackly/workers"
)

// Work runs workflows and activities until the context ends, then lets batches on
// their way come to an end.
func (a *App) Work(ctx context.Context) error {
	stopMetrics, err := a.serveWorkerMetrics(ctx)
	if err != nil {
		return err
	}
	defer stopMetrics()
	acts, err := a.activities()
	if err != nil {
		return err
	}
	set := workers.New(a.temporal, acts, a.Config.Worker.Batches)
	for i, w := range set {
		if err := w.Start(); err != nil {
			for _, started := range set[:i] {
				started.Stop()
			}
			return fault.Wrap(err, fault.Broken, "cannot start a worker")
		}
	}
	if err := a.Engine.StartKeeper(ctx); err != nil {
		a.Log.WarnContext(ctx, "the keeper was not started; the next worker tries again", "error", err)
	}
	if err := a.Engine.ScheduleRetention(ctx); err != nil {
		a.Log.WarnContext(ctx, "old texts are not redacted until a worker can schedule that", "error", err)
	}
	if err := a.Engine.ScheduleRevise(ctx); err != nil {
		a.Log.WarnContext(ctx, "clicks are not looked at again until a worker can schedule that", "error", err)
	}
	if err := a.Engine.ScheduleDomains(ctx); err != nil {
		a.Log.WarnContext(ctx, "link domains are not checked until a worker can schedule that", "error", err)
	}
	if err := a.Engine.SchedulePull(ctx); err != nil {
		a.Log.WarnContext(ctx, "networks' conversions are not pulled until a worker can schedule that", "error", err)
	}
	if err := a.Engine.ScheduleFold(ctx); err != nil {
		a.Log.WarnContext(ctx, "tallies are not kept up until a worker can schedule that; reports take longer", "error", err)
	}
	a.Log.InfoContext(ctx, "working", "batches", a.Config.Worker.Batches)
	<-ctx.Done()
	for _, w := range set {
		w.Stop()
	}
	return nil
}

// networkLimit is how long a network may take over a page of its report.
const networkLimit = time.Minute

func (a *App) activities() (workers.Activities, error) {
	ahead, err := a.Config.Delivery.Ahead(time.Now())
	if err != nil {
		return workers.Activities{}, fault.Wrap(err, fault.Invalid, "delivery.pretend_time cannot be read")
	}
	d := a.Config.Delivery
	return workers.Activities{
		Campaigns: &activities.Campaigns{Store: a.Store, Starter: a.Engine, Now: time.Now},
		Delivery: &activities.Delivery{
			Store: a.Store, Providers: a.Providers, Codes: a.Codes, Door: a.Door, Hours: a.Hours, Clock: activities.Clock{Ahead: ahead},
			Prices: price.DefaultBook(),
			Tally:  newMessageTally(a.Metrics), Air: activities.NewAir(d.Concurrency),
			SettleAfter: d.SettleAfter, GiveUpAfter: d.GiveUpAfter, Now: time.Now,
		},
		Retention: &activities.Retention{Store: a.Store, Now: time.Now},
		Tallies:   &activities.Tallies{Store: a.Store, Now: time.Now},
		Imports:   &activities.Imports{Store: a.Store},
		Pulls:     &activities.Pulls{Store: a.Store, TUNE: network.TUNE{HTTP: reach.NewClient(networkLimit, a.Config.Outbound.Local)}, Now: time.Now},
		Clicks:    &activities.Clicks{Store: a.Store, Now: time.Now},
		Domains:   &activities.Domains{Store: a.Store, Links: a.Links, Now: time.Now},
		Lookups:   &activities.Lookups{Store: a.Store, Providers: a.Providers, Door: a.Door, Now: time.Now},
		Checks:    &activities.Checks{Store: a.Store, Starter: a.Engine, Providers: a.Providers, Door: a.Door},
	}, nil
}

// serveWorkerMetrics answers /metrics and /healthz for a process without an API.
func (a *App) serveWorkerMetrics(ctx context.Context) (stop func(), err error) {
	if a.Config.Worker.MetricsListen == "" {
		return func() {}, nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.Metrics, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := a.Ready(r.Context()); err != nil {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
		}
	})
	return a.listen(ctx, a.Config.Worker.MetricsListen, mux)
}
