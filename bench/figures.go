package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// figure is one measured promise.
type figure struct {
	name    string
	measure func(ctx context.Context, m *machine) (Result, error)
}

// all lists the figures in the order they are measured: those that fill the tables
// come last.
func all() []figure {
	return []figure{
		{"segments", segments},
		{"campaign", campaign},
		{"cost_per_message", costPerMessage},
		{"campaign_vs_activity_per_message", activityPerMessage},
		{"redirect", redirect},
		{"redirect_latency", redirectLatency},
		{"callbacks", callbacks},
	}
}

func chosen(only string) ([]figure, error) {
	figures := all()
	if only == "" {
		return figures, nil
	}
	var kept []figure
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(figures, func(f figure) bool { return f.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no figure is called %q", name)
		}
		kept = append(kept, figures[i])
	}
	return kept, nil
}
