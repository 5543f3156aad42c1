package store_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/field"
)

// One filter, read twice: in memory and as SQL. The two must mean the same people.
func TestFiltersMeanTheSameInMemoryAndInSQL(t *testing.T) {
	t.Parallel()
	words := []string{"TX", "CA", "ny", "", "O'Brien", `"; --`, "%", "é"}
	w := newWorld(t, 0)
	var rows []models.ContactRow
	for i := range 120 {
		r := models.ContactRow{Line: int64(i), Phone: phoneOf(i), Region: "US", Fields: map[string]string{}}
		r.State, r.FirstName, r.LastName = words[i%8], words[i/8%8], words[i/5%8]
		if i%3 > 0 {
			r.Fields["plan"] = words[i/3%8]
		}
		rows = append(rows, r)
	}
	w.load(rows...)
	condition := rapid.Custom(func(r *rapid.T) audience.Condition {
		c := audience.Condition{
			Field: rapid.SampledFrom([]string{"state", "first_name", "last_name", "plan", "never_seen"}).Draw(r, "field"),
			Op:    rapid.SampledFrom(audience.Ops()).Draw(r, "op"),
		}
		switch c.Op {
		case audience.Eq, audience.Ne:
			c.Values = []string{rapid.SampledFrom(words).Draw(r, "value")}
		case audience.In, audience.NotIn:
			c.Values = rapid.SliceOfN(rapid.SampledFrom(words), 1, 4).Draw(r, "values")
		case audience.Exists, audience.NotExists:
		}
		return c
	})
	rapid.Check(t, func(r *rapid.T) {
		f := audience.Filter{All: rapid.SliceOfN(condition, 0, 3).Draw(r, "conditions")}
		var want int64
		for _, x := range rows {
			if f.Match(audience.Person{FirstName: x.FirstName, LastName: x.LastName, State: x.State, Fields: x.Fields}) {
				want++
			}
		}
		got, err := w.AudienceSize(w.t.Context(), w.account, w.list.ID, f)
		if err != nil || got != want {
			r.Fatalf("%+v: SQL counts %d, memory %d (%v)", f, got, want, err)
		}
	})
}

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
