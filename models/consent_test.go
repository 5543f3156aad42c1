package models_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/segment"
)

func TestASuppressionReachesAsFarAsItsScope(t *testing.T) {
	t.Parallel()
	branded, plain := models.List{ID: "l1", Brand: "ACME Pets"}, models.List{ID: "l2"}
	for name, tc := range map[string]struct {
		scope models.Scope
		list  models.List
		want  models.Suppression
	}{
		"the list":                  {models.ScopeList, branded, models.Suppression{Scope: models.ScopeList, ListID: "l1"}},
		"the brand, in small":       {models.ScopeBrand, branded, models.Suppression{Scope: models.ScopeBrand, Brand: "acme pets"}},
		"no brand: the list alone":  {models.ScopeBrand, plain, models.Suppression{Scope: models.ScopeList, ListID: "l2"}},
		"the account":               {models.ScopeAccount, branded, models.Suppression{Scope: models.ScopeAccount}},
		"a scope nobody knows":      {"", plain, models.Suppression{Scope: models.ScopeList, ListID: "l2"}},
		"the account without brand": {models.ScopeAccount, plain, models.Suppression{Scope: models.ScopeAccount}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, models.Suppression{Scope: tc.scope}.Over(tc.list))
		})
	}
}

func TestWhatEachKindIsSpared(t *testing.T) {
	t.Parallel()
	for kind, tc := range map[models.Kind]struct{ anyHour, uncapped, hurried bool }{
		models.KindCampaign:     {false, false, false},
		models.KindAPI:          {false, false, true},
		models.KindReply:        {true, true, true},
		models.KindConfirmation: {true, true, true},
		models.KindHelp:         {true, true, true},
		models.KindPasscode:     {true, true, true},
		models.KindTest:         {true, true, true},
	} {
		require.Equal(t, tc.anyHour, kind.AnyHour(), "%s", kind)
		require.Equal(t, tc.uncapped, kind.Uncapped(), "%s", kind)
		require.Equal(t, tc.hurried, kind.Hurried(), "%s", kind)
	}
}

func TestOnlyClaimedMessagesUnderACapAreCounted(t *testing.T) {
	t.Parallel()
	texts := []models.Text{
		{MessageID: 1, Kind: models.KindCampaign, Cap: 3},
		{MessageID: 2, Kind: models.KindCampaign},
		{MessageID: 3, Kind: models.KindReply, Cap: 3},
		{MessageID: 4, Kind: models.KindAPI, Cap: 2},
		{MessageID: 5, Kind: models.KindCampaign, Cap: 3},
	}
	got := []models.MessageID{1, 2, 3, 4} // 5 was not claimed
	ids, caps := models.Claim{Texts: texts}.Counted(got)
	require.Equal(t, []int64{1, 4}, ids, "without frequency caps only the states' count")
	require.Equal(t, []int16{3, 2}, caps)
	for _, c := range []models.Caps{{AccountHours: 1}, {ListHours: 1}} {
		require.False(t, c.None())
		ids, caps = models.Claim{Texts: texts, Caps: c}.Counted(got)
		require.Equal(t, []int64{1, 2, 4}, ids)
		require.Equal(t, []int16{3, 0, 2}, caps)
	}
	require.True(t, models.Caps{}.None())
	ids, _ = models.Claim{Texts: texts, Caps: models.Caps{ListHours: 1}}.Counted(nil)
	require.Empty(t, ids)
}

// 47 CFR 64.1200(a)(12): one confirmation, nothing to buy in it. Whoever reads it must
// learn who writes and how to end the texts.
func TestAnAutomaticAnswerIsOneSegmentAndSellsNothing(t *testing.T) {
	t.Parallel()
	selling := regexp.MustCompile(`(?i)offer|deal|sale|discount|%|free|buy|shop|save|http|www|\$`)
	brand := rapid.StringOfN(rapid.RuneFrom([]rune("ABCXYZabcxyzäöüÄÖÜñÑåÅéèàùìòØøÆæßΔΦ0123456789 &-.'!")), 1, 50, 50)
	rapid.Check(t, func(r *rapid.T) {
		l := models.List{Name: "unused", Brand: brand.Draw(r, "brand")}
		for _, k := range []models.Kind{models.KindConfirmation, models.KindHelp} {
			answer := l.Answer(k)
			count := segment.Of(answer)
			require.Equal(r, segment.GSM7, count.Encoding, answer)
			require.Equal(r, 1, count.Segments, answer)
			require.True(r, strings.HasPrefix(answer, l.Brand+": "), answer)
			require.NotRegexp(r, selling, strings.TrimPrefix(answer, l.Brand))
		}
		require.Contains(r, l.Answer(models.KindConfirmation), "no more texts")
		require.Contains(r, l.Answer(models.KindHelp), "STOP")
	})
	l := models.List{Name: "Spring list", StopText: "Bye.", HelpText: "Call us."}
	require.Equal(t, "Bye.", l.Answer(models.KindConfirmation))
	require.Equal(t, "Call us.", l.Answer(models.KindHelp))
	require.True(t, strings.HasPrefix(models.List{Name: "Spring list"}.Answer(models.KindHelp), "Spring list: "))
}

func TestAMessageIDIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for _, id := range []models.MessageID{1, 500, 1<<63 - 1} {
		got, err := models.ParseMessageID(id.String())
		require.NoError(t, err)
		require.Equal(t, id, got)
	}
	for _, word := range []string{"", "0", "-1", "x", "1.5", "9223372036854775808", " 1", "0x10", "1\n"} {
		_, err := models.ParseMessageID(word)
		require.Equal(t, fault.NotFound, fault.KindOf(err), "%q", word)
	}
}
