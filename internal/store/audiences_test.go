package store_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/audience"
)

// filter reads a filter as clients write it.
func filter(tb testing.TB, text string) audience.Filter {
	tb.Helper()
	var f audience.Filter
	require.NoError(tb, json.Unmarshal([]byte(text), &f))
	return f
}

const (
	texans     = `{"all":[{"field":"state","op":"eq","values":["TX"]}]}`
	notOfThose = `{"all":[{"field":"audience","op":"not_in","values":[%q]}]}`
)

func (w *world) audience(kind models.AudienceKind, f string) models.Audience {
	w.t.Helper()
	a, err := w.AddAudience(w.t.Context(), models.Once{}, models.Audience{
		ID: models.NewID[models.AudienceID](), AccountID: w.account, Name: "A", Kind: kind, Filter: filter(w.t, f),
	})
	require.NoError(w.t, err)
	return a
}

func (w *world) counted(m models.Members) int64 {
	w.t.Helper()
	n, err := w.AudienceCount(w.t.Context(), m)
	require.NoError(w.t, err)
	return n
}

func (w *world) optOut(i int) {
	w.t.Helper()
	w.exec(`UPDATE subscriptions s SET status = 'opted_out', opted_out_at = now() FROM contacts c
		WHERE c.id = s.contact_id AND s.account_id = $1 AND c.phone = $2`, w.account, phoneOf(i))
}

func TestADynamicAudienceIsReadAnewAndAStaticOneIsNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 30) // every third is a Texan
	dynamic, static := w.audience(models.AudienceDynamic, texans), w.audience(models.AudienceStatic, texans)
	require.Nil(t, dynamic.Size)
	require.EqualValues(t, 10, *static.Size)
	require.NotNil(t, static.FrozenAt)
	w.load(people(33)...)
	require.EqualValues(t, 11, w.counted(dynamic.Members()))
	require.EqualValues(t, 10, w.counted(static.Members()))
	w.optOut(0)
	require.EqualValues(t, 10, w.counted(dynamic.Members()), "only active contacts are members")
	require.EqualValues(t, 9, w.counted(static.Members()), "of a static audience too")
	again, err := w.Audience(t.Context(), w.account, static.ID)
	require.NoError(t, err)
	require.EqualValues(t, 10, *again.Size, "how many were frozen stays")
}

func TestTheSameRequestMakesOneAudience(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 6)
	o := models.Once{Key: "k", RequestHash: []byte("h")}
	add := func(o models.Once) (models.Audience, error) {
		return w.AddAudience(t.Context(), o, models.Audience{
			ID: models.NewID[models.AudienceID](), AccountID: w.account, Name: "A", Kind: models.AudienceStatic, Filter: filter(t, `{}`),
		})
	}
	first, err := add(o)
	require.NoError(t, err)
	second, err := add(o)
	require.NoError(t, err)
	require.Equal(t, first.ID, second.ID)
	require.EqualValues(t, 6, w.count(`SELECT count(*) FROM audience_members`))
	_, err = add(models.Once{Key: "k", RequestHash: []byte("other")})
	require.Equal(t, fault.Conflict, fault.KindOf(err))
}

func TestAnAudienceThatIsNeededIsNotDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	static := w.audience(models.AudienceStatic, texans)
	user := w.audience(models.AudienceDynamic, fmt.Sprintf(notOfThose, static.ID))
	err := w.DeleteAudience(t.Context(), w.account, static.ID)
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	require.ErrorContains(t, err, `the audience "A"`)
	require.NoError(t, w.DeleteAudience(t.Context(), w.account, user.ID))

	unfinished := w.launched(everybody, 100)
	w.exec(`INSERT INTO campaign_audiences (campaign_id, audience_id, exclude) VALUES ($1, $2, true)`, unfinished.ID, static.ID)
	err = w.DeleteAudience(t.Context(), w.account, static.ID)
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	require.ErrorContains(t, err, `the campaign "C"`)

	_, err = w.MoveCampaign(t.Context(), w.account, unfinished.ID, models.CampaignCancelled, "test", noon)
	require.NoError(t, err)
	require.NoError(t, w.DeleteAudience(t.Context(), w.account, static.ID))
	require.Zero(t, w.count(`SELECT count(*) FROM audience_members`))
	_, err = w.Audience(t.Context(), w.account, static.ID)
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	all, err := w.Audiences(t.Context(), w.account, "", 10)
	require.NoError(t, err)
	require.Empty(t, all)
	require.Equal(t, fault.NotFound, fault.KindOf(w.DeleteAudience(t.Context(), w.account, static.ID)))
}

func TestAFilterNamesOnlyStaticAudiencesOfItsAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 6)
	static, dynamic := w.audience(models.AudienceStatic, texans), w.audience(models.AudienceDynamic, texans)
	foreign := addWorld(t, w.Store, 0).audience(models.AudienceStatic, `{}`)
	for _, id := range []models.AudienceID{dynamic.ID, foreign.ID, models.NewID[models.AudienceID]()} {
		_, err := w.AddAudience(t.Context(), models.Once{}, models.Audience{
			ID: models.NewID[models.AudienceID](), AccountID: w.account, Name: "A", Kind: models.AudienceDynamic,
			Filter: filter(t, fmt.Sprintf(`{"any":[{"not":`+notOfThose+`}]}`, id)),
		})
		require.Equal(t, fault.Invalid, fault.KindOf(err))
		require.ErrorContains(t, err, "filter.any[0].not.all[0].values[0]: is not a static audience")
	}
	rest := w.audience(models.AudienceDynamic, fmt.Sprintf(notOfThose, static.ID))
	require.EqualValues(t, 4, w.counted(rest.Members()))

	frozen := w.audience(models.AudienceStatic, fmt.Sprintf(notOfThose, static.ID))
	require.NoError(t, w.DeleteAudience(t.Context(), w.account, rest.ID))
	require.NoError(t, w.DeleteAudience(t.Context(), w.account, static.ID))
	frozen.Name = "B"
	_, err := w.ChangeAudience(t.Context(), frozen)
	require.NoError(t, err, "what it was made from is gone; it is not")
}

func TestAChangedAudience(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 6)
	static, dynamic := w.audience(models.AudienceStatic, texans), w.audience(models.AudienceDynamic, texans)
	for _, a := range []models.Audience{static, dynamic} {
		a.Name, a.Filter = "B", filter(t, `{}`)
		got, err := w.ChangeAudience(t.Context(), a)
		require.NoError(t, err)
		require.Equal(t, "B", got.Name)
		require.True(t, got.UpdatedAt.After(a.UpdatedAt))
		want := map[models.AudienceID]int64{static.ID: 2, dynamic.ID: 6}[a.ID]
		require.Equal(t, want, w.counted(got.Members()))
	}
	dynamic.AccountID = addWorld(t, w.Store, 0).account
	_, err := w.ChangeAudience(t.Context(), dynamic)
	require.Equal(t, fault.NotFound, fault.KindOf(err))
}
