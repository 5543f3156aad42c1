package activities_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/activities"
	"trackly/internal/fault"
	"trackly/internal/testkit"
	"trackly/models"
)

// account is a list with its account, alone in a database.
func importWorld(t *testing.T) (*activities.Imports, *activities.Campaigns, *started, models.List, func(csv string) models.Import) {
	t.Helper()
	st := testkit.Store(t)
	acc, owner, err := models.NewAccount("Acme", "Ada", "ada@example.com")
	require.NoError(t, err)
	key, _ := models.NewAPIKey(acc.ID, "test")
	require.NoError(t, st.AddAccount(t.Context(), acc, owner, key))
	l, err := st.AddList(t.Context(), models.Once{}, testkit.SendingList(acc.ID, "twilio", "+14155550132", ""), models.Credentials{Token: "t"})
	require.NoError(t, err)
	engine := &started{}
	keeper := &activities.Campaigns{Store: st, Starter: engine, Now: time.Now}
	upload := func(csv string) models.Import {
		imp := testkit.Upload(t, st, l, csv)
		imp, err := st.StartImport(t.Context(), imp.AccountID, imp.ID, nil, models.ImportOptions{}, false)
		require.NoError(t, err)
		return imp
	}
	return &activities.Imports{Store: st}, keeper, engine, l, upload
}

func TestTheStepsOfAnImportAreRepeatable(t *testing.T) {
	t.Parallel()
	a, keeper, engine, _, upload := importWorld(t)
	imp := upload("phone\n2125550101\n2125550102\nnobody\n")
	keeper.Now = func() time.Time { return time.Now().Add(time.Minute) }
	n, err := keeper.Keep(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, []models.ImportID{imp.ID}, engine.brings, "an import whose workflow was never started")

	ref := activities.ImportRef{AccountID: imp.AccountID, ImportID: imp.ID}
	for range 2 {
		step, err := a.StageFile(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, models.ImportStep{Rows: 3}, step)
		step, err = a.MergePage(t.Context(), activities.MergeInput{ImportRef: ref, First: 1, Last: 3})
		require.NoError(t, err)
		require.Equal(t, models.ImportStep{Rows: 3, Page: models.ImportPage{First: 1, Last: 3, Added: 2}}, step)
	}
	for range 2 {
		res, err := a.EndImport(t.Context(), activities.EndInput{ImportRef: ref})
		require.NoError(t, err)
		require.Equal(t, models.ImportDone, res.State)
	}
	n, err = keeper.Keep(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
}

func TestAFileThatIsNoGoodFailsWithItsSentence(t *testing.T) {
	t.Parallel()
	a, _, _, _, upload := importWorld(t)
	imp := upload("phone,first_name\n2125550101,Ada\n2125550102,\"never closed\n2125550103,Bob\n")
	ref := activities.ImportRef{AccountID: imp.AccountID, ImportID: imp.ID}
	step, err := a.StageFile(t.Context(), ref)
	require.NoError(t, err)
	require.True(t, step.Stopped)
	res, err := a.EndImport(t.Context(), activities.EndInput{ImportRef: ref})
	require.NoError(t, err)
	require.Equal(t, models.ImportFailed, res.State)
}

// brokenStore fails in a way that time may heal.
type brokenStore struct{ failed bool }

func (*brokenStore) StageImport(context.Context, models.AccountID, models.ImportID) (models.ImportStep, error) {
	return models.ImportStep{}, fault.New(fault.Broken, "the database is away")
}

func (*brokenStore) MergeImport(context.Context, models.AccountID, models.ImportID, int64, int64) (models.ImportStep, error) {
	return models.ImportStep{}, nil
}

func (*brokenStore) FinishImport(context.Context, models.AccountID, models.ImportID) (models.Import, error) {
	return models.Import{}, nil
}

func (*brokenStore) KeepLookedUp(context.Context, models.AccountID, models.ImportID, models.LookedUp) error {
	return nil
}

func (s *brokenStore) FailImport(context.Context, models.AccountID, models.ImportID, string) error {
	s.failed = true
	return nil
}

func TestADatabaseThatIsAwayIsNotTheFilesFault(t *testing.T) {
	t.Parallel()
	st := &brokenStore{}
	_, err := (&activities.Imports{Store: st}).StageFile(t.Context(), activities.ImportRef{})
	require.Equal(t, fault.Broken, fault.KindOf(err))
	require.False(t, st.failed)
}
