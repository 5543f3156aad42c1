package postgres

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func install(t *testing.T, dir string, names ...string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o755))
	for _, n := range names {
		require.NoError(t, os.WriteFile(filepath.Join(dir, n), []byte("#!/bin/sh\n"), 0o755))
	}
	return dir
}

func nowhere(string) (string, error) { return "", errors.New("not on the path") }

func TestTheNewestCompleteVersionWins(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	install(t, filepath.Join(root, "postgresql/9/bin"), "postgres", "initdb")
	want := install(t, filepath.Join(root, "postgresql/17/bin"), "postgres", "initdb")
	install(t, filepath.Join(root, "postgresql/18/bin"), "postgres") // a client package: no initdb
	got, err := finder{lookPath: nowhere, globs: []string{root + "/postgresql/*/bin"}}.find()
	require.NoError(t, err)
	require.Equal(t, want, got.dir)
}

func TestALinkOnThePathLeadsToTheRealFolder(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	want := install(t, filepath.Join(root, "real"), "postgres", "initdb")
	link := filepath.Join(root, "postgres")
	require.NoError(t, os.Symlink(filepath.Join(want, "postgres"), link))
	got, err := finder{lookPath: func(string) (string, error) { return link, nil }}.find()
	require.NoError(t, err)
	require.Equal(t, want, got.dir)
}

func TestALoneProgramOnThePathIsPassedOver(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	alone := install(t, filepath.Join(root, "wrapper"), "postgres")
	_, err := finder{lookPath: func(string) (string, error) { return filepath.Join(alone, "postgres"), nil }}.find()
	var m *Missing
	require.ErrorAs(t, err, &m)
}

func TestMissingSaysWhatToType(t *testing.T) {
	t.Parallel()
	for has, want := range map[string]string{
		"apt-get": "apt-get install -y --no-install-recommends postgresql",
		"dnf":     "dnf install -y postgresql-server",
		"apk":     "apk add postgresql",
		"pacman":  "pacman -S --noconfirm postgresql",
		"":        "package postgresql",
	} {
		cmd := installCommand("linux", func(p string) bool { return p == has })
		require.Contains(t, (&Missing{Install: cmd}).Error(), want)
	}
	require.Equal(t, "brew install postgresql@17", installCommand("darwin", func(string) bool { return false }))
}
