package audience_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/internal/fault"
	"trackly/rules/audience"
)

func TestCheckNamesEveryProblemByItsPath(t *testing.T) {
	t.Parallel()
	f := audience.Filter{All: []audience.Condition{
		{Field: "state", Op: audience.In, Values: []string{"TX"}},
		{Field: "State", Op: "like", Values: []string{"x"}},
		{Field: "plan", Op: audience.Eq},
		{Field: "plan", Op: audience.Ne, Values: []string{"a", ""}},
		{Field: strings.Repeat("a", 65), Op: audience.NotIn},
		{Field: "plan", Op: audience.Exists, Values: []string{"a\x00"}},
		{Field: "plan", Op: audience.In, Values: []string{strings.Repeat("é", 256), strings.Repeat("é", 257), "\xff"}},
		{Field: "plan\n", Op: audience.In, Values: make([]string, 101)},
	}}
	var got *fault.Fault
	require.ErrorAs(t, f.Check(), &got)
	require.Equal(t, fault.Invalid, got.Kind)
	seen := map[string]bool{}
	for _, p := range got.Problems {
		if !strings.HasPrefix(p.Where, "filter.all[7].values[") {
			seen[p.Where] = true
		}
	}
	require.Equal(t, map[string]bool{
		"filter.all[1].field": true, "filter.all[1].op": true,
		"filter.all[2].values": true,
		"filter.all[3].values": true, "filter.all[3].values[1]": true,
		"filter.all[4].field": true, "filter.all[4].values": true,
		"filter.all[5].values": true, "filter.all[5].values[0]": true,
		"filter.all[6].values[1]": true, "filter.all[6].values[2]": true,
		"filter.all[7].field": true, "filter.all[7].values": true,
	}, seen)
}

func TestCheckCountsConditions(t *testing.T) {
	t.Parallel()
	c := audience.Condition{Field: "plan", Op: audience.Exists}
	f := audience.Filter{}
	for range audience.MaxConditions {
		f.All = append(f.All, c)
	}
	require.NoError(t, f.Check())
	f.All = append(f.All, c)
	require.ErrorContains(t, f.Check(), "filter.all: has 21 conditions")
}

func TestJSONHasOneForm(t *testing.T) {
	t.Parallel()
	for text, f := range map[string]audience.Filter{
		`{"all":[]}`: {},
		`{"all":[{"field":"state","op":"in","values":["TX"]}]}`: one("state", audience.In, "TX"),
		`{"all":[{"field":"plan","op":"not_exists"}]}`:          one("plan", audience.NotExists),
	} {
		data, err := json.Marshal(f)
		require.NoError(t, err)
		require.Equal(t, text, string(data))
		var back audience.Filter
		require.NoError(t, json.Unmarshal(data, &back))
		require.Equal(t, f, back)
	}
	var empty audience.Filter
	require.NoError(t, json.Unmarshal([]byte(`{}`), &empty))
	require.True(t, empty.Match(audience.Person{}))
}

func TestJSONOfOtherFormsIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`null`, `[]`, `"all"`, `{"al":[]}`, `{"all":[],"any":[]}`, `{"all":[{"field":"state","op":"eq","value":"TX"}]}`,
		`{"all":{}}`, `{"all":[{"field":"state","op":"eq","values":"TX"}]}`, `{"all":[{"field":"age","op":"eq","values":[41]}]}`,
	} {
		var f audience.Filter
		err := json.Unmarshal([]byte(text), &f)
		require.Equal(t, fault.Invalid, fault.KindOf(err), text)
		_, isFault := errors.AsType[*fault.Fault](err)
		require.True(t, isFault, text)
	}
}

func TestJSONKeepsTheFilter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFilter(t)
		data, err := json.Marshal(f)
		require.NoError(t, err)
		var back audience.Filter
		require.NoError(t, json.Unmarshal(data, &back))
		p := drawPerson(t)
		require.Equal(t, f.Match(p), back.Match(p))
		again, err := json.Marshal(back)
		require.NoError(t, err)
		require.Equal(t, string(data), string(again))
	})
}

func FuzzUnmarshal(f *testing.F) {
	for _, text := range []string{`{"all":[{"field":"state","op":"in","values":["TX"]}]}`, `{}`, `null`, `{"all":[null]}`, `{"ALL":[]}`, `{} {}`, `{"all":[{"op":"eq","values":["\ud800"]}]}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var filter audience.Filter
		if err := filter.UnmarshalJSON(data); err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			return
		}
		filter.Match(audience.Person{})
		if filter.Check() != nil {
			return
		}
		text, err := filter.MarshalJSON()
		require.NoError(t, err)
		var back audience.Filter
		require.NoError(t, back.UnmarshalJSON(text))
		require.NoError(t, back.Check())
		again, err := back.MarshalJSON()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
	})
}
