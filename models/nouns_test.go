package models_test

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
)

func TestAnAPIKeyIsShownOnceAndKeptAsAHash(t *testing.T) {
	t.Parallel()
	key, text := models.NewAPIKey("a", "ci")
	_, other := models.NewAPIKey("a", "ci")
	require.NotEqual(t, text, other)
	require.True(t, strings.HasPrefix(text, "trk_"))
	require.GreaterOrEqual(t, len(text), 36)
	require.Equal(t, models.HashAPIKey(text), key.Hash)
	require.Equal(t, text[:10], key.Prefix)
	require.NotContains(t, hex.EncodeToString(key.Hash)+key.Name+key.ID, text[10:])
}

func TestAKeyThatExpiredOrWasRevokedOpensNothing(t *testing.T) {
	t.Parallel()
	later := noon.Add(time.Hour)
	require.True(t, models.APIKey{}.Valid(noon))
	require.True(t, models.APIKey{ExpiresAt: &later}.Valid(noon))
	require.False(t, models.APIKey{ExpiresAt: &noon}.Valid(noon))
	require.False(t, models.APIKey{RevokedAt: &later}.Valid(noon))
}

func TestAListHearsAllItsProblemsAtOnce(t *testing.T) {
	t.Parallel()
	err := models.List{
		PrependBrand: true, Phone: "12025550100", OptOutLine: "{{stop}}", LinkURL: "links",
		MessagesPerDay: -1, FrequencyHours: 721, HelpText: strings.Repeat("x", 321),
	}.Check()
	var f *fault.Fault
	require.ErrorAs(t, err, &f)
	require.Equal(t, []string{"name", "brand", "phone", "opt_out_line", "link_url", "messages_per_day", "frequency_hours", "help_text"}, places(f))
	require.NoError(t, models.List{Name: "L", Brand: "Acme", PrependBrand: true, Phone: "+12025550100", OptOutLine: "STOP to end"}.Check())
}

func TestAPausedListSaysWhy(t *testing.T) {
	t.Parallel()
	require.NoError(t, models.List{State: models.ListActive}.Ready())
	err := models.List{Name: "L", State: models.ListPaused, Reason: "no balance"}.Ready()
	require.ErrorContains(t, err, "no balance")
	require.Equal(t, fault.Conflict, fault.KindOf(err))
}

func TestACreativesLinksAreTheOnesItsBodyUses(t *testing.T) {
	t.Parallel()
	link := models.CreativeLink{Number: 1, URL: "https://example.com/"}
	require.NoError(t, models.Creative{Name: "K", Body: "{{link1}}", Links: []models.CreativeLink{link}}.Check())
	for name, c := range map[string]models.Creative{
		"links":        {Name: "K", Body: "hi", Links: []models.CreativeLink{link}},
		"links[0].url": {Name: "K", Body: "{{link1}}", Links: []models.CreativeLink{{URL: "javascript:alert(1)"}}},
		"name":         {Body: "hi"},
	} {
		var f *fault.Fault
		require.ErrorAs(t, c.Check(), &f, name)
		require.Equal(t, []string{name}, places(f))
	}
}

func TestOnlyAnActiveCreativeIsUsable(t *testing.T) {
	t.Parallel()
	require.NoError(t, models.Creative{Status: models.CreativeActive}.Usable())
	for _, s := range []models.CreativeStatus{models.CreativePaused, models.CreativeArchived} {
		require.Equal(t, fault.Conflict, fault.KindOf(models.Creative{Status: s}.Usable()))
	}
	require.Equal(t, fault.Internal, fault.KindOf(models.Creative{Status: "odd"}.Usable()))
}

func TestAnAccountBeginsWithItsOwner(t *testing.T) {
	t.Parallel()
	a, owner, err := models.NewAccount("Acme", "Ada", "Ada@Example.com")
	require.NoError(t, err)
	require.Equal(t, a.ID, owner.AccountID)
	require.Equal(t, models.Owner, owner.Role)
	require.Equal(t, "ada@example.com", owner.Email)
	for _, email := range []string{"", "ada", "Ada <ada@example.com>"} {
		_, _, err = models.NewAccount(" ", "Ada", email)
		var f *fault.Fault
		require.ErrorAs(t, err, &f)
		require.Equal(t, []string{"name", "email"}, places(f))
	}
}

func TestIDsSortByTimeAndForeignWordsAreNone(t *testing.T) {
	t.Parallel()
	ids := make([]string, 100)
	for i := range ids {
		ids[i] = models.NewID[string]()
		require.True(t, models.IsID(ids[i]))
	}
	require.True(t, slices.IsSorted(ids))
	for _, word := range []string{"", "42", "' OR 1=1", "{" + ids[0] + "}", "urn:uuid:" + ids[0], strings.ReplaceAll(ids[0], "-", "")} {
		require.False(t, models.IsID(word), word)
	}
}

func TestAMergeFieldIsAFieldOfTheContact(t *testing.T) {
	t.Parallel()
	q := models.QueuedMessage{Phone: "+12025550100", FirstName: "Ada", Postal: "20001", Fields: map[string]string{"plan": "gold", "empty": "", "zip": "x"}}
	for name, want := range map[string]string{"first_name": "Ada", "phone": "+12025550100", "zip": "20001", "plan": "gold"} {
		got, ok := q.Value(name)
		require.True(t, ok)
		require.Equal(t, want, got)
	}
	for _, missing := range []string{"last_name", "state", "empty", "nothing"} {
		_, ok := q.Value(missing)
		require.False(t, ok, "%s: the fallback is used", missing)
	}
}

func TestABatchCountsWhatIsLeft(t *testing.T) {
	t.Parallel()
	require.Equal(t, 485, models.Batch{Size: 500, Claimed: 1, Sent: 2, Skipped: 3, Failed: 4, Unknown: 5}.Queued())
}
