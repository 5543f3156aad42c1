package testkit

import (
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/store"
	"trackly/models"
	"trackly/rules/contactfile"
)

// pageRows is small, so that a test's file has several pages.
const pageRows = 1000

// Import brings a file into a list, from its upload to its end, through the store alone.
// Columns nobody knows become custom fields. It returns the import as it has become.
func Import(tb testing.TB, st *store.Store, l models.List, csv string) models.Import {
	tb.Helper()
	imp := Upload(tb, st, l, csv)
	imp, err := st.StartImport(tb.Context(), l.AccountID, imp.ID, nil, models.ImportOptions{Region: "US", NewFields: true}, false)
	require.NoError(tb, err)
	return RunImport(tb, st, imp)
}

// Upload brings a file as far as its columns are proposed.
func Upload(tb testing.TB, st *store.Store, l models.List, csv string) models.Import {
	tb.Helper()
	ctx := tb.Context()
	known, err := st.FieldSet(ctx, l.AccountID)
	require.NoError(tb, err)
	layout, err := contactfile.Propose([]byte(csv[:min(len(csv), contactfile.HeadBytes)]), "US", known)
	require.NoError(tb, err)
	imp, err := st.BeginImport(ctx, models.Once{}, models.Import{
		ID: models.NewID[models.ImportID](), AccountID: l.AccountID, ListID: l.ID, FileName: "test.csv",
	})
	require.NoError(tb, err)
	const piece = 1 << 20
	for number, rest := 0, csv; rest != ""; number++ {
		n := min(len(rest), piece)
		require.NoError(tb, st.AddChunk(ctx, l.AccountID, imp.ID, number, []byte(rest[:n])))
		rest = rest[n:]
	}
	sum := sha256.Sum256([]byte(csv))
	imp.FileHash, imp.FileBytes = sum[:], int64(len(csv))
	imp.Encoding, imp.Delimiter = string(layout.Encoding), layout.Delimiter
	for _, c := range layout.Columns {
		imp.Columns = append(imp.Columns, models.ImportColumn{
			Header: c.Header, Meaning: string(c.Meaning), Field: c.Field, Type: string(c.Type), Found: string(c.Found),
		})
	}
	imp, err = st.EndUpload(ctx, imp)
	require.NoError(tb, err)
	return imp
}

// RunImport does what the workflow of a started import does.
func RunImport(tb testing.TB, st *store.Store, imp models.Import) models.Import {
	tb.Helper()
	ctx := tb.Context()
	step, err := st.StageImport(ctx, imp.AccountID, imp.ID)
	require.NoError(tb, err)
	for first := int64(1); !step.Stopped && first <= step.Rows; first += pageRows {
		page, err := st.MergeImport(ctx, imp.AccountID, imp.ID, first, min(first+pageRows-1, step.Rows))
		require.NoError(tb, err)
		require.False(tb, page.Lost, "rows are gone")
		step.Stopped = page.Stopped
	}
	imp, err = st.FinishImport(ctx, imp.AccountID, imp.ID)
	require.NoError(tb, err)
	return imp
}
