package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func complaints(t *testing.T, edit ...string) string {
	t.Helper()
	text, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer(edit...).Replace(string(text))
	if len(edit) > 0 && changed == string(text) {
		t.Fatalf("the edit %q changes nothing", edit)
	}
	file := filepath.Join(t.TempDir(), "docker-compose.yml")
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := load(t.Context(), file)
	if err != nil {
		return err.Error()
	}
	return strings.Join(check(p), "\n")
}

func TestTheShippedFileIsRight(t *testing.T) {
	t.Parallel()
	if got := complaints(t); got != "" {
		t.Fatal(got)
	}
}

func TestEveryCheckFires(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ from, to, want string }{
		"a key that the specification does not know": {"stop_signal:", "stop_sgnal:", "stop_sgnal"},
		"a service nobody defined":                   {"migrate: {condition", "migration: {condition", "migration"},
		"a port for everybody":                       {`"127.0.0.1:8233:8080"`, `"8233:8080"`, "open to other machines"},
		"an image without a version":                 {"postgres:17", "postgres", "names no version"},
		"a wait for an unchecked service":            {"migrate: {condition: service_completed_successfully}", "migrate: {condition: service_healthy}", "nobody checks"},
		"a secret nobody sets":                       {"TRACKLY_KEYS_SEAL: ${TRACKLY_KEYS_SEAL:?run make up}", "TRACKLY_KEYS_SEAL: ${SEAL:?run make up}", "SEAL"},
		"a wait for what never ends":                 {"restart: on-failure:5", "restart: unless-stopped", "restarts for ever"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := complaints(t, tc.from, tc.to); !strings.Contains(got, tc.want) {
				t.Fatalf("want a complaint with %q, got %q", tc.want, got)
			}
		})
	}
}
