package main

import (
	"bytes"
	"encoding/base64"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"trackly/internal/testkit"
	"trackly/models"
)

// said runs the whole command and gives what it prints.
func said(t *testing.T, args ...string) (string, error) {
	t.Helper()
	out, root := &bytes.Buffer{}, rootCommand()
	root.SetOut(out)
	root.SetErr(&bytes.Buffer{})
	root.SetArgs(args)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

// A sum that is not what the rows say is told of, and made anew.
func TestTalliesAreCheckedAndMadeAnew(t *testing.T) {
	url := testkit.Database(t)
	t.Setenv("TRACKLY_DATABASE_URL", url)
	t.Setenv("TRACKLY_KEYS_SEAL", base64.StdEncoding.EncodeToString(testkit.SealKey()))
	t.Setenv("TRACKLY_KEYS_LINKS", base64.StdEncoding.EncodeToString(testkit.SealKey()))
	account := models.NewID[models.AccountID]()
	db, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { _ = db.Close(t.Context()) }()
	_, err = db.Exec(t.Context(), `INSERT INTO accounts (id, name) VALUES ($1, 'Acme')`, account)
	require.NoError(t, err)

	out, err := said(t, "tallies", "check")
	require.NoError(t, err)
	require.Equal(t, "every sum is what the rows say\n", out)

	_, err = db.Exec(t.Context(), `WITH c AS (INSERT INTO cells (account_id, list_id, campaign_id, variant, creative_id, offer_id, kind, provider, carrier, at_state)
		SELECT $1, n.id, n.id, 0, n.id, n.id, '', '', '', '' FROM (SELECT '00000000-0000-0000-0000-000000000000'::uuid AS id) n RETURNING id)
		INSERT INTO tallies (account_id, day, cell_id, sends) SELECT $1, '2026-11-01', id, 3 FROM c`, account)
	require.NoError(t, err)
	out, err = said(t, "tallies", "check", "--account", string(account))
	require.ErrorContains(t, err, "1 sums differ")
	require.Contains(t, out, "2026-11-01")

	out, err = said(t, "tallies", "rebuild")
	require.NoError(t, err)
	require.Equal(t, string(account)+": done\n", out)
	_, err = said(t, "tallies", "check")
	require.NoError(t, err)
	_, err = said(t, "tallies", "check", "--account", "nobody")
	require.ErrorContains(t, err, "is not an account")
}
