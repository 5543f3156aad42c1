package api

import (
	"context"
	"net/http"
	"time"

	"trackly/internal/fault"
	"trackly/models"
)

// exportStore reads everything about people.
type exportStore interface {
	ExportPerson(ctx context.Context, account models.AccountID, phone string) (models.Person, error)
}

func (s *Server) exportRoutes() {
	op := operation(http.MethodPost, "/v1/exports", "export-person", "persons", "Read everything held about a person, as one file")
	op.Description = "For the person who asks, and for a court: consents, messages with the person's local time and the rules they were " +
		"judged by, answers, opt-outs and how soon they took effect. Answers with 404 when nothing is held."
	op.Errors = []int{http.StatusNotFound}
	post(s, op, s.export)
}

// newExport names a person. The phone is in the body, because addresses are logged.
type newExport struct {
	Phone string `json:"phone" doc:"The person's phone, E.164." example:"+12025550123"`
}

// exported is a file to keep.
type exported struct {
	Disposition string `header:"Content-Disposition" doc:"Makes a browser save the file."`
	Caching     string `header:"Cache-Control"`
	Body        personView
}

func (s *Server) export(ctx context.Context, _ *asking, body newExport, bad *fault.Problems) (*exported, error) {
	phone := phoneIn(body.Phone)
	if !e164.MatchString(phone) {
		bad.Add("phone", "must be a number in E.164 form, such as +12025550100")
	}
	if err := bad.Err("the export"); err != nil {
		return nil, err
	}
	p, err := s.store.ExportPerson(ctx, accountOf(ctx), phone)
	if err != nil {
		return nil, err
	}
	// The name of a file travels further than its contents: it has no phone in it.
	name := "person-" + p.At.UTC().Format(time.DateOnly) + ".json"
	return &exported{
		Disposition: `attachment; filename="` + name + `"`, Caching: "no-store", Body: personViewOf(p),
	}, nil
}
