package store_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/field"
)

// begun is an import at work whose rows wait to be merged.
func (w *world) begun(csv string, o models.ImportOptions, dryRun bool) models.Import {
	w.t.Helper()
	imp := testkit.Upload(w.t, w.Store, w.list, csv)
	imp, err := w.StartImport(w.t.Context(), w.account, imp.ID, nil, o, dryRun)
	require.NoError(w.t, err)
	_, err = w.StageImport(w.t.Context(), w.account, imp.ID)
	require.NoError(w.t, err)
	return imp
}

func (w *world) rowsTable(imp models.Import) string {
	return "import_rows_" + strings.ReplaceAll(string(imp.ID), "-", "")
}

func (w *world) page(imp models.Import, first, last int64) models.ImportStep {
	w.t.Helper()
	step, err := w.MergeImport(w.t.Context(), w.account, imp.ID, first, last)
	require.NoError(w.t, err)
	return step
}

func (w *world) finish(imp models.Import) models.Import {
	w.t.Helper()
	imp, err := w.FinishImport(w.t.Context(), w.account, imp.ID)
	require.NoError(w.t, err)
	return imp
}

// adds up: every row of a finished import has become something.
func (w *world) addsUp(imp models.Import) {
	w.t.Helper()
	require.Equal(w.t, imp.RowsRead, imp.Refused+imp.Added+imp.Merged+imp.OptedOut, "%+v", imp)
	var refused int64
	for _, n := range imp.Reasons {
		refused += n
	}
	require.Equal(w.t, imp.Refused, refused)
	require.Equal(w.t, imp.Refused, w.count(`SELECT count(*) FROM import_refusals WHERE import_id = $1`, imp.ID))
}

func TestAPageIsMergedOnceHoweverOftenItRuns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	imp := w.begun(testkit.File(people(400)...), models.ImportOptions{}, false)
	var all sync.WaitGroup
	for range 3 {
		for first := int64(1); first < 400; first += 100 {
			all.Go(func() {
				step, err := w.MergeImport(t.Context(), w.account, imp.ID, first, first+99)
				if err != nil || step.Page.Added != 100 {
					t.Errorf("%+v %v", step, err)
				}
			})
		}
	}
	all.Wait()
	imp = w.finish(imp)
	require.EqualValues(t, 400, imp.Added)
	require.EqualValues(t, 400, imp.Position)
	require.EqualValues(t, 400, w.count(`SELECT count(*) FROM consents WHERE import_id = $1 AND kind = 'opt_in'`, imp.ID))
	w.addsUp(imp)
	require.Zero(t, w.count(`SELECT count(*) FROM import_chunks`))
	require.Zero(t, w.count(`SELECT count(*) FROM pg_tables WHERE tablename = $1`, w.rowsTable(imp)))
}

// An unlogged table is empty after a crash of Postgres.
func TestRowsLostInACrashAreReadFromTheFileAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	csv := testkit.File(people(300)...) + "nobody,x,,,,,,\n"
	imp := w.begun(csv, models.ImportOptions{}, false)
	require.EqualValues(t, 100, w.page(imp, 1, 100).Page.Added)
	w.exec(`TRUNCATE ` + w.rowsTable(imp))
	require.True(t, w.page(imp, 101, 200).Lost)
	w.exec(`DROP TABLE ` + w.rowsTable(imp))
	require.True(t, w.page(imp, 101, 200).Lost)
	step, err := w.StageImport(t.Context(), w.account, imp.ID)
	require.NoError(t, err)
	require.EqualValues(t, 301, step.Rows)
	for first := int64(1); first < 301; first += 100 {
		w.page(imp, first, min(first+99, 301))
	}
	w.page(imp, 301, 301)
	imp = w.finish(imp)
	require.EqualValues(t, 300, imp.Added)
	require.EqualValues(t, 1, imp.Refused)
	w.addsUp(imp)
}

func TestACancelledImportMergesNoMoreAndIsClearedUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	imp := w.begun(testkit.File(people(200)...), models.ImportOptions{}, false)
	w.page(imp, 1, 100)
	_, err := w.CancelImport(t.Context(), w.account, imp.ID, "by hand")
	require.NoError(t, err)
	require.True(t, w.page(imp, 101, 200).Stopped)
	step, err := w.StageImport(t.Context(), w.account, imp.ID)
	require.NoError(t, err)
	require.True(t, step.Stopped)
	imp = w.finish(imp)
	require.Equal(t, models.ImportCancelled, imp.State)
	require.Equal(t, "by hand", imp.Reason)
	require.EqualValues(t, 100, w.count(`SELECT count(*) FROM subscriptions`), "what is merged stays")
	require.Zero(t, w.count(`SELECT count(*) FROM import_chunks`))
	_, err = w.StartImport(t.Context(), w.account, imp.ID, nil, models.ImportOptions{}, false)
	require.Equal(t, fault.Conflict, fault.KindOf(err))
}

func TestADryRunSaysWhatTheImportThenDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 5)
	other := w.addList("Other", nil)
	other.load(people(8)...)
	w.stop(phoneOf(1))
	w.erase(phoneOf(2))
	w.exec(`UPDATE contacts SET line_type = 'landline' WHERE phone = $1`, phoneOf(3))
	w.exec(`UPDATE contacts SET line_type = 'mobile' WHERE phone = $1`, phoneOf(4))
	before := w.count(`SELECT count(*) FROM subscriptions`)
	csv := testkit.File(people(10)...) + "nobody,x,,,,,,\n" + phoneOf(0) + ",again,,,,,,\n"
	o := models.ImportOptions{MobileOnly: true}
	imp := w.begun(csv, o, true)
	w.page(imp, 1, 6)
	w.page(imp, 7, 12)
	dry := w.finish(imp)
	require.Equal(t, models.ImportChecked, dry.State)
	w.addsUp(dry)
	require.Equal(t, before, w.count(`SELECT count(*) FROM subscriptions`), "a dry run changes nothing")
	require.Equal(t, map[string]int64{"bad_phone": 1, "duplicate_in_file": 1, "not_mobile": 1}, dry.Reasons)

	imp, err := w.StartImport(t.Context(), w.account, imp.ID, nil, o, false)
	require.NoError(t, err)
	require.True(t, imp.Staged, "the file is not read again for the same columns")
	done := testkit.RunImport(t, w.Store, imp)
	require.Equal(t, models.ImportDone, done.State)
	w.addsUp(done)
	for _, i := range []*models.Import{&dry, &done} {
		require.Equal(t, []int64{5, 2, 2, 3, 5}, []int64{i.Added, i.Merged, i.OptedOut, i.Refused, i.OtherLists}, "%+v", i)
	}
}

func TestWhatTheFileSaysOfConsentIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	csv := "phone,consent_date,consent_ip,consent_url,consent_text,consent_method,consent_user_agent\n" +
		phoneOf(0) + ",2026-01-02T03:04:05Z,203.0.113.7,https://example.com/join,I agree,web,Browser 1\n" + phoneOf(1) + ",,,,,,\n"
	imp := testkit.Import(t, w.Store, w.list, csv)
	require.EqualValues(t, 2, imp.Added)
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM consents WHERE given_at = '2026-01-02T03:04:05Z' AND at > now() - interval '1 hour' AND ip = '203.0.113.7' AND page_url = 'https://example.com/join'
		AND disclosure = 'I agree' AND disclosure_hash = sha256('I agree') AND method = 'web' AND user_agent = 'Browser 1' AND import_id = $1`, imp.ID))
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM consents WHERE given_at IS NULL AND at > now() - interval '1 hour' AND disclosure_hash IS NULL AND method = 'import'`))
}

// The place of a contact follows from all that is known, not from the last file alone.
func TestThePlaceOfAContactFollowsFromBothFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	const where = `SELECT at_state || ' ' || array_to_string(at_zones, ',') FROM subscriptions`
	testkit.Import(t, w.Store, w.list, "phone,zip\n2125550101,75001\n")
	require.Equal(t, "TX America/Chicago", w.text(where))
	testkit.Import(t, w.Store, w.list, "phone,first_name\n2125550101,Ada\n")
	require.Equal(t, "TX America/Chicago", w.text(where), "an empty cell erases nothing")
	testkit.Import(t, w.Store, w.list, "phone,state\n2125550101,CA\n")
	require.Equal(t, "CA America/Los_Angeles", w.text(where))
}

func TestAnAccountHasSixtyFourFieldsWhateverItsFilesBring(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	wide := func(from, to int) string {
		header, row := "phone", phoneOf(0)
		for i := from; i < to; i++ {
			header, row = header+fmt.Sprintf(",f%d", i), row+fmt.Sprintf(",%d", i)
		}
		return header + "\n" + row + "\n"
	}
	testkit.Import(t, w.Store, w.list, wide(0, 60))
	imp := testkit.Upload(t, w.Store, w.list, wide(60, 65))
	_, err := w.StartImport(t.Context(), w.account, imp.ID, nil, models.ImportOptions{NewFields: true}, false)
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.EqualValues(t, 60, w.count(`SELECT count(*) FROM fields`))
	_, err = w.StartImport(t.Context(), w.account, imp.ID, nil, models.ImportOptions{}, false)
	require.NoError(t, err, "without new fields there is nothing to refuse")
	set, err := w.FieldSet(t.Context(), w.account)
	require.NoError(t, err)
	require.Equal(t, field.Number, set["f7"])
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM subscriptions WHERE fields->'f7' = '7'::jsonb`), "typed, not text")
}

func TestAnUploadThatIsRepeatedBeginsAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	o := models.Once{Key: "k", RequestHash: []byte("h")}
	begin := func() models.Import {
		imp, err := w.BeginImport(t.Context(), o, models.Import{ID: models.NewID[models.ImportID](), AccountID: w.account, ListID: w.list.ID})
		require.NoError(t, err)
		return imp
	}
	imp := begin()
	require.NoError(t, w.AddChunk(t.Context(), w.account, imp.ID, 0, []byte("half of")))
	require.Equal(t, imp.ID, begin().ID)
	require.Zero(t, w.count(`SELECT count(*) FROM import_chunks`))
	require.NoError(t, w.AddChunk(t.Context(), w.account, imp.ID, 1, []byte("second piece")))
	imp.FileBytes = 12
	_, err := w.EndUpload(t.Context(), imp)
	require.Equal(t, fault.Conflict, fault.KindOf(err), "the first piece is missing")
	_, err = w.CancelImport(t.Context(), w.account, imp.ID, "by hand")
	require.NoError(t, err)
	require.Zero(t, w.count(`SELECT count(*) FROM import_chunks`))
	require.Equal(t, fault.Conflict, fault.KindOf(w.AddChunk(t.Context(), w.account, imp.ID, 2, []byte("late"))))
	require.Equal(t, models.ImportCancelled, begin().State)
}

func TestImportsNobodyStartsAreEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	waits := testkit.Upload(t, w.Store, w.list, testkit.File(people(1)...))
	broke, err := w.BeginImport(t.Context(), models.Once{}, models.Import{ID: models.NewID[models.ImportID](), AccountID: w.account, ListID: w.list.ID})
	require.NoError(t, err)
	at := waits.ChangedAt
	states := func() string {
		return w.text(`SELECT string_agg(state, ' ' ORDER BY id) FROM imports WHERE id IN ($1, $2)`, waits.ID, broke.ID)
	}
	require.NoError(t, w.EndAbandonedImports(t.Context(), at.Add(30*60e9), 10))
	require.Equal(t, "uploaded uploading", states())
	require.NoError(t, w.EndAbandonedImports(t.Context(), at.Add(2*3600e9), 10))
	require.Equal(t, "uploaded cancelled", states())
	require.NoError(t, w.EndAbandonedImports(t.Context(), at.Add(25*3600e9), 10))
	require.Equal(t, "cancelled cancelled", states())
	require.Zero(t, w.count(`SELECT count(*) FROM import_chunks`))
}

func TestASecondFileMergesAndAddsNobodyTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10)
	again := people(12)
	again[3].FirstName, again[3].Fields = "", map[string]string{"plan": "auto"}
	imp := w.load(again...)
	require.EqualValues(t, 2, imp.Added)
	require.EqualValues(t, 10, imp.Merged)
	subs, err := w.Subscriptions(t.Context(), w.account, w.list.ID, 0, 50)
	require.NoError(t, err)
	require.Len(t, subs, 12)
	require.Equal(t, "P3", subs[3].FirstName, "an empty cell does not erase a name")
	require.Equal(t, field.Values{"age": "23", "plan": "auto"}, subs[3].Fields)
}

func TestPostgresKnowsTheTablesOnceALargeImportIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.load(people(10_000)...)
	require.Positive(t, w.count(`SELECT count(*) FROM pg_stats WHERE tablename = 'subscriptions' AND attname = 'at_zones'`),
		"or the first audience is counted by the plan for an empty table")
}
