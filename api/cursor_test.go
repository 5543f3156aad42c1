package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

func TestWhatACursorHidesComesBack(t *testing.T) {
	t.Parallel()
	id := models.NewID[models.ListID]()
	got, err := afterID[models.ListID](Paging{Cursor: toCursor(string(id))})
	require.NoError(t, err)
	require.Equal(t, id, got)
	n, err := afterNumber[models.MessageID](Paging{Cursor: toCursor("1234")})
	require.NoError(t, err)
	require.EqualValues(t, 1234, n)
}

func FuzzCursor(f *testing.F) {
	f.Add("")
	f.Add(toCursor("5"))
	f.Add(toCursor(string(models.NewID[models.ListID]())))
	f.Add("MS4tNQ")
	f.Fuzz(func(t *testing.T, cursor string) {
		if id, err := afterID[models.ListID](Paging{Cursor: cursor}); err == nil && id != "" && !models.IsID(id) {
			t.Fatalf("%q would reach the database", id)
		}
		if n, err := afterNumber[models.MessageID](Paging{Cursor: cursor}); err == nil && n < 0 {
			t.Fatalf("%q counts backwards", cursor)
		}
	})
}
