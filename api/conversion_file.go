package api

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/postback"
)

const (
	mostRows      = 100_000
	fileBytes     = 32 << 20
	rowsAtATime   = 500
	mostRefusals  = 1000
	tellAgainSafe = "; the lines before it are kept, and sending the file again changes nothing about them"
)

// tellingStore finds out what telling would change.
type tellingStore interface {
	RehearseConversions(ctx context.Context, account models.AccountID, all []models.Told) ([]models.Booking, error)
}

func (s *Server) conversionFileRoute() {
	op := operation(http.MethodPost, "/v1/conversions/csv", "create-conversions-from-file", "conversions", "Tell of an offer's conversions by a file")
	op.Errors = []int{http.StatusNotFound, http.StatusUnsupportedMediaType, http.StatusTooManyRequests}
	op.Description = "The body is a CSV, or a form with one; either may be packed with gzip. Its header names the columns as a postback names its parameters: " +
		"transaction_id, click_id, message_id, amount, currency, event, at, and the names that TUNE, Everflow and CAKE have for them. Up to 100,000 lines. " +
		"Lines that are refused spoil no other, and sending a file again changes nothing."
	get(s, op, s.conversionsFromFile)
	file := &huma.Schema{Type: huma.TypeString, Format: "binary", Description: "A header line, and a conversion a line."}
	form := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"file": file}}
	for kind, schema := range map[string]*huma.Schema{"text/csv": file, "application/gzip": file, "multipart/form-data": form} {
		s.describeBody(op, kind, schema, true)
	}
}

type fromFile struct {
	OfferID string `query:"offer_id" required:"true" doc:"Whose conversions they are."`
	DryRun  bool   `query:"dry_run" doc:"Only find out what would happen."`
	Upload  upload
}

// fileView is what became of a file's lines.
type fileView struct {
	DryRun   bool            `json:"dry_run"`
	Rows     int             `json:"rows" doc:"Lines with something in them, without the header."`
	Recorded int             `json:"recorded"`
	Repeated int             `json:"repeated" doc:"Known before, or by a line above; nothing changed."`
	Refused  int             `json:"refused"`
	Refusals []lineComplaint `json:"refusals" nullable:"false" doc:"Why; of the first 1,000 refused lines."`
}

type lineComplaint struct {
	Line     int         `json:"line" doc:"Where it begins in the file, from 1."`
	Problems []Complaint `json:"problems" nullable:"false"`
}

func (s *Server) conversionsFromFile(ctx context.Context, in *fromFile) (*reply[fileView], error) {
	o, err := s.store.Offer(ctx, accountOf(ctx), models.OfferID(in.OfferID))
	if err != nil {
		return nil, err
	}
	limit := min(s.limit, fileBytes)
	if in.Upload.length > limit {
		return nil, problem(http.StatusRequestEntityTooLarge, tooLarge)
	}
	giveBack, err := s.place()
	if err != nil {
		return nil, err
	}
	defer giveBack()
	t := tellingFile{server: s, offer: o, view: fileView{DryRun: in.DryRun, Refusals: []lineComplaint{}}}
	if err := t.all(ctx, &in.Upload, limit); err != nil {
		return nil, err
	}
	return &reply[fileView]{Body: t.view}, nil
}

// tellingFile is a file on its way to the books, part by part. A dry run reads the file to
// its end first: nothing is kept by which a later part could know of an earlier one. What
// it holds is bounded by the lines and bytes a file may have, and the places for uploads.
type tellingFile struct {
	server *Server
	offer  models.Offer
	view   fileView
	part   []models.Told
	lines  []fileLine // of the part, and those that cannot be read between them
}

type fileLine struct {
	number int
	fault  error // why it cannot be read
}

func (t *tellingFile) all(ctx context.Context, u *upload, limit int64) error {
	opened, err := u.open(limit)
	if err != nil {
		return unpackable(u, err)
	}
	file, err := postback.NewFile(opened, termsOf(t.offer))
	if err != nil {
		return unpackable(u, err)
	}
	for {
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			return t.tell(ctx)
		}
		if err != nil {
			return t.stop(ctx, unpackable(u, err))
		}
		if t.view.Rows++; t.view.Rows > mostRows {
			return t.stop(ctx, fault.New(fault.Invalid, "the file has more than %d lines", mostRows))
		}
		if err := t.take(ctx, row); err != nil {
			return err
		}
	}
}

// stop keeps the lines before what went wrong, and says so. A dry run has none to keep.
func (t *tellingFile) stop(ctx context.Context, why error) error {
	if t.view.DryRun {
		return why
	}
	if err := t.tell(ctx); err != nil {
		return err
	}
	if p, ok := errors.AsType[*Problem](why); ok {
		return problem(p.Status, p.Detail+tellAgainSafe)
	}
	if fault.KindOf(why) == fault.Invalid {
		return fault.New(fault.Invalid, "%s%s", messageOf(why), tellAgainSafe)
	}
	return why
}

func (t *tellingFile) take(ctx context.Context, row postback.Row) error {
	t.lines = append(t.lines, fileLine{row.Line, row.Err})
	if row.Err == nil {
		t.part = append(t.part, toldOf(t.offer.ID, models.ByFile, row.Event))
	}
	if t.view.DryRun || len(t.lines) < rowsAtATime {
		return nil
	}
	return t.tell(ctx)
}

// tell tells of the part that is read, or rehearses it, and notes what became of its lines.
func (t *tellingFile) tell(ctx context.Context) error {
	ask := t.server.store.Convert
	if t.view.DryRun {
		ask = t.server.store.RehearseConversions
	}
	done, err := ask(ctx, t.offer.AccountID, t.part)
	if err != nil {
		return err
	}
	for _, l := range t.lines {
		if l.fault != nil {
			t.note(l.number, bookedView{Result: refused, Problems: complaintsOf(l.fault)})
			continue
		}
		v, err := bookedViewOf(done[0])
		if err != nil {
			return err
		}
		done = done[1:]
		t.note(l.number, v)
	}
	t.part, t.lines = t.part[:0], t.lines[:0]
	return nil
}

func (t *tellingFile) note(line int, v bookedView) {
	switch v.Result {
	case refused:
		if t.view.Refused++; len(t.view.Refusals) < mostRefusals {
			t.view.Refusals = append(t.view.Refusals, lineComplaint{Line: line, Problems: v.Problems})
		}
	case repeated:
		t.view.Repeated++
	default:
		t.view.Recorded++
	}
	if !t.view.DryRun {
		t.server.countConversion(models.ByFile, v)
	}
}
