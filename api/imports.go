package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"trackly/models"
	"trackly/rules/field"
)

// importStore takes contact files and keeps their reports.
type importStore interface {
	List(ctx context.Context, account models.AccountID, id models.ListID) (models.List, error)
	FieldSet(ctx context.Context, account models.AccountID) (field.Set, error)
	BeginImport(ctx context.Context, o models.Once, imp models.Import) (models.Import, error)
	AddChunk(ctx context.Context, account models.AccountID, id models.ImportID, number int, data []byte) error
	EndUpload(ctx context.Context, imp models.Import) (models.Import, error)
	StartImport(ctx context.Context, account models.AccountID, id models.ImportID, columns []models.ImportColumn, o models.ImportOptions, dryRun bool) (models.Import, error)
	CancelImport(ctx context.Context, account models.AccountID, id models.ImportID, reason string) (models.Import, error)
	Import(ctx context.Context, account models.AccountID, id models.ImportID) (models.Import, error)
	Imports(ctx context.Context, account models.AccountID, list models.ListID, after models.ImportID, limit int) ([]models.Import, error)
	Refusals(ctx context.Context, account models.AccountID, id models.ImportID, after int64, limit int) ([]models.Refusal, error)
}

// importEngine runs imports.
type importEngine interface {
	StartImport(ctx context.Context, imp models.Import) error
}

func (s *Server) importRoutes() {
	s.uploadRoute()
	start := operation(http.MethodPost, "/v1/imports/{id}/start", "start-import", "imports", "Correct the columns of an import and run it, or try it dry")
	start.DefaultStatus = http.StatusAccepted
	post(s, start, s.startImport)
	cancel := operation(http.MethodPost, "/v1/imports/{id}/cancel", "cancel-import", "imports", "End an import for good; contacts that are merged stay")
	cancel.DefaultStatus = http.StatusAccepted
	post(s, cancel, s.cancelImport)
	get(s, operation(http.MethodGet, "/v1/lists/{id}/imports", "list-imports", "imports", "Read a list's imports"), s.importsOf)
	get(s, operation(http.MethodGet, "/v1/imports/{id}", "get-import", "imports", "Read the progress or the report of an import"), s.importReport)
	get(s, operation(http.MethodGet, "/v1/imports/{id}/refusals", "list-refusals", "imports", "Read the rows an import did not take"), s.refusals)
	table := operation(http.MethodGet, "/v1/imports/{id}/refusals.csv", "get-refusals-file", "imports", "Download the rows an import did not take")
	table.Responses = map[string]*huma.Response{"200": {
		Description: "OK", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	get(s, table, s.refusalsFile)
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
	view := func(i models.Import) importView { return importViewOf(i, s.now()) }
	return pageOf(rows, in.Limit, view, func(i models.Import) string { return string(i.ID) }), nil
}

func (s *Server) importReport(ctx context.Context, in *OnID) (*reply[importView], error) {
	imp, err := s.store.Import(ctx, accountOf(ctx), models.ImportID(in.ID))
	if err != nil {
		return nil, err
	}
	view := importViewOf(imp, s.now())
	if imp.State == models.ImportUploaded {
		known, err := s.store.FieldSet(ctx, imp.AccountID)
		if err != nil {
			return nil, err
		}
		if _, err := mapped(imp, imp.Options, known, nil); err != nil {
			if err := view.problem(err); err != nil {
				return nil, err
			}
		}
	}
	return &reply[importView]{Body: view}, nil
}

// runImport tells the engine of an import that is started. One it could not be told of is
// found by the keeper: the row is what counts.
func (s *Server) runImport(ctx context.Context, imp models.Import) importView {
	view := importViewOf(imp, s.now())
	if imp.State != models.ImportRunning && imp.State != models.ImportChecking {
		return view
	}
	if err := s.engine.StartImport(ctx, imp); err != nil {
		s.log.WarnContext(ctx, "an import was started without a workflow", "import", imp.ID, "error", err)
		view.Next = "The import is started, but the workflow engine does not answer. It runs by itself when the engine is back; there is nothing to repeat."
	}
	return view
}
