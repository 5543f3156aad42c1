package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"trackly/internal/fault"
	"trackly/models"
)

// importStore takes contact files and keeps their reports.
type importStore interface {
	List(ctx context.Context, account models.AccountID, id models.ListID) (models.List, error)
	ImportContacts(ctx context.Context, o models.Once, imp models.Import, file models.ContactFile) (models.Import, error)
	Import(ctx context.Context, account models.AccountID, id models.ImportID) (models.Import, error)
	Imports(ctx context.Context, account models.AccountID, list models.ListID, after models.ImportID, limit int) ([]models.Import, error)
	Refusals(ctx context.Context, account models.AccountID, id models.ImportID, after int64, limit int) ([]models.Refusal, error)
}

const (
	// importsAtOnce bounds the database connections that slow uploads can hold.
	importsAtOnce = 4
	refusalsShown = 100
)

func (s *Server) importRoutes() {
	create := operation(http.MethodPost, "/v1/lists/{id}/imports", "create-import", "imports", "Import a CSV file of contacts into a list")
	create.DefaultStatus = http.StatusCreated
	create.Description = "The body is the file itself, with a header line. It is read as it arrives, whatever its size, and taken whole or not at all."
	get(s, create, s.createImport)
	s.describeBody(create, "text/csv", &huma.Schema{
		Type: huma.TypeString, Format: "binary", Description: "phone, first_name, last_name, state, consent_date; every other column is a custom field.",
	}, true)
	get(s, operation(http.MethodGet, "/v1/lists/{id}/imports", "list-imports", "imports", "Read the reports of a list's imports"), s.importsOf)
	get(s, operation(http.MethodGet, "/v1/imports/{id}", "get-import", "imports", "Read the report of an import"), s.importReport)
	get(s, operation(http.MethodGet, "/v1/imports/{id}/refusals", "list-refusals", "imports", "Read the rows an import did not take"), s.refusals)
	table := operation(http.MethodGet, "/v1/imports/{id}/refusals.csv", "get-refusals-file", "imports", "Download the rows an import did not take")
	table.Responses = map[string]*huma.Response{"200": {
		Description: "OK", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	get(s, table, s.refusalsFile)
}

// importView is the report of an import.
type importView struct {
	ID       string         `json:"id"`
	ListID   string         `json:"list_id"`
	RowsRead int64          `json:"rows_read" doc:"added + merged + opted_out + refused"`
	Added    int64          `json:"added" doc:"New on this list."`
	Merged   int64          `json:"merged" doc:"Were on this list; what the file says was laid over."`
	OptedOut int64          `json:"opted_out" doc:"Said STOP before; an import never revives them."`
	Refused  int64          `json:"refused" doc:"Cannot be used."`
	Reasons  map[string]int `json:"refused_by_reason,omitempty" doc:"In the answer to the import only."`
	Refusals []refusalView  `json:"refusals,omitempty" doc:"The first 100 refused rows, in the answer to the import only."`
	MoreAt   string         `json:"refusals_url" doc:"All refused rows."`
	At       time.Time      `json:"created_at"`
}

func importViewOf(i models.Import) importView {
	return importView{
		ID: string(i.ID), ListID: string(i.ListID), RowsRead: i.RowsRead, Added: i.Added, Merged: i.Merged,
		OptedOut: i.OptedOut, Refused: i.Refused, MoreAt: "/v1/imports/" + string(i.ID) + "/refusals", At: i.CreatedAt.UTC(),
	}
}

// importing is a request whose body is a file.
type importing struct {
	OnID
	Key    string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]+$" doc:"A repetition with the same key and length gets the first one's report."`
	Upload upload
}

func (s *Server) createImport(ctx context.Context, in *importing) (*created[importView], error) {
	l, err := s.store.List(ctx, accountOf(ctx), models.ListID(in.ID))
	if err != nil {
		return nil, err
	}
	select {
	case s.imports <- struct{}{}:
		defer func() { <-s.imports }()
	default:
		return nil, fault.After(5*time.Second, "%d imports are running; try again when one is done", importsAtOnce)
	}
	file := &contactFile{upload: &in.Upload, limit: s.limit}
	imp, err := s.takeFile(ctx, models.Once{Key: in.Key, RequestHash: in.Upload.hash}, l, file)
	if err != nil {
		return nil, err
	}
	view := importViewOf(imp)
	view.Reasons = file.reasons
	rows, err := s.store.Refusals(ctx, l.AccountID, imp.ID, 0, refusalsShown)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		view.Refusals = append(view.Refusals, refusalViewOf(r))
	}
	return &created[importView]{Location: "/v1/imports/" + view.ID, Body: view}, nil
}

func (s *Server) takeFile(ctx context.Context, o models.Once, l models.List, file *contactFile) (models.Import, error) {
	if file.upload.length > s.limit {
		return models.Import{}, problem(http.StatusRequestEntityTooLarge, tooLarge)
	}
	imp, err := s.store.ImportContacts(ctx, o, models.Import{
		ID: models.NewID[models.ImportID](), AccountID: l.AccountID, ListID: l.ID,
	}, file)
	switch {
	case err == nil:
		return imp, nil
	case errors.Is(err, errTooLarge):
		return imp, problem(http.StatusRequestEntityTooLarge, tooLarge)
	case file.upload.broken != nil:
		return imp, problem(http.StatusBadRequest, "the upload broke off; nothing was imported")
	}
	return imp, err
}

func (s *Server) importsOf(ctx context.Context, in *struct {
	OnID
	Paging
},
) (*reply[Page[importView]], error) {
	after, err := afterID[models.ImportID](in.Paging)
	if err != nil {
		return nil, err
	}
	l, err := s.store.List(ctx, accountOf(ctx), models.ListID(in.ID))
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Imports(ctx, l.AccountID, l.ID, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(rows, in.Limit, importViewOf, func(i models.Import) string { return string(i.ID) }), nil
}

func (s *Server) importReport(ctx context.Context, in *OnID) (*reply[importView], error) {
	imp, err := s.store.Import(ctx, accountOf(ctx), models.ImportID(in.ID))
	if err != nil {
		return nil, err
	}
	return &reply[importView]{Body: importViewOf(imp)}, nil
}
