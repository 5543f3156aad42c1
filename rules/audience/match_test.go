package audience_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/audience"
	"trackly/rules/audience/audiencetest"
	"trackly/rules/field"
)

var now = time.Date(2026, 11, 25, 9, 30, 0, 0, time.UTC)

const (
	listA = "00000000-0000-7000-8000-00000000000a"
	listB = "00000000-0000-7000-8000-00000000000b"
)

func world() audiencetest.World {
	return audiencetest.World{Now: now, Lists: []string{listA, listB}, Audiences: []string{listA, listB}, Foreign: []string{"00000000-0000-7000-8000-00000000000c"}}
}

func ann() audience.Person {
	return audience.Person{
		FirstName: "Ann", State: "TX", Zones: []string{"America/Chicago", "America/Denver"}, List: listA, SignupMethod: "web_form",
		SignupAt: now.Add(-48 * time.Hour), LastSentAt: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
		Sends: 3, Conversions: 3, Revenue: 10_000_000, Audiences: []string{listB},
		Fields: field.Values{"plan": "auto 50%", "age": "9", "born": "1985-05-01", "vip": "true"},
		Types:  audiencetest.Types(),
	}
}

func TestConditionsSayWhoIsMeant(t *testing.T) {
	t.Parallel()
	is := audience.Where
	for name, tc := range map[string]struct {
		f    audience.Filter
		want bool
	}{
		"no condition means everybody":           {audience.Filter{}, true},
		"eq":                                     {is("state", audience.Eq, "TX"), true},
		"case matters":                           {is("state", audience.Eq, "tx"), false},
		"ne of another":                          {is("state", audience.Ne, "NY"), true},
		"in":                                     {is("first_name", audience.In, "Bob", "Ann"), true},
		"missing eq":                             {is("last_name", audience.Eq, "Lee"), false},
		"missing ne is false too":                {is("last_name", audience.Ne, "Lee"), false},
		"missing not_in is false too":            {is("carrier", audience.NotIn, "Verizon"), false},
		"missing does not exist":                 {is("never", audience.NotExists), true},
		"not of a missing one is true":           {audience.NotOf(is("last_name", audience.Eq, "Lee")), true},
		"contains, and a percent is a percent":   {is("plan", audience.Contains, "50%"), true},
		"a percent is not anything":              {is("plan", audience.Contains, "a%o"), false},
		"starts_with":                            {is("plan", audience.StartsWith, "auto"), true},
		"starts_with the middle":                 {is("plan", audience.StartsWith, "50"), false},
		"one of several zones":                   {is("zone", audience.Eq, "America/Denver"), true},
		"ne of one of several zones":             {is("zone", audience.Ne, "America/Denver"), false},
		"not_in other zones":                     {is("zone", audience.NotIn, "America/New_York"), true},
		"nine is less than ten":                  {is("age", audience.Lt, "10"), true},
		"between has its ends":                   {is("age", audience.Between, "9.0", "10"), true},
		"a number in another form":               {is("age", audience.In, "1", "09.00"), true},
		"dates have an order":                    {is("born", audience.Lte, "1985-05-01"), true},
		"yes is true":                            {is("vip", audience.Eq, "yes"), true},
		"within has its edge":                    {is("signup_at", audience.Within, "48h"), true},
		"not_within":                             {is("signup_at", audience.NotWithin, "2879m"), true},
		"before so long ago":                     {is("signup_at", audience.Before, "2d"), false},
		"after so long ago":                      {is("signup_at", audience.After, "49h"), true},
		"a day's first moment is not after it":   {is("last_sent_at", audience.After, "2026-11-23"), false},
		"a day's first moment is not before it":  {is("last_sent_at", audience.Before, "2026-11-23"), false},
		"after the day before":                   {is("last_sent_at", audience.After, "2026-11-22"), true},
		"before a time elsewhere":                {is("last_sent_at", audience.Before, "2026-11-23T00:00:00-06:00"), true},
		"never clicked is not not_within":        {is("last_clicked_at", audience.NotWithin, "30d"), false},
		"never clicked":                          {is("last_clicked_at", audience.NotExists), true},
		"a count is never missing":               {is("click_count", audience.Eq, "0"), true},
		"money":                                  {is("revenue_total", audience.Gte, "10.00"), true},
		"the average is not rounded":             {is("revenue_average", audience.Gt, "3.333333"), true},
		"the average is below":                   {is("revenue_average", audience.Lt, "3.333334"), true},
		"member":                                 {is("audience", audience.In, listA, listB), true},
		"no member":                              {is("audience", audience.NotIn, listA), true},
		"on the list":                            {is("list", audience.Eq, listA), true},
		"an unknown field is missing":            {is("hat", audience.Ne, "x"), false},
		"an unknown operator means nobody":       {is("state", "like", "TX"), false},
		"a group of any and nothing is nobody":   {audience.AnyOf(), false},
		"not of nothing is nobody":               {audience.Filter{Group: audience.Not}, false},
		"a value of another kind means nobody":   {is("send_count", audience.Gt, "x"), false},
		"an operator of another kind is no kind": {is("send_count", audience.Within, "1d"), false},
	} {
		require.Equal(t, tc.want, tc.f.Match(ann(), now), name)
	}
	nobody := ann()
	nobody.Conversions = 0
	require.False(t, is("revenue_average", audience.Ne, "1").Match(nobody, now), "without conversions there is no average")
}

func TestTheLawsOfFilters(t *testing.T) {
	t.Parallel()
	opposite := map[audience.Op]audience.Op{
		audience.Eq: audience.Ne, audience.In: audience.NotIn, audience.Gt: audience.Lte, audience.Lt: audience.Gte, audience.Within: audience.NotWithin,
	}
	rapid.Check(t, func(t *rapid.T) {
		w := world()
		f, p := w.Filter(t), w.Person(t)
		require.NoError(t, f.Check(audiencetest.Types()))
		got := f.Match(p, now)
		require.NotEqual(t, got, audience.NotOf(f).Match(p, now))
		require.Equal(t, got, audience.AllOf(f, audience.Filter{}).Match(p, now))
		require.Equal(t, got, audience.AnyOf(f, audience.AnyOf()).Match(p, now))
		parts := []audience.Filter{f, w.Filter(t)}
		of := func(x audience.Filter) bool { return x.Match(p, now) }
		require.Equal(t, slices.ContainsFunc(parts, of), audience.AnyOf(parts...).Match(p, now))
		require.Equal(t, !audience.AnyOf(audience.NotOf(parts[0]), audience.NotOf(parts[1])).Match(p, now), audience.AllOf(parts...).Match(p, now))

		c := w.Condition(t)
		other, ok := opposite[c.Op]
		if !ok {
			return
		}
		this, that := audience.Where(c.Field, c.Op, c.Values...).Match(p, now), audience.Where(c.Field, other, c.Values...).Match(p, now)
		known := p.Show(c.Field) != "" || c.Field == audience.FieldAudience
		require.Equal(t, known, this != that, "of a known value exactly one is true, of a missing one neither: %+v", c)
	})
}

func TestExplainAnswersEveryLeaf(t *testing.T) {
	t.Parallel()
	f := audience.AllOf(
		audience.Where("state", audience.Eq, "TX"),
		audience.NotOf(audience.AnyOf(audience.Where("revenue_average", audience.Gt, "4"), audience.Where("last_clicked_at", audience.Within, "3d"))),
		audience.Where("zone", audience.In, "Mars"),
	)
	a := f.Explain(ann(), now)
	require.False(t, a.Matched)
	require.Equal(t, "TX", a.Of[0].Value)
	require.True(t, a.Of[0].Matched)
	require.Equal(t, audience.Not, a.Of[1].Group)
	require.True(t, a.Of[1].Matched)
	require.Equal(t, "3.333333", a.Of[1].Of[0].Of[0].Value)
	require.Empty(t, a.Of[1].Of[0].Of[1].Value)
	require.False(t, a.Of[2].Matched)
	require.Equal(t, "America/Chicago, America/Denver", a.Of[2].Value)
	require.Equal(t, audience.In, a.Of[2].Condition.Op)
	for field, want := range map[string]string{
		"revenue_total": "10.00", "send_count": "3", "signup_at": "2026-11-23T09:30:00Z", "audience": listB, "age": "9", "hat": "",
	} {
		require.Equal(t, want, ann().Show(field), field)
	}
	poor := audience.Person{Revenue: -1_050_000}
	require.Equal(t, "-1.05", poor.Show("revenue_total"))

	rapid.Check(t, func(t *rapid.T) {
		f, p := world().Filter(t), world().Person(t)
		require.Equal(t, f.Match(p, now), agrees(t, f.Explain(p, now)))
	})
}

// agrees reads the answer of a tree from those of its leaves alone.
func agrees(t *rapid.T, a audience.Answer) bool {
	got := a.Matched
	if a.Condition == nil {
		of := func(x audience.Answer) bool { return agrees(t, x) }
		switch a.Group {
		case audience.All:
			got = !slices.ContainsFunc(a.Of, func(x audience.Answer) bool { return !of(x) })
		case audience.Any:
			got = slices.ContainsFunc(a.Of, of)
		case audience.Not:
			got = !of(a.Of[0])
		}
	}
	require.Equal(t, got, a.Matched)
	return got
}
