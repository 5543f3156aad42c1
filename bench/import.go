package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"trackly/models"
)

const (
	importRows = 1_000_000
	fewRows    = 100_000
	mostMemory = 300 // MB
)

// importFigure is a file of a million contacts, from the first byte of the upload to the
// end of the import, beside COPY of the same rows into a table with the same indexes.
func importFigure(ctx context.Context, m *machine) (Result, error) {
	n := m.size(importRows)
	ours, base, err := m.contactFiles(n)
	if err != nil {
		return Result{}, err
	}
	r, err := alternate(ctx, m.o.rounds,
		func(ctx context.Context) (float64, error) { return m.importSpeed(ctx, ours) },
		func(ctx context.Context) (float64, error) { return m.copySpeed(ctx, base) })
	r.Unit, r.Want = "rows/s", ">= 0.4"
	r.BaselineIs = fmt.Sprintf("\\copy of the good rows of the same %d into one table with the columns, defaults and indexes of contacts and subscriptions", n)
	return r, err
}

// importMemory is the most the product with Temporal has held during an import.
func importMemory(ctx context.Context, m *machine) (Result, error) {
	ours, _, err := m.contactFiles(m.size(importRows))
	if err != nil {
		return Result{}, err
	}
	if m.peak == 0 {
		if _, err := m.importSpeed(ctx, ours); err != nil {
			return Result{}, err
		}
	}
	return Result{
		Unit: "MB", Ours: m.peak, Baseline: mostMemory, Ratio: m.peak / mostMemory, Want: "<= 1.0", OursAll: []float64{m.peak}, BaseAll: []float64{mostMemory},
		BaselineIs: "what is promised: the most memory (VmHWM) of the product and Temporal in one process during the import",
	}, nil
}

// importGrowth is the time of an import over that of one of a tenth of the rows.
func importGrowth(ctx context.Context, m *machine) (Result, error) {
	many, _, err := m.contactFiles(m.size(importRows))
	if err != nil {
		return Result{}, err
	}
	few, _, err := m.contactFiles(m.size(fewRows))
	if err != nil {
		return Result{}, err
	}
	seconds := func(f contactFile) func(context.Context) (float64, error) {
		return func(ctx context.Context) (float64, error) {
			speed, err := m.importSpeed(ctx, f)
			return float64(f.rows) / speed, err
		}
	}
	r, err := alternate(ctx, m.o.rounds, seconds(many), seconds(few))
	r.Unit, r.Want = "s", "<= 13"
	r.BaselineIs = fmt.Sprintf("the same with %d rows instead of %d", few.rows, many.rows)
	return r, err
}

// importSpeed gives rows a second. Everybody in the file is new: contacts of the round
// before are taken away first.
func (m *machine) importSpeed(ctx context.Context, f contactFile) (float64, error) {
	if err := m.forgetPeople(ctx); err != nil {
		return 0, err
	}
	p, err := m.account(ctx, "twilio", f.rows)
	if err != nil {
		return 0, err
	}
	if err := m.resetPeak(); err != nil {
		return 0, err
	}
	began := time.Now()
	file, err := os.Open(f.path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	var imp models.Import
	err = m.profiled(ctx, fmt.Sprintf("import-%d", f.rows), func() error {
		imp, err = m.bring(ctx, p, file)
		return err
	})
	if err != nil {
		return 0, err
	}
	took := time.Since(began).Seconds()
	if imp.RowsRead != int64(f.rows) || imp.Added < int64(f.rows)*98/100 {
		return 0, fmt.Errorf("of %d rows %d were read and %d added", f.rows, imp.RowsRead, imp.Added)
	}
	peak, err := m.peakMemory()
	m.peak = max(m.peak, peak)
	return float64(f.rows) / took, err
}

// bring uploads a file through the API and waits for the import's end.
func (m *machine) bring(ctx context.Context, p people, file io.Reader) (models.Import, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost,
		m.orders.PublicURL+"/v1/lists/"+string(p.list.ID)+"/imports?new_fields=create", file)
	if err != nil {
		return models.Import{}, err
	}
	req.Header.Set("Authorization", "Bearer "+p.key)
	req.Header.Set("Content-Type", "text/csv")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return models.Import{}, err
	}
	answer, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || res.StatusCode != http.StatusAccepted {
		return models.Import{}, fmt.Errorf("the upload was answered %d: %s (%w)", res.StatusCode, answer, err)
	}
	for {
		all, err := m.app.Store.Imports(ctx, p.account, p.list.ID, "", 1)
		if err != nil {
			return models.Import{}, err
		}
		switch imp := all[0]; imp.State { //nolint:exhaustive // the others go on
		case models.ImportDone:
			return imp, nil
		case models.ImportFailed, models.ImportCancelled:
			return imp, fmt.Errorf("the import is %s: %s", imp.State, imp.Reason)
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return models.Import{}, err
		}
	}
}
