package store_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/stretchr/testify/require"

	"trackly/internal/testkit"
	"trackly/models"
)

// Ids go out as 16 bytes, alone and in arrays, whatever string type they have; what is none
// is refused, so that it goes as text and PostgreSQL says what is wrong with it.
func TestIDsGoOutAsTheyAre(t *testing.T) {
	t.Parallel()
	s := testkit.Open(t, testkit.Database(t))
	id := models.NewID[models.AccountID]()
	raw := uuid.MustParse(string(id))
	got, err := s.Sends(t.Context(), pgtype.UUIDOID, id)
	require.NoError(t, err)
	require.Equal(t, raw[:], got)
	for _, all := range []any{[]string{string(id)}, []models.AccountID{id}} {
		got, err := s.Sends(t.Context(), pgtype.UUIDArrayOID, all)
		require.NoError(t, err)
		require.Equal(t, raw[:], got[len(got)-16:])
	}
	_, err = s.Sends(t.Context(), pgtype.UUIDArrayOID, []string{"nobody"})
	require.Error(t, err)
	text, err := s.Sends(t.Context(), pgtype.TextOID, "nobody")
	require.NoError(t, err)
	require.Equal(t, "nobody", string(text))
}
