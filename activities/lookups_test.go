package activities_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/activities"
	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/cm"
	"trackly/internal/provider/sandbox"
	"trackly/internal/provider/twilio"
	"trackly/internal/testkit"
	"trackly/models"
)

func (w *world) lookUp(in activities.LookUpInput) (res activities.LookUpResult, err error) {
	w.t.Helper()
	l := &activities.Lookups{Store: w.Store, Providers: provider.NewRegistry(twilio.Dialer{}, cm.Dialer{}), Door: w.delivery.Door, Now: time.Now}
	in.AccountID, in.ListID = w.account, w.list.ID
	err = as(w.t, func(ctx context.Context) (err error) {
		res, err = l.LookUp(ctx, in)
		return err
	})
	return res, err
}

// counted are the account's look-ups of today.
func (w *world) counted() models.Lookups {
	w.t.Helper()
	all, err := w.Lookups(w.t.Context(), w.account, time.Now())
	require.NoError(w.t, err)
	if len(all) == 0 {
		return models.Lookups{}
	}
	require.Len(w.t, all, 1)
	return models.Lookups{Asked: all[0].Asked, Cached: all[0].Cached, Failed: all[0].Failed}
}

func (w *world) people(limit int) []models.Subscription {
	w.t.Helper()
	all, err := w.Subscriptions(w.t.Context(), w.account, w.list.ID, 0, limit)
	require.NoError(w.t, err)
	return all
}

func TestLookingUpAList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 450, sandbox.Faults{})
	res, err := w.lookUp(activities.LookUpInput{MobileOnly: true})
	require.NoError(t, err)
	require.True(t, res.Done)
	require.EqualValues(t, 450, res.Asked)
	require.EqualValues(t, 450, w.box.Stats().LookUps)
	require.Equal(t, models.Lookups{Asked: 450}, w.counted())
	ours := map[string]models.LineType{
		"mobile": models.LineMobile, "landline": models.LineLandline, "fixedVoip": models.LineVoIP, "nonFixedVoip": models.LineVoIP,
		"tollFree": models.LineTollFree, "personal": models.LineOther, "unknown": models.LineUnknown,
	}
	out := 0
	for _, c := range w.people(1000) {
		kind, carrier := w.box.LineOf(c.Phone)
		require.Equal(t, ours[kind], c.LineType)
		require.Equal(t, carrier, c.Carrier)
		status := models.SubscriptionActive
		if kind == "landline" {
			out++
			status = models.SubscriptionInvalid
			require.Equal(t, models.StatusNotMobile, c.Reason)
		}
		require.Equal(t, status, c.Status)
	}
	require.Positive(t, out)
	require.EqualValues(t, out, res.NotMobile)

	res, err = w.lookUp(activities.LookUpInput{})
	require.NoError(t, err)
	require.Equal(t, activities.LookUpResult{Cached: int64(450 - out), Done: true, After: res.After}, res, "what is known costs nothing")
	require.EqualValues(t, 450, w.box.Stats().LookUps)
	res, err = w.lookUp(activities.LookUpInput{Began: time.Now().Add(-time.Hour)})
	require.NoError(t, err)
	require.Zero(t, res.Cached, "this run has paid for them")
	testkit.Exec(t, w.url, `UPDATE contacts SET looked_up_at = now() - interval '91 days' WHERE line_type = 'voip'`)
	res, err = w.lookUp(activities.LookUpInput{})
	require.NoError(t, err)
	require.Positive(t, res.Asked, "what is old is asked again")
	require.EqualValues(t, 450-out, res.Asked+res.Cached)
}

func rowsTable(id models.ImportID) string {
	return "import_rows_" + strings.ReplaceAll(string(id), "-", "")
}

func TestLookingUpTheRowsOfAnImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10, sandbox.Faults{})
	id := models.NewID[models.ImportID]()
	testkit.Exec(t, w.url, `CREATE TABLE `+rowsTable(id)+` (LIKE import_rows)`)
	testkit.Exec(t, w.url, `INSERT INTO imports (id, account_id, list_id, state, file_hash, rows_read, refused, added, merged, opted_out)
		VALUES ($1, $2, $3, 'running', '', 4, 1, 0, 3, 0)`, id, w.account, w.list.ID)
	testkit.Exec(t, w.url, `INSERT INTO `+rowsTable(id)+` SELECT n, n + 1, CASE n WHEN 3 THEN '' ELSE c.phone END, 'US', '{}', '', '', '', '', '', '', '{}', '{}',
		NULL, NULL, '', '', '', '', '', '', '', CASE n WHEN 3 THEN 'bad_phone' ELSE '' END, ''
		FROM (SELECT row_number() OVER (ORDER BY id) AS n, phone FROM contacts) c WHERE n <= 4`)
	res, err := w.lookUp(activities.LookUpInput{ImportID: id, MobileOnly: true})
	require.NoError(t, err)
	require.EqualValues(t, 3, res.Asked)
	require.EqualValues(t, 4, res.After)
	require.True(t, res.Done)

	testkit.Exec(t, w.url, `DELETE FROM `+rowsTable(id)) // as a crash of Postgres does
	testkit.Exec(t, w.url, `UPDATE contacts SET looked_up_at = NULL`)
	lost := activities.LookUpResult{Lost: true}
	res, err = w.lookUp(activities.LookUpInput{ImportID: id, After: 2})
	require.NoError(t, err)
	require.Equal(t, lost, res, "the end of an empty table was taken for the end of the file")
	testkit.Exec(t, w.url, `DROP TABLE `+rowsTable(id))
	res, err = w.lookUp(activities.LookUpInput{ImportID: id, After: 2})
	require.NoError(t, err)
	require.Equal(t, lost, res)
}

func TestNobodyPaysForTheLookUpsOfACancelledImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, sandbox.Faults{})
	imp := testkit.Upload(t, w.Store, w.list, "phone\n2125550101\n2125550102\n")
	imp, err := w.StartImport(t.Context(), w.account, imp.ID, nil, models.ImportOptions{LookUp: true, MobileOnly: true}, false)
	require.NoError(t, err)
	step, err := w.StageImport(t.Context(), w.account, imp.ID)
	require.NoError(t, err)
	require.Equal(t, models.ImportStep{Rows: 2, LookUps: &models.ImportLookUps{ListID: w.list.ID, MobileOnly: true}}, step)
	_, err = w.MergeImport(t.Context(), w.account, imp.ID, 1, 2)
	require.NoError(t, err)
	_, err = w.CancelImport(t.Context(), w.account, imp.ID, "by hand")
	require.NoError(t, err)
	res, err := w.lookUp(activities.LookUpInput{ImportID: imp.ID})
	require.NoError(t, err)
	require.Equal(t, activities.LookUpResult{Done: true}, res)
	require.Zero(t, w.box.Stats().LookUps)

	a, sum := activities.Imports{Store: w.Store}, models.LookedUp{Asked: 1, Problem: "no luck"}
	for range 2 {
		end, err := a.EndImport(t.Context(), activities.EndInput{ImportRef: activities.ImportRef{AccountID: w.account, ImportID: imp.ID}, LookedUp: &sum})
		require.NoError(t, err)
		require.Equal(t, models.ImportCancelled, end.State)
	}
	imp, err = w.Import(t.Context(), w.account, imp.ID)
	require.NoError(t, err)
	require.Equal(t, &sum, imp.LookedUp, "what was paid is told")
}

func TestWhatWasLearnedIsKeptWhenTheRestFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 60, sandbox.Faults{FailBefore: sandbox.Spell{Percent: 40}})
	res, err := w.lookUp(activities.LookUpInput{})
	require.NoError(t, err)
	require.True(t, res.Done)
	require.EqualValues(t, 60, res.Asked+res.Failed)
	require.Equal(t, res.Asked, w.box.Stats().LookUps)

	w.faults(sandbox.Faults{FailBefore: always()})
	testkit.Exec(t, w.url, `UPDATE contacts SET looked_up_at = NULL`)
	_, err = w.lookUp(activities.LookUpInput{})
	require.Equal(t, fault.Broken, fault.KindOf(err), "it is the provider")
	w.faults(sandbox.Faults{Throttled: sandbox.Spell{Percent: 100, RetryAfter: 1}})
	_, err = w.lookUp(activities.LookUpInput{})
	require.Equal(t, fault.Throttled, fault.KindOf(err), err)
}

func TestAKilledLookUpAsksOnlyAboutTheRest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 150, slow(20))
	ctx, kill := context.WithCancel(t.Context())
	l := &activities.Lookups{Store: w.Store, Providers: provider.NewRegistry(twilio.Dialer{}), Door: w.delivery.Door, Now: time.Now}
	died := make(chan error, 1)
	go func() {
		_, err := l.LookUp(ctx, activities.LookUpInput{AccountID: w.account, ListID: w.list.ID})
		died <- err
	}()
	require.Eventually(t, func() bool { return w.box.Stats().LookUps > 50 }, 20*time.Second, time.Millisecond)
	kill()
	require.Error(t, <-died)
	first := w.box.Stats().LookUps
	require.Less(t, first, int64(150))
	res, err := w.lookUp(activities.LookUpInput{})
	require.NoError(t, err)
	require.LessOrEqual(t, w.box.Stats().LookUps, int64(150+16), "what was in flight is asked again, at most")
	require.GreaterOrEqual(t, res.Cached, first-16)
	require.EqualValues(t, 150, w.counted().Asked)
}

func TestLookingUpNeedsAnAccountThatCan(t *testing.T) {
	t.Parallel()
	w := newWorldAt(t, "cm", 2, sandbox.Faults{})
	_, err := w.lookUp(activities.LookUpInput{})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.ErrorContains(t, err, "set a route to Twilio")
	w.openList("twilio", "+14155550199")
	res, err := w.lookUp(activities.LookUpInput{})
	require.NoError(t, err, "another list's account will do")
	require.EqualValues(t, 2, res.Asked)
	for i := range 2 {
		kind, _ := w.box.LineOf(phoneOf(i))
		require.NotEmpty(t, kind, fmt.Sprint(i))
	}
}
