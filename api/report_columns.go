package api

import (
	"cmp"
	"context"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/price"
)

// column is a metric of a report: by name, as a file writes it, and as rows are sorted.
type column struct {
	name  string
	write func(models.Metrics) string
	value func(models.Metrics) float64
}

func counted(name string, of func(models.Metrics) int64) column {
	return column{
		name:  name,
		write: func(m models.Metrics) string { return strconv.FormatInt(of(m), 10) },
		value: func(m models.Metrics) float64 { return float64(of(m)) },
	}
}

func paid(name string, of func(models.Metrics) price.Micros) column {
	return column{
		name:  name,
		write: func(m models.Metrics) string { return of(m).String() },
		value: func(m models.Metrics) float64 { return float64(of(m)) },
	}
}

// columns are the metrics in the order of a file. Money is exact, in units of the account's
// currency; the rates are for whoever reads the file to work out.
func columns() []column {
	return []column{
		counted("sends", func(m models.Metrics) int64 { return m.Sends }),
		counted("delivered", func(m models.Metrics) int64 { return m.Delivered }),
		counted("undelivered", func(m models.Metrics) int64 { return m.Undelivered }),
		counted("failed", func(m models.Metrics) int64 { return m.Failed }),
		counted("skipped", func(m models.Metrics) int64 { return m.Skipped }),
		counted("unknown", func(m models.Metrics) int64 { return m.Unknown }),
		counted("segments", func(m models.Metrics) int64 { return m.Segments }),
		counted("clicks", func(m models.Metrics) int64 { return m.Clicks }),
		counted("bot_clicks", func(m models.Metrics) int64 { return m.BotClicks }),
		counted("unsure_clicks", func(m models.Metrics) int64 { return m.UnsureClicks }),
		counted("conversions", func(m models.Metrics) int64 { return m.Conversions }),
		counted("reversals", func(m models.Metrics) int64 { return m.Reversals }),
		paid("revenue", func(m models.Metrics) price.Micros { return m.Revenue }),
		paid("cost", func(m models.Metrics) price.Micros { return m.Cost }),
		paid("profit", models.Metrics.Profit),
		counted("opt_outs", func(m models.Metrics) int64 { return m.OptOuts }),
	}
}

// sortRows orders rows by a metric; rows of the same value keep the order of their keys.
func sortRows(rows []models.ReportRow, by string) error {
	if by == "" {
		return nil
	}
	name, down := strings.CutPrefix(by, "-")
	all := columns()
	i := slices.IndexFunc(all, func(c column) bool { return c.name == name })
	if i < 0 {
		var bad fault.Problems
		bad.Add("sort", "must be a metric such as -profit or sends")
		return bad.Err("the report")
	}
	slices.SortStableFunc(rows, func(a, b models.ReportRow) int {
		if down {
			a, b = b, a
		}
		return cmp.Compare(all[i].value(a.Metrics), all[i].value(b.Metrics))
	})
	return nil
}

// sumsFile streams: a report by day and campaign over years is never whole in memory.
func (s *Server) sumsFile(ctx context.Context, in *SumsQuery) (*huma.StreamResponse, error) {
	set, err := s.store.Settings(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	q, err := in.query(accountOf(ctx), set.Zone, s.now())
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", `attachment; filename="report.csv"`)
		hc.SetHeader("Cache-Control", "no-store")
		w := csv.NewWriter(hc.BodyWriter())
		if err := s.writeSums(ctx, w, q); err != nil { // half a file must not look like a whole one
			_ = w.Write([]string{"incomplete", s.explain(ctx, "get-sums-file", err).Detail})
		}
		w.Flush()
	}}, nil
}

func (s *Server) writeSums(ctx context.Context, w *csv.Writer, q models.ReportQuery) error {
	var line []string
	for _, d := range q.By {
		line = append(line, string(d), string(d)+"_name")
	}
	all := columns()
	for _, c := range all {
		line = append(line, c.name)
	}
	if err := w.Write(line); err != nil {
		return err
	}
	return s.store.EachSum(ctx, q, func(r models.ReportRow) error {
		line = line[:0]
		for i := range q.By {
			line = append(line, r.Keys[i], harmless(r.Names[i]))
		}
		for _, c := range all {
			line = append(line, c.write(r.Metrics))
		}
		return w.Write(line)
	})
}
