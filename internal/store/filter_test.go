package store_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/rules/field"
)

func TestImportContacts(t *testing.T) {
	t.Parallel()
	t.Run("a second file merges fields and adds nobody twice", func(t *testing.T) {
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
	})
	t.Run("a file that turns out to be broken leaves nothing behind", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		_, err := w.ImportContacts(t.Context(), models.Once{Key: "k", RequestHash: []byte("h")}, models.Import{
			ID: models.NewID[models.ImportID](), AccountID: w.account, ListID: w.list.ID,
		}, &file{rows: people(500), bad: fmt.Errorf("row 501 is broken")})
		require.ErrorContains(t, err, "row 501 is broken")
		for _, table := range []string{"contacts", "subscriptions", "imports", "consents", "idempotency_keys"} {
			n, err := w.Count(t.Context(), "SELECT count(*) FROM "+table)
			require.NoError(t, err)
			require.Zero(t, n, table)
		}
	})
	t.Run("refused rows come back in order and every number adds up", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		rows := people(6)
		for _, i := range []int{1, 4} {
			rows[i].Refusal = models.Refusal{Column: "phone", Value: "x", Reason: "bad_phone", Message: "no"}
		}
		imp := w.load(rows...)
		require.EqualValues(t, 2, imp.Refused)
		require.EqualValues(t, 4, imp.Added)
		bad, err := w.Refusals(t.Context(), w.account, imp.ID, 0, 10)
		require.NoError(t, err)
		require.Len(t, bad, 2)
		require.EqualValues(t, 3, bad[0].Line)
		consents, err := w.Count(t.Context(), `SELECT count(*) FROM consents WHERE import_id = $1 AND kind = 'opt_in'`, imp.ID)
		require.NoError(t, err)
		require.EqualValues(t, 4, consents)
	})
}
