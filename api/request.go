package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"trackly/internal/fault"
)

const tooLarge = "the request body is too large"

// sent is a body as it came, and what makes the request the same as another one.
type sent struct {
	raw  []byte
	hash []byte
}

// Resolve implements huma.Resolver: it reads the body, up to its limit.
func (s *sent) Resolve(ctx huma.Context) []error { return s.read(ctx, bodyLimit) }

// sentMuch is a body that may be long.
type sentMuch struct{ all sent }

// Resolve implements huma.Resolver.
func (s *sentMuch) Resolve(ctx huma.Context) []error { return s.all.read(ctx, manyLimit) }

func (s *sent) read(ctx huma.Context, limit int64) []error {
	raw, err := io.ReadAll(io.LimitReader(ctx.BodyReader(), limit+1))
	if err != nil {
		return []error{problem(http.StatusBadRequest, "the request body broke off")}
	}
	if int64(len(raw)) > limit {
		return []error{problem(http.StatusRequestEntityTooLarge, tooLarge)}
	}
	s.raw, s.hash = raw, hashOf(ctx, raw)
	return nil
}

func hashOf(ctx huma.Context, body []byte) []byte {
	u := ctx.URL()
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%s %s\n", ctx.Method(), u.Path)
	_, _ = h.Write(body)
	return h.Sum(nil)
}

// decode reads a body and collects what is wrong with it. The error is for what is no
// JSON at all.
func decode[B any](registry huma.Registry, schema *huma.Schema, raw []byte, optional bool) (B, fault.Problems, error) {
	var body B
	if optional && len(bytes.TrimSpace(raw)) == 0 {
		return body, nil, nil
	}
	var parsed any
	if err := json.Unmarshal(raw, &parsed); err != nil {
		return body, nil, fault.New(fault.Invalid, "the request body is not JSON: %s", err)
	}
	if deeper(parsed, mostNested) {
		return body, nil, fault.New(fault.Invalid, "the request body is nested more than %d deep", mostNested)
	}
	var result huma.ValidateResult
	huma.Validate(registry, schema, huma.NewPathBuffer(make([]byte, 0, 64), 0), huma.ModeWriteToServer, parsed, &result)
	bad := complaints(result.Errors)
	refuse(&bad, "", parsed)
	var wrongType *json.UnmarshalTypeError
	err := json.Unmarshal(raw, &body)
	if f, ok := errors.AsType[*fault.Fault](err); ok && len(f.Problems) > 0 {
		_ = add(&bad, f, nil)
	} else if err != nil && (!errors.As(err, &wrongType) || len(bad) == 0) {
		bad.Add("", "%s", err)
	}
	return body, bad, nil
}

// mostNested is far beyond any body of ours. A schema that names itself is read as deep as
// the body goes, with a path for every complaint.
const mostNested = 32

func deeper(v any, than int) bool {
	if than < 0 {
		return true
	}
	below := func(v any) bool { return deeper(v, than-1) }
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, below)
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(v)), below)
	}
	return false
}

// complaints puts what a schema found wrong in our words.
func complaints(errs []error) fault.Problems {
	var bad fault.Problems
	for _, err := range errs {
		d, ok := errors.AsType[*huma.ErrorDetail](err)
		if !ok {
			bad.Add("", "%s", err)
			continue
		}
		where, message := d.Location, d.Message
		if name, ok := strings.CutPrefix(message, "expected required property "); ok {
			name = strings.TrimSuffix(name, " to be present")
			where, message = join(where, name), "is required"
		}
		bad.Add(where, "%s", message)
	}
	return bad
}

func join(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "." + name
}

// refuse complains of the one character Postgres cannot store, and of a filter that is
// null: a client's empty variable must not text everybody. Elsewhere null is "left out".
func refuse(bad *fault.Problems, where string, v any) {
	switch v := v.(type) {
	case nil:
		if strings.EqualFold(where, "filter") { // as encoding/json compares names
			bad.Add(where, "is null; leave it out to mean everybody")
		}
	case string:
		if strings.ContainsRune(v, 0) {
			bad.Add(where, "holds the character U+0000")
		}
	case []any:
		for i, item := range v {
			refuse(bad, fmt.Sprintf("%s[%d]", where, i), item)
		}
	case map[string]any:
		for name, item := range v {
			if strings.ContainsRune(name, 0) {
				bad.Add(where, "holds the character U+0000")
			}
			refuse(bad, join(where, name), item)
		}
	}
}

// add joins the complaints of err, under the client's names for its places. A place the
// schema complained of already is passed over: half-read values only confuse. An error
// that is not Invalid comes back.
func add(bad *fault.Problems, err error, rename func(string) string) error {
	if err == nil {
		return nil
	}
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || f.Kind != fault.Invalid {
		return err
	}
	known := slices.Clone(*bad)
	for _, p := range f.Problems {
		if rename != nil {
			p.Where = rename(p.Where)
		}
		if !slices.ContainsFunc(known, func(k fault.Problem) bool { return k.Where == p.Where }) {
			*bad = append(*bad, p)
		}
	}
	return nil
}
