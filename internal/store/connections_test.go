package store_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
)

func (w *world) connection() models.Connection {
	w.t.Helper()
	c, err := w.AddConnection(w.t.Context(), models.Once{}, models.Connection{
		ID: models.NewID[models.ConnectionID](), AccountID: w.account, Network: models.NetworkTUNE, Name: "N", NetworkID: "acme", Zone: "UTC", State: models.ConnectionUp,
	}, models.Credentials{Token: "the-api-key"})
	require.NoError(w.t, err)
	return c
}

func TestAConnectionsKeyIsSealedAndItsSealRotates(t *testing.T) {
	t.Parallel()
	url := testkit.Database(t)
	older, newer := bytes.Repeat([]byte("o"), 32), store.NewSealKey()
	w := addWorld(t, openWith(t, url, older), 0)
	c, other := w.connection(), w.connection()
	require.False(t, bytes.Contains(c.APIKey, []byte("the-api-key")))
	opened := func(c models.Connection, keys ...[]byte) (string, error) {
		_, key, err := openWith(t, url, keys...).OpenConnection(t.Context(), c.AccountID, c.ID)
		return key.Token, err
	}
	_, err := opened(c, newer)
	require.Equal(t, fault.Internal, fault.KindOf(err), "the new key alone opens nothing yet")
	both := openWith(t, url, newer, older)
	for _, want := range []int{2, 0} {
		n, err := both.ResealConnections(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	got, err := opened(c, newer)
	require.NoError(t, err)
	require.Equal(t, "the-api-key", got)
	_, err = opened(c, older)
	require.Error(t, err)
	w.exec(`UPDATE connections SET api_key = (SELECT api_key FROM connections WHERE id = $1) WHERE id = $2`, c.ID, other.ID)
	_, err = opened(other, newer)
	require.Error(t, err, "a key copied to another row opens nothing")
}
