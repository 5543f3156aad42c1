package main

import (
	"context"
	"errors"
	"net/http"
	"os"

	enumspb "go.temporal.io/api/enums/v1"
	"golang.org/x/sync/errgroup"

	"trackly/internal/app"
	"trackly/internal/embedded/temporal"
	"trackly/workflows"
)

// serveProduct is Temporal, API and workers in one process, as on one machine.
func serveProduct(ctx context.Context, o orders) error {
	cfg := o.settings()
	log := app.NewLogger(os.Stderr, cfg.Log)
	attributes := map[string]enumspb.IndexedValueType{}
	for _, key := range workflows.SearchAttributes() {
		attributes[key.GetName()] = enumspb.INDEXED_VALUE_TYPE_KEYWORD
	}
	engine, err := temporal.Start(ctx, temporal.Options{
		PostgresURL: o.DatabaseURL, Port: o.TemporalPort, UIPort: o.UIPort, SearchAttributes: attributes, Log: log,
	})
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, cfg, log)
	if err != nil {
		return errors.Join(err, engine.Stop())
	}
	var g errgroup.Group
	g.Go(func() error { return a.Serve(ctx) })
	g.Go(func() error { return a.Work(ctx) })
	ready := func(ctx context.Context) error { return answers(ctx, o.PublicURL) }
	g.Go(func() error { return serve(ctx, o.Control, control(ready)) })
	err = g.Wait()
	a.Close()
	return errors.Join(err, engine.Stop())
}

// answers asks the product itself whether it is ready.
func answers(ctx context.Context, publicURL string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, publicURL+"/readyz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return errors.New("the product is not ready")
	}
	return nil
}
