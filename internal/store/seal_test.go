package store_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
)

// openWith opens a database with sealing keys of the caller's choice.
func openWith(t *testing.T, url string, keys ...[]byte) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{
		URL: url, MaxConns: 4, SealKeys: keys, PhoneKey: []byte("p"), Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// opened gives the credentials of the list's first route.
func (w *world) opened() (models.Credentials, error) {
	h, err := w.Handover(w.t.Context(), w.outbox())
	return h.Credentials[1], err
}

func TestCredentialsAreSealedAndBoundToTheirRoute(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	c := models.Credentials{Token: "a-token-nobody-must-see", PublicKey: "a-public-key"}
	r := w.another(1)
	_, err := w.SetRoute(t.Context(), r, c)
	require.NoError(t, err)
	sealed := w.route(1).Credentials
	for _, part := range [][]byte{[]byte("nobody"), []byte("a-token"), []byte("public"), []byte("token")} {
		require.False(t, bytes.Contains(sealed, part), "the row shows %q", part)
	}
	got, err := w.opened()
	require.NoError(t, err)
	require.Equal(t, c.Token, got.Token)
	require.Equal(t, c.PublicKey, got.PublicKey)

	_, err = w.SetRoute(t.Context(), w.another(1), c)
	require.NoError(t, err)
	require.NotEqual(t, sealed, w.route(1).Credentials, "the same words are never sealed to the same bytes")

	other := w.addList("Acme", nil)
	w.exec(`UPDATE routes SET credentials = (SELECT credentials FROM routes WHERE list_id = $1) WHERE list_id = $2`, w.list.ID, other.list.ID)
	_, err = other.opened()
	require.Equal(t, fault.Internal, fault.KindOf(err), "copied to another row they do not open")
	require.NotContains(t, err.Error(), "nobody")

	w.exec(`UPDATE routes SET credentials = set_byte(credentials, length(credentials) - 1, get_byte(credentials, length(credentials) - 1) # 1) WHERE list_id = $1`, w.list.ID)
	_, err = w.opened()
	require.Error(t, err, "a changed bit is noticed")
	for _, junk := range [][]byte{{}, {1}, {1, 2, 3, 4, 5}, bytes.Repeat([]byte{1}, 200)} {
		w.exec(`UPDATE routes SET credentials = $2 WHERE list_id = $1`, w.list.ID, junk)
		_, err = w.opened()
		require.Equal(t, fault.Internal, fault.KindOf(err))
	}
}

// sealedBefore seals a token as versions with one key did: the token alone, bound to the
// list's id.
func sealedBefore(t *testing.T, key []byte, list models.ListID, word string) []byte {
	t.Helper()
	block, err := aes.NewCipher(key)
	require.NoError(t, err)
	aead, err := cipher.NewGCMWithRandomNonce(block)
	require.NoError(t, err)
	return aead.Seal(nil, nil, []byte(word), []byte(list))
}

func TestWhatWasSealedBeforeKeysCouldRotateOpens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.exec(`UPDATE routes SET credentials = $1`, sealedBefore(t, testkit.SealKey(), w.list.ID, "old-token"))
	c, err := w.opened()
	require.NoError(t, err)
	require.Equal(t, "old-token", c.Token)
	require.Empty(t, c.PublicKey)
	other := w.addList("Acme", nil)
	w.exec(`UPDATE routes SET credentials = $1 WHERE list_id = $2`, sealedBefore(t, testkit.SealKey(), w.list.ID, "old-token"), other.list.ID)
	_, err = other.opened()
	require.Error(t, err)
}

func TestASealRotates(t *testing.T) {
	t.Parallel()
	url := testkit.Database(t)
	older, newer := bytes.Repeat([]byte("o"), 32), store.NewSealKey()
	w := addWorld(t, openWith(t, url, older), 0)
	second := w.addList("Acme", nil)
	w.exec(`UPDATE routes SET credentials = $1 WHERE list_id = $2`, sealedBefore(t, older, second.list.ID, "old-token"), second.list.ID)
	as := func(keys ...[]byte) *world {
		v := *w
		v.Store = openWith(t, url, keys...)
		return &v
	}
	_, err := as(newer).opened()
	require.Error(t, err, "the new key alone opens nothing yet")
	_, err = as(newer).ResealRoutes(t.Context())
	require.Error(t, err, "nor does it reseal what it cannot open")

	both := as(newer, older)
	c, err := both.opened()
	require.NoError(t, err)
	require.Equal(t, token.Token, c.Token)
	third := both.addList("Acme", nil) // sealed with the new key from the beginning
	n, err := both.ResealRoutes(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, n)
	n, err = both.ResealRoutes(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "a second run finds nothing to do")

	for list, want := range map[models.ListID]string{w.list.ID: token.Token, second.list.ID: "old-token", third.list.ID: token.Token} {
		v := as(newer)
		v.list.ID = list
		c, err := v.opened()
		require.NoError(t, err)
		require.Equal(t, want, c.Token)
	}
	_, err = w.opened()
	require.Error(t, err, "the old key opens nothing any more")
}

func TestAStoreNeedsItsKeys(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]store.Options{
		"no seal":      {PhoneKey: []byte("p")},
		"no phone key": {SealKeys: [][]byte{testkit.SealKey()}},
		"a short seal": {SealKeys: [][]byte{testkit.SealKey(), []byte("short")}, PhoneKey: []byte("p")},
	} {
		_, err := store.Open(t.Context(), o)
		require.Equal(t, fault.Invalid, fault.KindOf(err), name)
	}
}
