package api

import (
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"trackly/models"
)

// refusalsAtATime is how many refused rows a download reads at once.
const refusalsAtATime = 1000

// refusalView is a row an import did not take.
type refusalView struct {
	Line    int64  `json:"line" doc:"Where the row begins in the file, from 1."`
	Column  string `json:"column,omitempty" doc:"Empty: the row as a whole."`
	Value   string `json:"value,omitempty" doc:"What stood there, at most 80 characters."`
	Reason  string `json:"reason" example:"bad_phone"`
	Message string `json:"message" doc:"The reason in a sentence."`
}

func refusalViewOf(r models.Refusal) refusalView {
	return refusalView{Line: r.Line, Column: r.Column, Value: r.Value, Reason: r.Reason, Message: r.Message}
}

func (s *Server) refusals(ctx context.Context, in *struct {
	OnID
	Paging
},
) (*reply[Page[refusalView]], error) {
	after, err := afterNumber[int64](in.Paging)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Refusals(ctx, accountOf(ctx), models.ImportID(in.ID), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(rows, in.Limit, refusalViewOf, func(r models.Refusal) string { return strconv.FormatInt(r.Number, 10) }), nil
}

func (s *Server) refusalsFile(ctx context.Context, in *OnID) (*huma.StreamResponse, error) {
	account, id := accountOf(ctx), models.ImportID(in.ID)
	rows, err := s.store.Refusals(ctx, account, id, 0, refusalsAtATime)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", `attachment; filename="refusals-`+in.ID+`.csv"`)
		hc.SetStatus(http.StatusOK)
		w := csv.NewWriter(hc.BodyWriter())
		_ = w.Write([]string{"row", "column", "value", "reason", "message"})
		for len(rows) > 0 && err == nil {
			for _, r := range rows {
				_ = w.Write([]string{strconv.FormatInt(r.Line, 10), harmless(r.Column), harmless(r.Value), r.Reason, r.Message})
			}
			rows, err = s.store.Refusals(ctx, account, id, rows[len(rows)-1].Number, refusalsAtATime)
		}
		if err != nil { // half a file must not look like a whole one
			_ = w.Write([]string{"", "", "", "incomplete", s.explain(ctx, "get-refusals-file", err).Detail})
		}
		w.Flush()
	}}, nil
}

// harmless keeps a spreadsheet from running a cell of a foreign file as a formula.
func harmless(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	if phoneLike := strings.Trim(cell[1:], "0123456789 ()-.") == "" && cell[0] == '+'; phoneLike {
		return cell
	}
	return "'" + cell
}
