package main

import (
	"context"
	"fmt"
	"time"
)

// strike kills what the round's kind says, and starts it again after down.
func (f *fleet) strike(ctx context.Context, k kind, n int, down time.Duration) error {
	if k == killPostgres {
		return f.strikePostgres(ctx, down)
	}
	victims, err := f.victims(k, n)
	if err != nil {
		return err
	}
	for _, p := range victims {
		p.kill()
	}
	if err := pause(ctx, down); err != nil {
		return err
	}
	for _, p := range victims {
		if err := p.start(); err != nil {
			return err
		}
	}
	return nil
}

// victims are the processes that die; n alternates between the workers.
func (f *fleet) victims(k kind, n int) ([]*process, error) {
	switch k {
	case killWorker:
		return f.workers[n%len(f.workers) : n%len(f.workers)+1], nil
	case killWorkers:
		return f.workers, nil
	case killAPI:
		return []*process{f.api}, nil
	case killTemporal:
		return []*process{f.temporal}, nil
	case killStandalone:
		return []*process{f.standalone}, nil
	case killPostgres:
	}
	return nil, fmt.Errorf("nobody to kill for %q", k)
}

func (f *fleet) strikePostgres(ctx context.Context, down time.Duration) error {
	if err := f.postgres.Kill(ctx); err != nil {
		return err
	}
	if err := pause(ctx, down); err != nil {
		return err
	}
	pg, err := startPostgres(ctx, f.dir)
	if err != nil {
		return err
	}
	f.postgres = pg
	return nil
}
