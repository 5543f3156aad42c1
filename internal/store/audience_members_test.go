package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
)

func TestCountsAreOfOneAccountAndOfTheListsAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 30)
	other := w.addList("Other", nil)
	other.load(people(12)...)
	addWorld(t, w.Store, 40)
	m := models.Members{AccountID: w.account}
	require.EqualValues(t, 42, w.counted(m))
	m.Lists = []models.ListID{other.list.ID}
	require.EqualValues(t, 12, w.counted(m))
	m.Filter = filter(t, texans)
	require.EqualValues(t, 4, w.counted(m))
	m.Lists = []models.ListID{other.list.ID, w.list.ID}
	require.EqualValues(t, 14, w.counted(m))
}

func TestAFilterOfUnknownFieldsIsNoStatement(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	_, err := w.AudienceCount(t.Context(), models.Members{
		AccountID: w.account, Filter: filter(t, `{"field":"nobody_defined_it","op":"exists"}`),
	})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

func TestPagesOfMembersGiveEachOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 30)
	w.addList("Other", nil).load(people(12)...)
	addWorld(t, w.Store, 5)
	w.optOut(3)
	for _, a := range []models.Audience{w.audience(models.AudienceDynamic, texans), w.audience(models.AudienceStatic, texans)} {
		seen := map[models.SubscriptionID]bool{}
		var after models.MemberPlace
		for {
			page, err := w.AudienceMembers(t.Context(), a.Members(), after, 5)
			require.NoError(t, err)
			for _, x := range page {
				require.False(t, seen[x.ID])
				require.Equal(t, "TX", x.State)
				require.Equal(t, models.SubscriptionActive, x.Status)
				require.NotEmpty(t, x.Phone)
				seen[x.ID] = true
				after = models.MemberPlace{ListID: x.ListID, ID: x.ID}
			}
			if len(page) < 5 {
				break
			}
		}
		require.Len(t, seen, 12)
	}
}

func TestASampleDrawsMembersAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.load(people(4000)...)
	addWorld(t, w.Store, 10)
	drawn := func(m models.Members, n int) map[models.SubscriptionID]bool {
		rows, err := w.AudienceSample(t.Context(), m, n)
		require.NoError(t, err)
		ids := map[models.SubscriptionID]bool{}
		for _, r := range rows {
			require.Equal(t, w.account, r.AccountID)
			ids[r.ID] = true
		}
		require.Len(t, ids, len(rows), "nobody twice")
		return ids
	}
	m := models.Members{AccountID: w.account, Filter: filter(t, texans)}
	first := drawn(m, 100)
	require.Len(t, first, 100)
	require.NotEqual(t, first, drawn(m, 100), "another draw gives others")
	rare := filter(t, `{"field":"first_name","op":"in","values":["P1","P2","P3"]}`)
	require.Len(t, drawn(models.Members{AccountID: w.account, Filter: rare}, 100), 3, "a small audience comes whole")
	require.Empty(t, drawn(models.Members{AccountID: w.account, Filter: filter(t, `{"field":"state","op":"eq","values":["ZZ"]}`)}, 10))
}

// The darts must not prefer anybody: of many draws of one each part of the audience gets
// its share.
func TestASampleIsEven(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.load(people(4000)...)
	m := models.Members{AccountID: w.account}
	quarters := [4]int{}
	first := w.count(`SELECT min(id) FROM subscriptions`)
	for range 60 {
		rows, err := w.AudienceSample(t.Context(), m, 20)
		require.NoError(t, err)
		for _, r := range rows {
			quarters[(int64(r.ID)-first)/1000]++
		}
	}
	for _, n := range quarters {
		require.InDelta(t, 300, n, 90, "%v of 1200", quarters) // six standard deviations
	}
}

func TestAQuestionThatTakesTooLongEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	err := w.Within(t.Context(), 50*time.Millisecond, `SELECT pg_sleep(20)`)
	require.Equal(t, fault.Broken, fault.KindOf(err))
	require.ErrorContains(t, err, "takes longer than 50ms")
	require.NoError(t, w.Within(t.Context(), 5*time.Second, `SELECT 1`))
}
