package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
)

func TestEverythingKnownOfAMemberIsRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 6)
	static := w.audience(models.AudienceStatic, texans)
	w.exec(`UPDATE contacts SET carrier = 'Verizon', line_type = 'mobile' WHERE phone = $1`, phoneOf(0))
	w.exec(`UPDATE subscriptions s SET at_state = 'NY', at_zones = '{America/New_York,America/Chicago}' FROM contacts c
		WHERE c.id = s.contact_id AND c.phone IN ($1, $2)`, phoneOf(0), phoneOf(2))
	w.exec(`INSERT INTO totals (subscription_id, send_count, click_count, conversion_count, revenue, last_sent_at, last_clicked_at)
		SELECT s.id, 5, 4, 2, 30000000, $2, now() FROM subscriptions s JOIN contacts c ON c.id = s.contact_id WHERE c.phone = $1`,
		phoneOf(0), noon)
	of := func(a models.Audience, i int) models.Standing {
		st, err := w.AudienceStanding(t.Context(), a, models.Who{ListID: w.list.ID, Phone: phoneOf(i)})
		require.NoError(t, err)
		same, err := w.AudienceStanding(t.Context(), a, models.Who{ID: st.Subscription.ID})
		require.NoError(t, err)
		require.Equal(t, st, same)
		return st
	}
	match := func(i int, text string) bool {
		return w.audience(models.AudienceDynamic, text).Filter.Match(of(w.audience(models.AudienceDynamic, text), i).Person, time.Now())
	}
	for text, want := range map[string]bool{
		`{"all":[{"field":"carrier","op":"eq","values":["Verizon"]},{"field":"line_type","op":"eq","values":["mobile"]}]}`: true,
		texans: true,
		`{"field":"zone","op":"eq","values":["America/Chicago"]}`:                  true,
		`{"field":"send_count","op":"eq","values":[5]}`:                            true,
		`{"field":"click_count","op":"between","values":[4,4]}`:                    true,
		`{"field":"revenue_average","op":"eq","values":["15"]}`:                    true,
		`{"field":"revenue_total","op":"gt","values":["30"]}`:                      false,
		`{"field":"last_sent_at","op":"before","values":["1d"]}`:                   true,
		`{"field":"last_clicked_at","op":"within","values":["1h"]}`:                true,
		`{"field":"last_converted_at","op":"not_exists"}`:                          true,
		`{"field":"signup_at","op":"within","values":["1h"]}`:                      true,
		`{"field":"signup_method","op":"eq","values":["import"]}`:                  true,
		fmt.Sprintf(`{"field":"list","op":"eq","values":[%q]}`, w.list.ID):         true,
		fmt.Sprintf(`{"field":"audience","op":"in","values":[%q]}`, static.ID):     true,
		fmt.Sprintf(`{"not":{"field":"list","op":"eq","values":[%q]}}`, w.list.ID): false,
	} {
		require.Equal(t, want, match(0, text), text)
		n := w.counted(models.Members{AccountID: w.account, Filter: filter(t, `{"all":[{"field":"first_name","op":"eq","values":["P0"]},`+text+`]}`)})
		require.Equal(t, want, n == 1, "SQL says otherwise of %s", text)
	}
	require.True(t, match(2, `{"field":"state","op":"eq","values":["NY"]}`), "where nobody gave a state, the phone's place counts")
	require.True(t, *of(static, 0).Frozen)
	require.False(t, *of(static, 1).Frozen)
	require.Nil(t, of(w.audience(models.AudienceDynamic, texans), 0).Frozen)
}

func TestNobodyIsAskedAboutAForeignContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	a := w.audience(models.AudienceDynamic, `{}`)
	stranger := addWorld(t, w.Store, 1)
	id := w.count(`SELECT id FROM subscriptions WHERE account_id = $1`, stranger.account)
	for _, who := range []models.Who{
		{ID: models.SubscriptionID(id)}, {ListID: stranger.list.ID, Phone: phoneOf(0)}, {ListID: w.list.ID, Phone: phoneOf(7)}, {ListID: "x", Phone: phoneOf(0)},
	} {
		_, err := w.AudienceStanding(t.Context(), a, who)
		require.Equal(t, fault.NotFound, fault.KindOf(err))
	}
}
