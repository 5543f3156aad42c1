package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"trackly/models"
	"trackly/rules/field"
	"trackly/rules/phone"
)

func (s *Server) uploadRoute() {
	create := operation(http.MethodPost, "/v1/lists/{id}/imports", "create-import", "imports", "Import a file of contacts into a list")
	create.DefaultStatus = http.StatusAccepted
	create.Errors = []int{http.StatusUnsupportedMediaType}
	create.Description = "The body is the file itself, whatever its Content-Type, or a form with a file; either may be packed with gzip. " +
		"It is stored as it arrives, whatever its size, and the answer comes when it is whole. What its columns mean is found by their headers and by what stands in them. " +
		"With start=false the import then waits to be corrected and started; else it runs at once, unless its columns leave a question open: then it waits too, and problems says why."
	get(s, create, s.createImport)
	file := &huma.Schema{Type: huma.TypeString, Format: "binary", Description: "A header line, and a contact a line: comma, semicolon, tab or | between its cells."}
	form := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"file": file}}
	for kind, schema := range map[string]*huma.Schema{"text/csv": file, "application/gzip": file, "application/octet-stream": file, "multipart/form-data": form} {
		s.describeBody(create, kind, schema, true)
	}
}

// importing is a request whose body is a file.
type importing struct {
	OnID
	Key       string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]+$" doc:"A repetition with the same key and length gets the first one's import; an upload that broke off begins again."`
	Start     bool   `query:"start" default:"true" doc:"Run it at once. With false it waits for /v1/imports/{id}/start."`
	DryRun    bool   `query:"dry_run" doc:"Only find out what would happen."`
	NewFields string `query:"new_fields" enum:"create,ignore" default:"ignore" doc:"What becomes of columns nobody knows: custom fields, or nothing."`
	Region    string `query:"region" default:"US" minLength:"2" maxLength:"2" doc:"ISO country in which numbers without a + are dialled."`
	Mobile    bool   `query:"mobile_only" doc:"Refuse numbers that are known to be no mobiles."`
	LookUp    bool   `query:"look_up" doc:"Ask for the carrier and the line type of contacts nobody asked about yet. It costs money."`
	Name      string `query:"file_name" maxLength:"200" doc:"What the file is called; a form says so itself."`
	Upload    upload
}

func (in *importing) options() (models.ImportOptions, error) {
	o := models.ImportOptions{Region: strings.ToUpper(in.Region), NewFields: in.NewFields == "create", MobileOnly: in.Mobile, LookUp: in.LookUp}
	if !phone.IsRegion(o.Region) {
		return o, complaint("query.region", "is no country with phone numbers of its own")
	}
	return o, nil
}

func (s *Server) createImport(ctx context.Context, in *importing) (*created[importView], error) {
	o, err := in.options()
	if err != nil {
		return nil, err
	}
	l, err := s.store.List(ctx, accountOf(ctx), models.ListID(in.ID))
	if err != nil {
		return nil, err
	}
	known, err := s.store.FieldSet(ctx, l.AccountID)
	if err != nil {
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
	t := taking{store: s.store, upload: &in.Upload, once: models.Once{Key: in.Key, RequestHash: in.Upload.hash}}
	t.imp = models.Import{
		ID: models.NewID[models.ImportID](), AccountID: l.AccountID, ListID: l.ID, State: models.ImportUploading, FileName: in.Name, Options: o,
	}
	layout, err := t.take(ctx, s.limit, known)
	if err != nil {
		return nil, err
	}
	view := importViewOf(t.imp, s.now())
	if t.imp.State == models.ImportUploaded {
		if view, err = s.proceed(ctx, in, t.imp, known); err != nil {
			return nil, err
		}
		view.samples(layout.Columns)
	}
	return &created[importView]{Location: "/v1/imports/" + view.ID, Body: view}, nil
}

// proceed starts an import whose file is there, if it is to be and can be.
func (s *Server) proceed(ctx context.Context, in *importing, imp models.Import, known field.Set) (importView, error) {
	view := importViewOf(imp, s.now())
	columns, err := mapped(imp, imp.Options, known, nil)
	if err != nil {
		return view, view.problem(err)
	}
	if !in.Start {
		return view, nil
	}
	imp, err = s.store.StartImport(ctx, imp.AccountID, imp.ID, columns, imp.Options, in.DryRun)
	if err != nil {
		return view, err
	}
	return s.runImport(ctx, imp), nil
}
