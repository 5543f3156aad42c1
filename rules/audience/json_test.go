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
	"trackly/rules/audience/audiencetest"
)

func TestJSONHasOneForm(t *testing.T) {
	t.Parallel()
	tx := audience.Where("state", audience.In, "TX", "FL")
	for text, f := range map[string]audience.Filter{
		`{"all":[]}`: {},
		`{"all":[{"field":"state","op":"in","values":["TX","FL"]}]}`:            audience.AllOf(tx),
		`{"field":"state","op":"in","values":["TX","FL"]}`:                      tx,
		`{"any":[{"not":{"all":[{"field":"plan","op":"exists"}]}},{"any":[]}]}`: audience.AnyOf(audience.NotOf(audience.AllOf(audience.Where("plan", audience.Exists))), audience.AnyOf()),
		`{"not":{"field":"state","op":"in","values":["TX","FL"]}}`:              audience.NotOf(tx),
	} {
		data, err := json.Marshal(f)
		require.NoError(t, err)
		require.Equal(t, text, string(data))
		var back audience.Filter
		require.NoError(t, json.Unmarshal(data, &back))
		again, err := json.Marshal(back)
		require.NoError(t, err)
		require.Equal(t, text, string(again))
	}
	var f audience.Filter
	require.NoError(t, json.Unmarshal([]byte(`{}`), &f))
	require.True(t, f.Everybody())
	require.NoError(t, json.Unmarshal([]byte(`{"op":"in","values":[41.50,true,"x",-0]  , "field":"age"}`), &f))
	require.Equal(t, audience.Where("age", audience.In, "41.50", "true", "x", "-0"), f)
}

func TestJSONOfOtherFormsIsRefusedByPlace(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`null`: "filter: must be a group", `[]`: "filter: must be", `"all"`: "filter: must be", `{"al":[]}`: "filter: has a member",
		`{"ALL":[]}`: "filter: has a member", `{"all":[],"any":[]}`: "filter: is more than one", `{"all":[],"all":[]}`: "filter: names all twice",
		`{"all":[],"field":"state"}`: "filter: is more than one", `{"all":{}}`: "filter.all: must be a list", `{"all":null}`: "filter.all: must be a list",
		`{"all":[{"not":null}]}`:                                            "filter.all[0].not: must be a group",
		`{"any":[{},{"field":"state","op":"eq","value":"TX"}]}`:             "filter.any[1]: has a member",
		`{"all":[{"field":"state","op":"eq","values":"TX"}]}`:               "filter.all[0].values: must be a list",
		`{"not":{"all":[{"field":"age","op":"eq","values":[41,null,[]]}]}}`: "filter.not.all[0].values[1]: must be a text",
		`{"field":1}`: "filter.field: must be a text", `{"op":{}}`: "filter.op: must be a text",
	} {
		var f audience.Filter
		err := json.Unmarshal([]byte(text), &f)
		got, isFault := errors.AsType[*fault.Fault](err)
		require.True(t, isFault, text)
		require.Equal(t, fault.Invalid, got.Kind)
		require.Contains(t, got.Error(), "; "+want, text)
	}
	var f audience.Filter
	for _, text := range []string{``, `{`, `{"all":[`, `{"all":[]`, `{} {}`, `{"all":[]}]`, `{"field":"x"`, `{"not"}`, "{\"op\":\"\x01\"}", `{"values":[1`} {
		require.Equal(t, fault.Invalid, fault.KindOf(f.UnmarshalJSON([]byte(text))), text)
	}
}

func TestJSONKeepsTheFilter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, p := world().Filter(t), world().Person(t)
		data, err := json.Marshal(f)
		require.NoError(t, err)
		var back audience.Filter
		require.NoError(t, json.Unmarshal(data, &back))
		require.Equal(t, f.Match(p, now), back.Match(p, now))
		again, err := json.Marshal(back)
		require.NoError(t, err)
		require.Equal(t, string(data), string(again))
	})
}

// hostile filters take long to read, if anybody does.
func hostile() map[string][]byte {
	deep := func(open, shut string, n int) []byte {
		return []byte(strings.Repeat(open, n) + "{}" + strings.Repeat(shut, n))
	}
	return map[string][]byte{
		"not of not":           deep(`{"not":`, `}`, 1_000_000),
		"all of all":           deep(`{"all":[`, `]}`, 12_000),
		"lists in values":      []byte(`{"field":"age","op":"in","values":` + strings.Repeat("[", 60_000)),
		"objects in values":    []byte(`{"field":"age","op":"in","values":[` + strings.Repeat(`{"a":`, 12_000)),
		"seven groups":         deep(`{"all":[`, `]}`, 8),
		"a million values":     []byte(`{"field":"age","op":"in","values":[` + strings.Repeat("1,", 1_000_000) + `1]}`),
		"one value of a MB":    []byte(`{"field":"age","op":"in","values":["` + strings.Repeat("x", 1_000_000) + `"]}`),
		"a name of a MB":       []byte(`{"` + strings.Repeat("x", 1_000_000) + `":1}`),
		"a hundred thousand":   []byte(`{"any":[` + strings.Repeat(`{"field":"age","op":"exists"},`, 100_000) + `{}]}`),
		"a quote that is open": []byte(`{"all":["` + strings.Repeat(`\"[{`, 100_000)),
	}
}

// What is hostile is refused unread: reading it would make more than a few objects.
//
//nolint:paralleltest // it counts what the process allocates
func TestHostileFiltersAreRefusedUnread(t *testing.T) {
	for name, data := range hostile() {
		var f audience.Filter
		var err error
		made := testing.AllocsPerRun(1, func() { err = f.UnmarshalJSON(data) })
		require.Equal(t, fault.Invalid, fault.KindOf(err), name)
		require.Less(t, len(err.Error()), 1000, name)
		require.Less(t, made, 50.0, name)
	}
}

func BenchmarkHostileFilters(b *testing.B) {
	for name, data := range hostile() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				var f audience.Filter
				if f.UnmarshalJSON(data) == nil {
					b.Fatal("it was accepted")
				}
			}
		})
	}
}

func FuzzFilter(f *testing.F) {
	for _, text := range []string{
		`{"all":[{"field":"state","op":"in","values":["TX"]}]}`, `{}`, `null`, `{"all":[null]}`, `{"ALL":[]}`, `{} {}`,
		`{"all":[{"op":"eq","values":["\ud800"]}]}`, `{"any":[{"not":{"field":"age","op":"between","values":[1,2.50]}},{"field":"vip","op":"eq","values":[true]}]}`,
		`{"field":"signup_at","op":"after","values":["0000-01-01"]}`, `{"field":"revenue_average","op":"lt","values":["-12.5"]}`,
		`{"field":"signup_at","op":"within","values":["99999999d"]}`, `{"not":{"not":{"not":{"not":{"not":{"not":{"not":{}}}}}}}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var filter audience.Filter
		if err := filter.UnmarshalJSON(data); err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			return
		}
		filter.Match(ann(), now)
		filter.Explain(ann(), now)
		if err := filter.Check(audiencetest.Types()); err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			return
		}
		text, err := filter.MarshalJSON()
		require.NoError(t, err)
		var back audience.Filter
		require.NoError(t, back.UnmarshalJSON(text))
		require.NoError(t, back.Check(audiencetest.Types()))
		again, err := back.MarshalJSON()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
	})
}
