package api

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/phonefile"
)

const (
	// suppressAtOnce bounds a transaction, and with it how long it can hold a STOP's locks.
	suppressAtOnce = 1000
	refusedShown   = 1000
)

// suppressRoute takes two kinds of bodies under one address, so it reads them itself.
func (s *Server) suppressRoute() {
	op := operation(http.MethodPost, "/v1/suppressions", "suppress", "suppressions", "Silence phones")
	op.Description = "Up to 10,000 phones as JSON, or a file of up to 1,000,000 lines as text/csv: one phone a line, or with a column named phone. " +
		"A file is read as it arrives and taken in parts: when it breaks off, what was read is silenced, and the whole can be sent again."
	schema := schemaFor[newSuppressions](s, op)
	get(s, op, func(ctx context.Context, in *suppressing) (*reply[suppressedView], error) {
		if strings.HasPrefix(strings.ToLower(in.Upload.kind), "text/csv") {
			return s.suppressFile(ctx, in)
		}
		return s.suppressPhones(ctx, in, schema)
	})
	s.describeBody(op, "application/json", schema, true)
	s.describeBody(op, "text/csv", &huma.Schema{
		Type: huma.TypeString, Format: "binary", Description: "One phone a line, or a header line with a column named phone.",
	}, true)
}

// suppressing is a list of phones in one of two forms.
type suppressing struct {
	Scope  string `query:"scope" enum:"list,brand,account" doc:"With text/csv: how far it reaches."`
	ListID string `query:"list_id" maxLength:"64" doc:"With text/csv: the list, or a list of the brand."`
	Note   string `query:"note" maxLength:"500" doc:"With text/csv: why."`
	Upload upload
}

type newSuppressions struct {
	Phones []string `json:"phones" minItems:"1" maxItems:"10000" nullable:"false" doc:"Best in E.164 form." example:"[\"+12125550123\"]"`
	Scope  string   `json:"scope" enum:"list,brand,account" doc:"How far it reaches."`
	ListID string   `json:"list_id,omitempty" doc:"For the scopes list and brand: the list, or a list of the brand."`
	Note   string   `json:"note,omitempty" maxLength:"500" doc:"Why."`
}

func (s *Server) suppressPhones(ctx context.Context, in *suppressing, schema *huma.Schema) (*reply[suppressedView], error) {
	raw, err := io.ReadAll(&bounded{from: &in.Upload, left: bodyLimit})
	if err != nil {
		return nil, unread(&in.Upload, err, "")
	}
	body, bad, err := decode[newSuppressions](s.api.OpenAPI().Components.Schemas, schema, raw, false)
	if err != nil {
		return nil, err
	}
	x, err := s.reach(ctx, &bad, "", body.Scope, body.ListID, body.Note)
	if err != nil {
		return nil, err
	}
	if err := bad.Err("the suppressions"); err != nil {
		return nil, err
	}
	// The same rules as for a file, so that a phone reads the same in both.
	return s.silence(ctx, x, &phoneList{left: body.Phones})
}

// phoneList are phones of a request, as rows.
type phoneList struct {
	left []string
	line int
}

// Next implements phoneRows.
func (p *phoneList) Next() (phonefile.Row, error) {
	if len(p.left) == 0 {
		return phonefile.Row{}, io.EOF
	}
	p.line++
	row := phonefile.Read(p.line, p.left[0], home)
	p.left = p.left[1:]
	return row, nil
}

func (s *Server) suppressFile(ctx context.Context, in *suppressing) (*reply[suppressedView], error) {
	var bad fault.Problems
	x, err := s.reach(ctx, &bad, "query.", in.Scope, in.ListID, in.Note)
	if err != nil {
		return nil, err
	}
	if err := bad.Err("the suppressions"); err != nil {
		return nil, err
	}
	if in.Upload.length > s.limit {
		return nil, problem(http.StatusRequestEntityTooLarge, tooLarge)
	}
	giveBack, err := s.place()
	if err != nil {
		return nil, err
	}
	defer giveBack()
	out, err := s.silence(ctx, x, phonefile.NewReader(&bounded{from: &in.Upload, left: s.limit}, home))
	if err != nil {
		return nil, unread(&in.Upload, err, "; what came before is silenced, and the whole file can be sent again")
	}
	return out, nil
}

// reach reads how far suppressions are to reach.
func (s *Server) reach(ctx context.Context, bad *fault.Problems, at, scope, list, note string) (models.Suppression, error) {
	x := models.Suppression{AccountID: accountOf(ctx), Scope: models.Scope(scope), Source: models.ByUpload, Note: note}
	switch x.Scope {
	case models.ScopeAccount:
		if list != "" {
			bad.Add(at+"list_id", "does not go with the scope account")
		}
		return x, nil
	case models.ScopeList, models.ScopeBrand:
	default:
		return x, add(bad, complaint(at+"scope", "must be list, brand or account"), nil) // the schema may have said so
	}
	l, err := s.store.List(ctx, x.AccountID, models.ListID(list))
	if err != nil {
		return x, missing(bad, err, at+"list_id", "is not a list of this account")
	}
	if x.Scope == models.ScopeBrand && l.Brand == "" {
		bad.Add(at+"list_id", "is a list without a brand")
	}
	return x.Over(l), nil
}

func complaint(where, what string) error {
	var bad fault.Problems
	bad.Add(where, "%s", what)
	return bad.Err("the request")
}

// phoneRows are lines with phones, and io.EOF behind the last one.
type phoneRows interface {
	Next() (phonefile.Row, error)
}

// silence suppresses the phones part by part. Running campaigns are told of what was
// done also when the rest could not be read.
func (s *Server) silence(ctx context.Context, x models.Suppression, rows phoneRows) (*reply[suppressedView], error) {
	u := silencing{server: s, x: x, view: suppressedView{
		Scope: string(x.Scope), ListID: string(x.ListID), Brand: x.Brand, Refusals: []noPhoneView{},
	}}
	err := u.all(ctx, rows)
	s.tell(ctx, models.List{AccountID: x.AccountID, ID: x.ListID}, models.InboundEffect{Campaigns: slices.Sorted(maps.Keys(u.campaigns)), Skipped: u.view.Skipped})
	if err != nil {
		return nil, err
	}
	return &reply[suppressedView]{Body: u.view}, nil
}

// silencing is one upload on its way.
type silencing struct {
	server    *Server
	x         models.Suppression
	view      suppressedView
	part      []models.Number
	campaigns map[models.CampaignID]bool
}

func (u *silencing) all(ctx context.Context, rows phoneRows) error {
	for {
		row, err := rows.Next()
		if err != nil {
			end := errors.Is(err, io.EOF)
			if failed := u.flush(ctx); failed != nil || end {
				return failed
			}
			return err
		}
		u.view.Read++
		if row.Message != "" {
			u.refuse(row)
			continue
		}
		u.part = append(u.part, models.Number{Phone: row.Phone.E164, Region: row.Phone.Region, Zones: row.Phone.Zones})
		if len(u.part) == suppressAtOnce {
			if err := u.flush(ctx); err != nil {
				return err
			}
		}
	}
}

func (u *silencing) refuse(row phonefile.Row) {
	u.view.Refused++
	if len(u.view.Refusals) < refusedShown {
		u.view.Refusals = append(u.view.Refusals, noPhoneView{Line: row.Line, Value: row.Value, Message: row.Message})
	}
}

func (u *silencing) flush(ctx context.Context) error {
	if len(u.part) == 0 {
		return nil
	}
	done, err := u.server.store.Suppress(ctx, u.x, u.part)
	if err != nil {
		return err
	}
	u.part = u.part[:0]
	u.view.Added += done.Added
	u.view.Standing += done.Standing
	u.view.OptedOut += done.OptedOut
	u.view.Skipped += done.Skipped
	for _, c := range done.Campaigns {
		if u.campaigns == nil {
			u.campaigns = map[models.CampaignID]bool{}
		}
		u.campaigns[c] = true
	}
	return nil
}
