package temporal

import (
	"log/slog"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
)

// ip is the only address served: nothing here authenticates a caller.
const ip = "127.0.0.1"

// shards is fixed for ever by the first start of a database. On one machine more of
// them cost memory and make nothing faster.
const shards = 4

// Retention is how long the web UI still shows a finished workflow.
const Retention = 7 * 24 * time.Hour

// Options says where the server keeps its state and where it listens.
type Options struct {
	// PostgresURL is the database to live in, under schemas of its own. Empty keeps
	// everything in memory, for tests.
	PostgresURL string
	// Port is the frontend's; 0 takes a free one. The caller remembers it, so that
	// clients and bookmarks stay right.
	Port int
	// UIPort is the web UI's; 0 takes a free one.
	UIPort int
	// WithoutUI leaves the web UI out.
	WithoutUI bool
	// Namespace defaults to "default".
	Namespace string
	// SearchAttributes are added to the namespace when missing, at any later start too.
	// At most 10 keywords: SQL stores have no more columns for them.
	SearchAttributes map[string]enumspb.IndexedValueType
	// Dynamic overrides single dynamic config keys.
	Dynamic map[string]any
	// Log hears errors of the server, without its debug chatter.
	Log *slog.Logger
	// StartWithin defaults to 90s; the first start on Postgres makes two schemas.
	StartWithin time.Duration
}

func (o Options) withDefaults() Options {
	if o.Namespace == "" {
		o.Namespace = "default"
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.StartWithin == 0 {
		o.StartWithin = 90 * time.Second
	}
	return o
}
