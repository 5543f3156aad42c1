package archtest

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestTheHouseFollowsItsPlan(t *testing.T) {
	t.Parallel()
	files, err := tree(os.DirFS("../.."))
	require.NoError(t, err)
	require.Greater(t, len(files), 20, "looking at the wrong folder")
	for _, f := range files {
		complaints, err := check(f)
		require.NoError(t, err)
		for _, c := range complaints {
			t.Error(c)
		}
	}
}

func TestEveryOwnerOfALibraryIsARoom(t *testing.T) {
	t.Parallel()
	for _, l := range libraries() {
		for _, o := range l.owners {
			_, ok := source{name: o + "/x.go"}.room()
			require.True(t, ok, "%s belongs to %s, which is not on the plan", l.path, o)
		}
	}
}

func TestOtherModulesAndResultsAreNotRead(t *testing.T) {
	t.Parallel()
	files, err := tree(fstest.MapFS{
		"rules/price/price.go":  {Data: []byte("package price\n")},
		"tools/x/main.go":       {Data: []byte("package main\n")},
		"build/x.go":            {Data: []byte("package x\n")},
		"rules/testdata/bad.go": {Data: []byte("not go\n")},
		"README.md":             {Data: []byte("# hi\n")},
	})
	require.NoError(t, err)
	require.Equal(t, []source{{"rules/price/price.go", "package price\n"}}, files)
}
