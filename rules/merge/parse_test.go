package merge_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/rules/merge"
)

func TestParseKnowsFieldsAndLinks(t *testing.T) {
	t.Parallel()
	got, err := merge.Parse("{{brand_name}}: Hi {{ first_name | there }}, {{link2}} or {{link1}}, {{first_name}} {link} {{link}}")
	require.NoError(t, err)
	require.Equal(t, []string{"brand_name", "first_name", "link"}, got.Fields())
	require.Equal(t, 2, got.Links())
}

func TestFieldsCannotBeChangedFromOutside(t *testing.T) {
	t.Parallel()
	got, err := merge.Parse("{{first_name}}")
	require.NoError(t, err)
	got.Fields()[0] = "other"
	require.Equal(t, []string{"first_name"}, got.Fields())
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body string
		want []string
	}{
		"an empty body":                 {" \n", []string{"is empty"}},
		"a body that is too long":       {strings.Repeat("é", 1601), []string{"has 1601 characters"}},
		"bytes that are not UTF-8":      {"a\xff", []string{"is not UTF-8"}},
		"braces that never close":       {"é {{first_name", []string{"{{ at character 3 is never closed"}},
		"braces that open twice":        {"{{a {{b}}", []string{"{{ at character 1 is never closed"}},
		"braces that were never opened": {"a}} b", []string{"}} at character 2 was never opened"}},
		"a name with capitals":          {"{{First}}", []string{"the name at character 1"}},
		"a name that begins with digit": {"{{1st}}", []string{"the name at character 1"}},
		"an empty name":                 {"{{|there}}", []string{"the name at character 1"}},
		"a name of 65 characters":       {"{{" + strings.Repeat("a", 65) + "}}", []string{"the name at character 1"}},
		"link0":                         {"{{link0}}", []string{"counted from link1"}},
		"a leading zero":                {"{{link01}}", []string{"without leading zeros"}},
		"link9":                         {"{{link9}}", []string{"beyond link8"}},
		"a number no machine holds":     {"{{link99999999999999999999}}", []string{"beyond link8"}},
		"a gap between links":           {"{{link1}}{{link3}}", []string{"link2 is missing"}},
		"a link with a fallback":        {"{{link1|x}}", []string{"cannot have a fallback"}},
		"everything wrong at once":      {"{{link2}} {{A}} }} {{", []string{"the name at", "was never opened", "never closed", "link1 is missing"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := merge.Parse(tc.body)
			f, ok := errors.AsType[*fault.Fault](err)
			require.True(t, ok)
			require.Equal(t, fault.Invalid, f.Kind)
			require.Len(t, f.Problems, len(tc.want), "%v", f.Problems)
			for i, want := range tc.want {
				require.Equal(t, "body", f.Problems[i].Where)
				require.Contains(t, f.Problems[i].Message, want)
			}
		})
	}
}

func TestParseTakesTheLimitsThemselves(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		strings.Repeat("é", 1600),
		"{{" + strings.Repeat("a", 64) + "}}",
		"{{link1}}{{link2}}{{link3}}{{link4}}{{link5}}{{link6}}{{link7}}{{link8}}",
		"{ } {a} |",
	} {
		_, err := merge.Parse(body)
		require.NoError(t, err)
	}
}

func TestCheckNamesEveryUnknownField(t *testing.T) {
	t.Parallel()
	tpl, err := merge.Parse("{{brand_name}} {{first_name}} {{shoe}} {{size}}")
	require.NoError(t, err)
	require.NoError(t, tpl.Check(func(string) bool { return true }))
	err = tpl.Check(func(name string) bool { return name == "first_name" })
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.ErrorContains(t, err, `"shoe" is not a known field`)
	require.ErrorContains(t, err, `"size" is not a known field`)
	require.NotContains(t, err.Error(), "brand_name")
	require.NotContains(t, err.Error(), "first_name")
}
