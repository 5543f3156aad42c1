package field_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/field"
)

func TestEveryValueHasOneForm(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		is       field.Type
		in, want string
	}{
		{field.Text, "  Älter ", "Älter"},
		{field.Number, "007.50", "7.5"},
		{field.Number, "-0.0", "0"},
		{field.Number, "-12", "-12"},
		{field.Number, "123456789012345", "123456789012345"},
		{field.Boolean, "YES", "true"},
		{field.Boolean, "0", "false"},
		{field.Date, "2024-02-29", "2024-02-29"},
	} {
		got, err := field.Parse(tc.is, tc.in)
		require.NoError(t, err, tc.in)
		require.Equal(t, tc.want, got)
	}
}

func TestWhatIsNoValueIsRefused(t *testing.T) {
	t.Parallel()
	for is, all := range map[field.Type][]string{
		field.Text:    {"", "  ", "a\x00b", "\xff", strings.Repeat("x", 1025)},
		field.Number:  {"", "1e3", "1,5", "NaN", "0x10", "1234567890123456", ".", "--1"},
		field.Boolean: {"", "maybe", "2"},
		field.Date:    {"", "2023-02-29", "11/23/2026", "2026-1-2"},
		"":            {"x"},
	} {
		for _, s := range all {
			_, err := field.Parse(is, s)
			require.Error(t, err, "%s %q", is, s)
		}
	}
}

func TestWhatIsStoredIsReadAgain(t *testing.T) {
	t.Parallel()
	set := field.Set{"age": field.Number, "vip": field.Boolean, "born": field.Date, "plan": field.Text}
	v := field.Values{"age": "41.5", "vip": "true", "born": "1985-05-01", "plan": "a\"b"}
	raw := v.Encode(set)
	require.JSONEq(t, `{"age":41.5,"vip":true,"born":"1985-05-01","plan":"a\"b"}`, string(raw))
	var back field.Values
	require.NoError(t, json.Unmarshal(raw, &back))
	require.Equal(t, v, back)
}

// A value that was read once is not changed by being read again.
func TestTheCanonicalFormIsCanonical(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		is := rapid.SampledFrom(field.Types()).Draw(t, "type")
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`-?\d{1,9}(\.\d{1,6})?`)).Draw(t, "value")
		once, err := field.Parse(is, s)
		if err != nil {
			return
		}
		twice, err := field.Parse(is, once)
		if err != nil || once != twice {
			t.Fatalf("%q became %q and then %q (%v)", s, once, twice, err)
		}
	})
}

func TestBuiltInNamesAreReserved(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"zip", "state", "brand_name", "revenue_average", "journey"} {
		require.True(t, field.Reserved(name), name)
		require.True(t, field.IsName(name), "a reserved name has the form of a name")
	}
	for _, name := range []string{"", "plan", "zip_code", "Zip"} {
		require.False(t, field.Reserved(name), name)
	}
}

func TestOnlyPlainDecimalsAreNumbers(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"-", ".", "1.", ".5", "--1", "+1", "1e3", "1,000", "1 000", "0x1", "1.2.3", "-.5", "\u0661"} {
		_, err := field.Parse(field.Number, s)
		require.ErrorContains(t, err, "is no number", s)
	}
}
