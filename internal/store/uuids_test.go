package store

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/stretchr/testify/require"

	"trackly/models"
)

// Ids go out as 16 bytes, alone and in arrays, whatever string type they have; what is none
// is refused, so that it goes as text and PostgreSQL says what is wrong with it.
func TestIDsGoOutAsTheyAre(t *testing.T) {
	t.Parallel()
	id := models.NewID[models.AccountID]()
	raw := uuid.MustParse(string(id))
	m := pgtype.NewMap()
	m.TryWrapEncodePlanFuncs = append(m.TryWrapEncodePlanFuncs, asUUID)

	got, err := m.Encode(pgtype.UUIDOID, pgtype.BinaryFormatCode, id, nil)
	require.NoError(t, err)
	require.Equal(t, raw[:], got)
	for _, all := range []any{[]string{string(id)}, []models.AccountID{id}} {
		got, err := m.Encode(pgtype.UUIDArrayOID, pgtype.BinaryFormatCode, all, nil)
		require.NoError(t, err)
		require.Equal(t, raw[:], got[len(got)-16:])
	}
	_, err = m.Encode(pgtype.UUIDArrayOID, pgtype.BinaryFormatCode, []string{"nobody"}, nil)
	require.Error(t, err)
	text, err := m.Encode(pgtype.TextOID, pgtype.BinaryFormatCode, "nobody", nil)
	require.NoError(t, err)
	require.Equal(t, "nobody", string(text))
}
