package api

import (
	"log/slog"
	"reflect"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"trackly/internal/handover"
)

// describing is a server that knows what requests look like and has nothing behind it.
func describing(tb testing.TB) *Server {
	tb.Helper()
	s, err := New(Options{Log: slog.New(slog.DiscardHandler), Now: time.Now, Door: handover.Door{PublicURL: "https://t.example"}})
	require.NoError(tb, err)
	return s
}

func schemaOf[T any](s *Server) *huma.Schema {
	return s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
}
