package api

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/field"
)

// A client that got a 500 repeats its request with the same key: it must not find that
// the upload was ended meanwhile.
func TestOnlyAnUploadThatCanBeRepeatedIsLeftForItsRepetition(t *testing.T) {
	t.Parallel()
	broken, invalid := fault.New(fault.Broken, "the database is away"), fault.New(fault.Invalid, "no good")
	for name, tc := range map[string]struct {
		key       string
		refuses   error
		cancelled bool
	}{
		"our fault":                {"k", broken, false},
		"our fault, without a key": {"", broken, true},
		"the client's":             {"k", invalid, true},
		"another one is at it":     {"", fault.New(fault.Conflict, "two"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := &shelf{refuses: tc.refuses}
			k := taking{
				store: store, once: models.Once{Key: tc.key},
				upload: &upload{body: strings.NewReader("phone\n+12125550101\n"), deadline: func(time.Time) error { return nil }, length: -1},
				imp:    models.Import{State: models.ImportUploading, Options: models.ImportOptions{Region: "US"}},
			}
			_, err := k.take(t.Context(), 1<<20, field.Set{})
			require.ErrorIs(t, err, tc.refuses)
			require.Equal(t, tc.cancelled, store.cancelled)
		})
	}
}
