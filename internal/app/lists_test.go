package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/config"
	"trackly/internal/fault"
	"trackly/rules/verdict"
)

func TestAnOperatorsListsAreReadOrRefused(t *testing.T) {
	t.Parallel()
	file := func(text string) string {
		name := filepath.Join(t.TempDir(), "list")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	r, err := verdicts(config.Clicks{AgentsFile: file("AcmeCheck\n")})
	require.NoError(t, err)
	is, _ := r.Judge(verdict.Evidence{Method: "GET", UserAgent: "Mozilla/5.0 AcmeCheck"})
	require.Equal(t, verdict.Bot, is)
	for want, c := range map[string]config.Clicks{
		"clicks.agents_file cannot be read":     {AgentsFile: "/no/such/file"},
		"clicks.networks_file cannot be read":   {NetworksFile: t.TempDir()},
		"line 2 of the data centres' address":   {NetworksFile: file("192.0.2.0/24\nnonsense\n")},
		"line 1 of the machines' user agents":   {AgentsFile: file("(\n")},
		"clicks.networks_file is longer than 8": {NetworksFile: file(strings.Repeat("#\n", longestList))},
	} {
		_, err := verdicts(c)
		require.ErrorContains(t, err, want)
		require.Equal(t, fault.Invalid, fault.KindOf(err), want)
	}
}
