package postgres

import (
	"log/slog"
	"time"
)

// Database is the name of the one database the product lives in.
const Database = "trackly"

// Superuser is the role that owns the cluster; the product uses it because nobody
// else can reach a server that listens on the loopback address only.
const Superuser = "trackly"

// Tuning is what a machine's owner may want to change. A zero field means the default.
type Tuning struct {
	SharedBuffers  string        // in Postgres' notation; default 256MB
	MaxConnections int           // default 200: product, engine and a psql or two
	StartWithin    time.Duration // default 60s: crash recovery replays the log first
}

// Options says where the server keeps its data and how it runs.
type Options struct {
	// Dir holds the cluster, its password and its log. It is made when missing. Two
	// products must not share it.
	Dir string
	// Port is the TCP port on 127.0.0.1. 0 takes a free one and remembers it in Dir, so
	// that a saved connection string is still right tomorrow.
	Port int
	// Log hears about the start, the adoption of a running server, and the stop.
	Log *slog.Logger
	// Tuning may be left zero.
	Tuning Tuning
	// Throwaway gives up durability for speed. A power cut destroys such a cluster:
	// for tests only.
	Throwaway bool
}

func (o Options) withDefaults() Options {
	if o.Tuning.SharedBuffers == "" {
		o.Tuning.SharedBuffers = "256MB"
	}
	if o.Tuning.MaxConnections == 0 {
		o.Tuning.MaxConnections = 200
	}
	if o.Tuning.StartWithin == 0 {
		o.Tuning.StartWithin = time.Minute
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}
