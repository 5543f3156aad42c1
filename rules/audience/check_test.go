package audience_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/rules/audience"
	"trackly/rules/audience/audiencetest"
	"trackly/rules/field"
)

func complaints(t *testing.T, f audience.Filter) map[string]string {
	t.Helper()
	out := map[string]string{}
	if err := f.Check(audiencetest.Types()); err != nil {
		var got *fault.Fault
		require.ErrorAs(t, err, &got)
		require.Equal(t, fault.Invalid, got.Kind)
		for _, p := range got.Problems {
			out[p.Where] = p.Message
		}
	}
	return out
}

func TestCheckNamesEveryProblemByItsPath(t *testing.T) {
	t.Parallel()
	is := audience.Where
	got := complaints(t, audience.AllOf(
		is("state", audience.In, "TX"),
		is("State", "like", "x"),
		audience.AnyOf(is("plan", audience.Eq), audience.NotOf(is("plan", audience.In, "a", ""))),
		is("plan", audience.Exists, "a\x00"),
		is("plan", audience.In, strings.Repeat("é", 256), strings.Repeat("é", 257), "\xff"),
		is("age", audience.Between, "2"), is("age", audience.Between, "10", "9"), is("age", audience.Gt, "old"),
		is("vip", audience.Gt, "maybe"),
		is("hat", audience.Eq, "x"), is("journey", audience.In, "x"), is("", audience.Exists), is("phone", audience.Exists),
		is("signup_at", audience.Within, "2026-01-01"), is("signup_at", audience.After, "yesterday"), is("signup_at", audience.Within, "36501d"),
		is("send_count", audience.Gt, "1.5"), is("revenue_total", audience.Gt, "1.1234567"), is("audience", audience.In, "mine"),
		is("list", audience.Contains, listA), is("send_count", audience.Exists),
		audience.AllOf(), audience.Filter{}, audience.Filter{Group: audience.Not}, audience.Filter{Group: "some", Of: []audience.Filter{is("plan", audience.Exists)}},
		audience.Filter{Group: audience.Any, Condition: &audience.Condition{Field: "plan", Op: audience.Exists}},
		is("born", audience.Between, "1985-05-01", "1985-05-01"), is("revenue_total", audience.Between, "10", "9.99"), is("send_count", audience.Between, "10", "9"),
	))
	places := make([]string, 0, len(got))
	for where := range got {
		places = append(places, strings.TrimPrefix(where, "filter.all"))
	}
	require.ElementsMatch(t, []string{
		"[1].field", "[1].op", "[2].any[0].values", "[2].any[1].not.values[1]", "[3].values", "[3].values[0]", "[4].values[1]", "[4].values[2]",
		"[5].values", "[6].values", "[7].values[0]", "[8].op", "[8].values[0]", "[9].field", "[10].field", "[11].field", "[12].field",
		"[13].values[0]", "[14].values[0]", "[15].values[0]", "[16].values[0]", "[17].values[0]", "[18].values[0]",
		"[19].op", "[20].op", "[21]", "[22]", "[23]", "[24]", "[25]", "[27].values", "[28].values",
	}, places)
	require.Contains(t, got["filter.all[9].field"], `"hat"`)
	require.Contains(t, got["filter.all[10].field"], "no journeys yet")
}

func TestAnUnknownFieldIsNamed(t *testing.T) {
	t.Parallel()
	f := audience.Where("plan", audience.Exists)
	require.NoError(t, f.Check(field.Set{"plan": field.Text}))
	require.ErrorContains(t, f.Check(nil), `filter.field: "plan" is neither`)
}

func TestTheLimitsAreWhereTheySay(t *testing.T) {
	t.Parallel()
	leaf := audience.Where("plan", audience.Exists)
	deep := leaf
	for range audience.MaxDepth {
		deep = audience.AllOf(deep)
	}
	require.Empty(t, complaints(t, deep))
	require.Equal(t, map[string]string{"filter.not.all[0].all[0].all[0].all[0].all[0]": "is nested more than 6 groups deep"}, complaints(t, audience.NotOf(deep)))

	wide := audience.AnyOf(slices.Repeat([]audience.Filter{leaf}, audience.MaxConditions)...)
	require.Empty(t, complaints(t, wide))
	wide.Of = append(wide.Of, leaf)
	require.Equal(t, map[string]string{"filter": "has more than 100 conditions"}, complaints(t, wide))

	values := slices.Repeat([]string{"x"}, audience.MaxValues)
	require.Empty(t, complaints(t, audience.Where("plan", audience.NotIn, values...)))
	require.Equal(t, map[string]string{"filter.values": "must be 1 to 1000 values for in, not 1001"}, complaints(t, audience.Where("plan", audience.In, append(values, "x")...)))

	large := slices.Repeat([]string{strings.Repeat("<", 100)}, 120) // each < is six bytes of JSON
	require.Equal(t, map[string]string{"filter": "is larger than 65536 bytes"}, complaints(t, audience.Where("plan", audience.In, large...)))
}

// A tree that is all mistakes is not told all of them.
func TestComplaintsHaveAnEnd(t *testing.T) {
	t.Parallel()
	for _, f := range []audience.Filter{
		audience.AllOf(make([]audience.Filter, 100_000)...),
		audience.Where("age", audience.In, slices.Repeat([]string{"old"}, audience.MaxValues)...),
		audience.AllOf(slices.Repeat([]audience.Filter{audience.Where("x", "y")}, 100_000)...),
	} {
		var got *fault.Fault
		require.ErrorAs(t, f.Check(audiencetest.Types()), &got)
		require.LessOrEqual(t, len(got.Problems), 3*audience.MaxConditions+1)
	}
}

// What every kind accepts is what the operators of the field can say.
func TestEveryOperatorOfAFieldIsAccepted(t *testing.T) {
	t.Parallel()
	seen := map[audience.Op]bool{}
	for _, kind := range []audience.Kind{audience.Word, audience.Name, audience.Zones, audience.Time, audience.Count, audience.Member, audience.CustomBoolean} {
		for _, op := range kind.Ops() {
			seen[op] = true
		}
	}
	require.Len(t, seen, len(audience.Ops()), "an operator that no field has")
	require.Empty(t, audience.Unknown.Ops())
}
