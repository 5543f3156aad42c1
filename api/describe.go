package api

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
)

const (
	problemType = "application/problem+json"
	keyScheme   = "key"
	schemas     = "#/components/schemas/"
)

// newAPI sets huma up without its own pages: they load scripts from foreign hosts, and
// its OpenAPI handler writes a shared variable without a lock.
func (s *Server) newAPI() huma.API {
	cfg := huma.DefaultConfig("Trackly", "1")
	cfg.Info.Description = "SMS campaigns: lists, contacts, creatives, campaigns, messages, answers, suppressions. " +
		"Every request carries `Authorization: Bearer trk_...`. Errors are problem details (RFC 9457). " +
		"Pages are read with `cursor`; requests that create or send take an `Idempotency-Key`."
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath, cfg.CreateHooks = "", "", "", nil
	cfg.RejectUnknownQueryParameters = true
	cfg.Components.Schemas = huma.NewMapRegistry(schemas, schemaName)
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		keyScheme: {Type: "http", Scheme: "bearer", BearerFormat: "trk_...", Description: "An API key of the account."},
	}
	cfg.Security = []map[string][]string{{keyScheme: {}}}
	cfg.Transformers = []huma.Transformer{asProblem}
	a := humaecho.New(s.echo, cfg)
	a.UseMiddleware(s.observed, s.authorized)
	return a
}

// schemaName keeps our suffix for answers out of the document.
func schemaName(t reflect.Type, hint string) string {
	return strings.ReplaceAll(huma.DefaultSchemaNamer(t, hint), "View", "")
}

// describeBody adds the request body to the document by hand. If huma knew of it, huma
// would read it: whole, and before we can see all mistakes at once.
func (s *Server) describeBody(op huma.Operation, contentType string, schema *huma.Schema, required bool) {
	described := operationOf(s.api.OpenAPI().Paths[op.Path], op.Method)
	if described.RequestBody == nil {
		described.RequestBody = &huma.RequestBody{Required: required, Content: map[string]*huma.MediaType{}}
	}
	described.RequestBody.Content[contentType] = &huma.MediaType{Schema: schema}
}

func operationOf(p *huma.PathItem, method string) *huma.Operation {
	switch method {
	case http.MethodPost:
		return p.Post
	case http.MethodPut:
		return p.Put
	case http.MethodPatch:
		return p.Patch
	case http.MethodDelete:
		return p.Delete
	}
	return p.Get
}

// documentProblems says of every operation which problems it can answer with.
func (s *Server) documentProblems() {
	doc := s.api.OpenAPI()
	schema := doc.Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "")
	answer := func(status int) *huma.Response {
		return &huma.Response{
			Description: http.StatusText(status), Content: map[string]*huma.MediaType{problemType: {Schema: schema}},
		}
	}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		p := doc.Paths[path]
		for _, op := range []*huma.Operation{p.Get, p.Post, p.Put, p.Patch, p.Delete} {
			if op == nil {
				continue
			}
			delete(op.Responses, "default")
			for _, status := range problemsOf(path, op) {
				op.Responses[strconv.Itoa(status)] = answer(status)
			}
		}
	}
	// What huma would answer with; asProblem replaces it.
	delete(doc.Components.Schemas.Map(), "ErrorModel")
	delete(doc.Components.Schemas.Map(), "ErrorDetail")
}

func problemsOf(path string, op *huma.Operation) []int {
	all := []int{http.StatusUnauthorized, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if strings.Contains(path, "{") {
		all = append(all, http.StatusNotFound)
	}
	if op.Method == http.MethodPost {
		all = append(all, http.StatusConflict)
	}
	all = append(all, op.Errors...)
	if op.RequestBody != nil {
		all = append(all, http.StatusRequestEntityTooLarge)
	}
	if op.RequestBody != nil || slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.In != "path" }) {
		all = append(all, http.StatusUnprocessableEntity)
	}
	return all
}
