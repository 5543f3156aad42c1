package e2e_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/testkit"
	"trackly/models"
	"trackly/workflows"
)

func lineOf(i int) string { return fmt.Sprintf("+1212%07d", 2_000_000+i) }

// lines is a contact file of n people.
func lines(n int) string {
	var b strings.Builder
	b.WriteString("phone,first_name,age\n")
	for i := range n {
		fmt.Fprintf(&b, "%s,P%d,%d\n", lineOf(i), i, 20+i%50)
	}
	return b.String()
}

// starts lets an upload run and tells the engine.
func (w *world) starts(imp models.Import, dryRun bool) models.Import {
	w.t.Helper()
	return w.startsWith(imp, models.ImportOptions{NewFields: true}, dryRun)
}

func (w *world) startsWith(imp models.Import, o models.ImportOptions, dryRun bool) models.Import {
	w.t.Helper()
	imp, err := w.api.Store.StartImport(w.t.Context(), imp.AccountID, imp.ID, nil, o, dryRun)
	require.NoError(w.t, err)
	require.NoError(w.t, w.api.Engine.StartImport(w.t.Context(), imp))
	return imp
}

// imported waits until an import is in a state and its workflow has ended.
func (w *world) imported(imp models.Import, state models.ImportState) models.Import {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		var err error
		imp, err = w.api.Store.Import(w.t.Context(), imp.AccountID, imp.ID)
		return err == nil && imp.State == state
	}, time.Minute, 10*time.Millisecond, "never %s", state)
	dryRun := state == models.ImportChecked
	require.NoError(w.t, w.engine.GetWorkflow(w.t.Context(), workflows.ImportWorkflowID(imp.ID, dryRun), "").Get(w.t.Context(), nil))
	return imp
}

func (w *world) merged(imp models.Import, rows int64) {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		now, err := w.api.Store.Import(w.t.Context(), imp.AccountID, imp.ID)
		return err == nil && now.Position >= rows
	}, time.Minute, 10*time.Millisecond)
}

// blocked holds up the page with a row until release.
func (w *world) blocked(i int) (release func()) {
	w.t.Helper()
	return testkit.Hold(w.t, w.cfg.Database.URL.Reveal(), `INSERT INTO contacts (phone) VALUES ($1)`, lineOf(i))
}

// A dry run, the import itself, whose worker is replaced in the middle, and a second file.
func TestAnImportWhoseWorkerIsReplacedInTheMiddle(t *testing.T) {
	t.Parallel()
	const rows = 45_000
	w := newWorld(t, nil)
	stop := w.worker()
	imp := w.starts(testkit.Upload(t, w.api.Store, w.list, lines(rows)), true)
	imp = w.imported(imp, models.ImportChecked)
	require.EqualValues(t, rows, imp.Added)
	w.record("import_checked", workflows.ImportWorkflowID(imp.ID, true), "")

	release := w.blocked(35_000)
	imp = w.starts(imp, false)
	w.merged(imp, 30_000)
	go func() {
		time.Sleep(200 * time.Millisecond)
		release()
	}()
	stop()
	w.worker()
	imp = w.imported(imp, models.ImportDone)
	w.record("import_done", workflows.ImportWorkflowID(imp.ID, false), "")
	require.EqualValues(t, rows, imp.Added)
	require.EqualValues(t, rows, imp.Position)
	require.Zero(t, imp.Merged)

	s, err := w.api.Engine.ImportStatus(t.Context(), imp.ID, false)
	require.NoError(t, err)
	require.Equal(t, models.ImportDone, s.State)
	require.EqualValues(t, rows, s.Position)

	again := w.imported(w.starts(testkit.Upload(t, w.api.Store, w.list, lines(1000)), false), models.ImportDone)
	require.EqualValues(t, 1000, again.Merged)
}

func TestRecordedImportsThatEndEarly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker()
	release := w.blocked(15_000)
	imp := w.starts(testkit.Upload(t, w.api.Store, w.list, lines(25_000)), false)
	w.merged(imp, 10_000)
	_, err := w.api.Store.CancelImport(t.Context(), imp.AccountID, imp.ID, "by hand")
	require.NoError(t, err)
	release()
	imp = w.imported(imp, models.ImportCancelled)
	w.record("import_cancelled", workflows.ImportWorkflowID(imp.ID, false), "")
	require.Less(t, imp.Position, int64(25_000))

	imp = w.starts(testkit.Upload(t, w.api.Store, w.list, lines(10)+"\"+12125550199,never closed\n+12125550198,Ada,30\n"), false)
	imp = w.imported(imp, models.ImportFailed)
	w.record("import_failed", workflows.ImportWorkflowID(imp.ID, false), "")
	require.Contains(t, imp.Reason, "never closed")
	require.Zero(t, imp.Added)
}

func TestRecordedImportWithLookUps(t *testing.T) {
	t.Parallel()
	const rows = 400
	w := newWorld(t, nil)
	w.worker()
	imp := testkit.Upload(t, w.api.Store, w.list, lines(rows))
	asked := models.ImportOptions{NewFields: true, LookUp: true, MobileOnly: true}
	imp = w.imported(w.startsWith(imp, asked, true), models.ImportChecked)
	require.Zero(t, w.box.Stats().LookUps, "a dry run costs nothing")

	imp = w.imported(w.startsWith(imp, asked, false), models.ImportDone)
	w.record("import_looked_up", workflows.ImportWorkflowID(imp.ID, false), "")
	out := 0
	for i := range rows {
		if kind, _ := w.box.LineOf(lineOf(i)); kind == "landline" || kind == "tollFree" {
			out++
		}
	}
	require.Positive(t, out)
	require.Equal(t, &models.LookedUp{Asked: rows, NotMobile: int64(out)}, imp.LookedUp)
	require.EqualValues(t, rows, w.box.Stats().LookUps)
}
