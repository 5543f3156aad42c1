package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/field"
)

func (w *world) define(name string, is field.Type) {
	w.t.Helper()
	_, err := w.AddField(w.t.Context(), models.Field{AccountID: w.account, Name: name, Type: is})
	require.NoError(w.t, err)
}

func TestFieldsAreDefinedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	ctx := t.Context()
	w.define("plan", field.Text)
	first, err := w.Fields(ctx, w.account)
	require.NoError(t, err)
	again, err := w.AddField(ctx, models.Field{AccountID: w.account, Name: "plan", Type: field.Text})
	require.NoError(t, err)
	require.Equal(t, first[0], again)
	_, err = w.AddField(ctx, models.Field{AccountID: w.account, Name: "plan", Type: field.Number})
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	for _, f := range []models.Field{{Name: "state", Type: field.Text}, {Name: "Plan", Type: field.Text}, {Name: "x"}} {
		_, err := w.AddField(ctx, f)
		require.Equal(t, fault.Invalid, fault.KindOf(err), f.Name)
	}
	other := addWorld(t, w.Store, 0)
	set, err := other.FieldSet(ctx, other.account)
	require.NoError(t, err)
	require.Empty(t, set, "fields are an account's own")
	require.Equal(t, fault.NotFound, fault.KindOf(other.DeleteField(ctx, other.account, "plan")))
	mine, err := w.FieldSet(ctx, w.account)
	require.NoError(t, err)
	require.Len(t, mine, 1)
	require.Contains(t, mine, "plan")
}

func TestAnAccountHasAtMost64Fields(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	for i := range field.Most - 5 {
		w.define(fmt.Sprintf("f%d", i), field.Text)
	}
	var added atomic.Int64
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			_, err := w.AddField(t.Context(), models.Field{AccountID: w.account, Name: fmt.Sprintf("g%d", i), Type: field.Text})
			if err == nil {
				added.Add(1)
			} else if fault.KindOf(err) != fault.Conflict {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 5, added.Load())
	require.EqualValues(t, field.Most, w.count(`SELECT count(*) FROM fields WHERE account_id = $1`, w.account))
	w.define("f1", field.Text) // is there: no more room is needed
}

func TestAFieldInUseIsNotDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1) // has an age
	ctx := t.Context()
	for _, name := range []string{"plan", "pet", "free"} {
		w.define(name, field.Text)
	}
	creative, err := w.AddCreative(ctx, models.Once{}, models.Creative{
		ID: models.NewID[models.CreativeID](), AccountID: w.account, Name: "K", Body: "your plan: {{age|young}}, free", Status: models.CreativeActive,
	})
	require.NoError(t, err)
	w.exec(`INSERT INTO audiences (id, account_id, name, kind, filter)
		VALUES (gen_random_uuid(), $1, 'A', 'dynamic', '{"any":[{"not":{"field":"plan","op":"eq","values":["x"]}}]}')`, w.account)
	w.exec(`INSERT INTO campaigns (id, account_id, list_id, name, state, filter)
		VALUES (gen_random_uuid(), $1, $2, 'C', 'draft', '{"all":[{"field":"pet","op":"eq","values":["x"]}]}')`, w.account, w.list.ID)
	for name, user := range map[string]string{"age": "the creative K", "plan": "the audience A", "pet": "the campaign C"} {
		err := w.DeleteField(ctx, w.account, name)
		require.Equal(t, fault.Conflict, fault.KindOf(err), name)
		require.Contains(t, err.Error(), user)
	}
	require.NoError(t, w.DeleteField(ctx, w.account, "free"), "a word of a text is no use of a field")
	require.NoError(t, w.MoveCreative(ctx, w.account, creative.ID, models.CreativeArchived))
	require.NoError(t, w.DeleteField(ctx, w.account, "age"))
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM subscriptions WHERE fields ? 'age'`), "values stay")
}
