package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"trackly/internal/fault"
	"trackly/models"
)

// keyStore knows whose key it is.
type keyStore interface {
	AccountOf(ctx context.Context, keyText string, at time.Time) (models.AccountID, error)
}

type (
	accountKey struct{}
	actorKey   struct{}
)

// authorized lets a request through that shows a valid API key, and notes whose it is.
func (s *Server) authorized(ctx huma.Context, next func(huma.Context)) {
	scheme, key, _ := strings.Cut(ctx.Header("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(key, "trk_") {
		s.refuse(ctx, problem(http.StatusUnauthorized, "this needs an API key: Authorization: Bearer trk_..."))
		return
	}
	account, err := s.store.AccountOf(ctx.Context(), key, s.now())
	switch {
	case fault.KindOf(err) == fault.NotFound && err != nil:
		s.refuse(ctx, problem(http.StatusUnauthorized, "this API key is not valid"))
	case err != nil:
		s.refuse(ctx, s.explain(ctx.Context(), ctx.Operation().OperationID, err))
	default:
		next(huma.WithValue(huma.WithValue(ctx, accountKey{}, account), actorKey{}, "API key "+key[:min(len(key), models.KeyPrefix)]))
	}
}

func (s *Server) refuse(ctx huma.Context, p *Problem) {
	ctx.SetHeader("Content-Type", problemType)
	w := humaecho.Unwrap(ctx).Response()
	if err := writeProblem(w, p); err != nil {
		s.log.DebugContext(ctx.Context(), "the client left", "error", err)
	}
}

// accountOf is the account of the request's key. Every operation of /v1 has one:
// authorized stands before all of them.
func accountOf(ctx context.Context) models.AccountID {
	account, _ := ctx.Value(accountKey{}).(models.AccountID)
	return account
}

// actorOf is who made the request, as a log of changes may name them.
func actorOf(ctx context.Context) string {
	actor, _ := ctx.Value(actorKey{}).(string)
	return actor
}
