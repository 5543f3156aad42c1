package audience_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/audience"
)

func one(field string, op audience.Op, values ...string) audience.Filter {
	return audience.Filter{All: []audience.Condition{{Field: field, Op: op, Values: values}}}
}

func TestConditionsSayWhoIsMeant(t *testing.T) {
	t.Parallel()
	ann := audience.Person{FirstName: "Ann", State: "TX", Fields: map[string]string{"plan": "auto", "note": ""}}
	for name, tc := range map[string]struct {
		f    audience.Filter
		want bool
	}{
		"no condition means everybody":           {audience.Filter{}, true},
		"eq":                                     {one("state", audience.Eq, "TX"), true},
		"case matters":                           {one("state", audience.Eq, "tx"), false},
		"ne of another":                          {one("state", audience.Ne, "NY"), true},
		"ne of the same":                         {one("state", audience.Ne, "TX"), false},
		"in":                                     {one("first_name", audience.In, "Bob", "Ann"), true},
		"not in":                                 {one("first_name", audience.NotIn, "Bob", "Ann"), false},
		"custom eq":                              {one("plan", audience.Eq, "auto"), true},
		"custom exists":                          {one("plan", audience.Exists), true},
		"missing eq":                             {one("last_name", audience.Eq, "Lee"), false},
		"missing ne is false too":                {one("last_name", audience.Ne, "Lee"), false},
		"missing custom not_in is false too":     {one("age", audience.NotIn, "40"), false},
		"missing does not exist":                 {one("age", audience.NotExists), true},
		"empty is missing":                       {one("note", audience.Exists), false},
		"empty is missing for not_exists":        {one("note", audience.NotExists), true},
		"unknown operator means nobody":          {one("state", "like", "TX"), false},
		"a column is not hidden by a same field": {one("state", audience.Eq, "auto"), false},
	} {
		require.Equal(t, tc.want, tc.f.Match(ann), name)
	}
	both := audience.Filter{All: append(one("state", audience.Eq, "TX").All, one("plan", audience.Eq, "home").All...)}
	require.False(t, both.Match(ann), "all conditions must match")
}

// drawFilter draws filters which Check accepts, over few fields and values so that
// people match now and then.
func drawFilter(t *rapid.T) audience.Filter {
	condition := rapid.Custom(func(t *rapid.T) audience.Condition {
		c := audience.Condition{
			Field: rapid.SampledFrom([]string{"state", "first_name", "last_name", "plan", "age"}).Draw(t, "field"),
			Op:    rapid.SampledFrom(audience.Ops()).Draw(t, "op"),
		}
		value := rapid.SampledFrom([]string{"TX", "a", "A", "é", "'; --"})
		switch c.Op {
		case audience.Eq, audience.Ne:
			c.Values = []string{value.Draw(t, "value")}
		case audience.In, audience.NotIn:
			c.Values = rapid.SliceOfN(value, 1, 4).Draw(t, "values")
		case audience.Exists, audience.NotExists:
		}
		return c
	})
	return audience.Filter{All: rapid.SliceOfN(condition, 0, 4).Draw(t, "all")}
}

func drawPerson(t *rapid.T) audience.Person {
	value := rapid.SampledFrom([]string{"", "TX", "a", "A", "é"})
	return audience.Person{
		FirstName: value.Draw(t, "first"), LastName: value.Draw(t, "last"), State: value.Draw(t, "state"),
		Fields: rapid.MapOf(rapid.SampledFrom([]string{"plan", "age"}), value).Draw(t, "fields"),
	}
}

func TestTheLawsOfFilters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, p := drawFilter(t), drawPerson(t)
		require.NoError(t, f.Check())
		got := f.Match(p)

		all := true
		for _, c := range f.All {
			alone := audience.Filter{All: []audience.Condition{c}}
			all = all && alone.Match(p)
			requireOpposite(t, c, p)
		}
		require.Equal(t, all, got, "a filter is the and of its conditions")
	})
}

// requireOpposite: of an operator and its opposite exactly one is true where the field is
// known; where it is not, neither, but for exists and not_exists.
func requireOpposite(t *rapid.T, c audience.Condition, p audience.Person) {
	opposite := map[audience.Op]audience.Op{
		audience.Eq: audience.Ne, audience.Ne: audience.Eq, audience.In: audience.NotIn, audience.NotIn: audience.In,
		audience.Exists: audience.NotExists, audience.NotExists: audience.Exists,
	}
	this, that := one(c.Field, c.Op, c.Values...).Match(p), one(c.Field, opposite[c.Op], c.Values...).Match(p)
	known := one(c.Field, audience.Exists).Match(p)
	if known || c.Op == audience.Exists || c.Op == audience.NotExists {
		require.NotEqual(t, this, that)
		return
	}
	require.False(t, this || that)
}

func TestOnlyTheThreeColumnsAreNotCustom(t *testing.T) {
	t.Parallel()
	for field, custom := range map[string]bool{"state": false, "first_name": false, "last_name": false, "plan": true, "state_": true} {
		require.Equal(t, custom, audience.Condition{Field: field}.Custom(), field)
	}
}
