package temporal

import (
	"log/slog"
	"sync/atomic"

	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/log/tag"
)

// bridge hands the server's errors to our logger and drops the rest. It never ends
// the process, whatever the server calls fatal: that decision is our caller's.
type bridge struct {
	to    *slog.Logger
	quiet *atomic.Bool // set by Stop: services that end in turn complain about each other
}

var _ log.WithLogger = bridge{}

func newBridge(to *slog.Logger) bridge {
	return bridge{to: to, quiet: new(atomic.Bool)}
}

// With keeps the tags for every later line.
func (b bridge) With(tags ...tag.Tag) log.Logger {
	return bridge{to: slog.New(b.to.Handler().WithAttrs(attrs(tags))), quiet: b.quiet}
}

// Debug is dropped.
func (bridge) Debug(string, ...tag.Tag) {}

// Info is dropped.
func (bridge) Info(string, ...tag.Tag) {}

// Warn is dropped: at this level the server reports its normal races.
func (bridge) Warn(string, ...tag.Tag) {}

// Error is passed on.
func (b bridge) Error(msg string, tags ...tag.Tag) { b.pass(msg, tags) }

// DPanic is passed on as an error.
func (b bridge) DPanic(msg string, tags ...tag.Tag) { b.pass(msg, tags) }

// Panic is passed on as an error.
func (b bridge) Panic(msg string, tags ...tag.Tag) { b.pass(msg, tags) }

// Fatal is passed on as an error.
func (b bridge) Fatal(msg string, tags ...tag.Tag) { b.pass(msg, tags) }

func (b bridge) pass(msg string, tags []tag.Tag) {
	if b.quiet.Load() {
		return
	}
	slog.New(b.to.Handler().WithAttrs(attrs(tags))).Error("temporal server", slog.String("complaint", msg))
}

func attrs(tags []tag.Tag) []slog.Attr {
	out := make([]slog.Attr, 0, len(tags)+1)
	for _, t := range tags {
		// A stack trace is pages long and names no line of ours.
		if t.Key() != "error-stack-trace" && t.Key() != "sys-stack-trace" && t.Key() != "stack-trace" {
			out = append(out, slog.Any(t.Key(), t.Value()))
		}
	}
	return out
}
