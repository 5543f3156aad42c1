package api

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"trackly/internal/fault"
	"trackly/models"
)

// OnID addresses one thing. Like Posting and Paging it is exported because huma passes
// over embedded types that are not.
type OnID struct {
	ID string `path:"id" doc:"Its id."`
}

// Posting is a request with a JSON body.
type Posting struct {
	Key     string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]+$" doc:"Any text of yours, at most 255 visible ASCII characters. A repetition with the same key and content gets the first one's result."`
	Request sent
}

// postingTo is a request with a JSON body to one thing.
type postingTo struct {
	OnID
	Posting
}

// asking is a request with a JSON body that changes nothing, or the same when repeated.
type asking struct{ Request sent }

func (a *asking) body() *sent { return &a.Request }

func (p *Posting) body() *sent { return &p.Request }

func (p *Posting) once() models.Once { return models.Once{Key: p.Key, RequestHash: p.Request.hash} }

// reply is an answer with a body.
type reply[T any] struct{ Body T }

// created is an answer about something new.
type created[T any] struct {
	Location string `header:"Location" doc:"Where it is."`
	Body     T
}

func operation(method, path, id, tag, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Tags: []string{tag}, Summary: summary,
		DefaultStatus: http.StatusOK, BodyReadTimeout: time.Minute,
	}
}

// get registers an operation without a body.
func get[I, O any](s *Server, op huma.Operation, handle func(ctx context.Context, in *I) (*O, error)) {
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.explain(ctx, op.OperationID, err)
		}
		return out, nil
	})
}

// post registers an operation with a JSON body. The handler is given what the schema
// found wrong, to add its own complaints to it: clients hear all of them at once.
func post[B, I, O any](s *Server, op huma.Operation, handle func(ctx context.Context, in *I, body B, bad *fault.Problems) (*O, error)) {
	schema := schemaFor[B](s, op)
	registry := s.api.OpenAPI().Components.Schemas
	check := schema
	for check.Ref != "" {
		check = registry.SchemaFromRef(check.Ref)
	}
	optional := len(check.Required) == 0
	get(s, op, func(ctx context.Context, in *I) (*O, error) {
		var request *sent
		if p, ok := any(in).(interface{ body() *sent }); ok {
			request = p.body()
		}
		if request == nil || request.hash == nil { // huma did not see it: everything would seem left out
			return nil, fault.New(fault.Internal, "%s has no body that was read", op.OperationID)
		}
		body, bad, err := decode[B](registry, schema, request.raw, optional)
		if err != nil {
			return nil, err
		}
		return handle(ctx, in, body, &bad)
	})
	s.describeBody(op, "application/json", schema, !optional)
}

// schemaFor is the schema of a body, in the document's components.
func schemaFor[B any](s *Server, op huma.Operation) *huma.Schema {
	return s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[B](), true, op.OperationID)
}
