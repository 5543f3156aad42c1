package config_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/config"
)

const key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// write makes a configuration file that is right but for what a test adds.
func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "trackly.yaml")
	require.NoError(t, os.WriteFile(file, []byte("keys: {seal: "+key+", links: "+key+"}\n"+text), 0o600))
	return file
}

//nolint:paralleltest // the environment belongs to the whole process
func TestLoad(t *testing.T) {
	t.Run("the environment beats the file, the file beats the default", func(t *testing.T) {
		t.Setenv("TRACKLY_DATABASE_URL", "postgres://env@db/x")
		c, err := config.Load(write(t, "database: {url: 'postgres://file@db/x', max_conns: 7}"))
		require.NoError(t, err)
		require.Equal(t, "postgres://env@db/x", c.Database.URL.Reveal())
		require.EqualValues(t, 7, c.Database.MaxConns)
		require.Equal(t, 2*time.Minute, c.Delivery.SettleAfter)
	})
	t.Run("a word nobody knows is an error", func(t *testing.T) {
		_, err := config.Load(write(t, "database: {url: 'postgres://a@b/c', max_cons: 7}"))
		require.ErrorContains(t, err, "max_cons")
	})
	t.Run("all mistakes are told at once, with the names to set", func(t *testing.T) {
		_, err := config.Load(write(t, "database: {url: nonsense}\nworker: {batches: 0}\nlog: {level: loud}\ndelivery: {settle_after: 3s}"))
		for _, name := range []string{"TRACKLY_DATABASE_URL", "TRACKLY_WORKER_BATCHES", "TRACKLY_LOG_LEVEL", "TRACKLY_DELIVERY_SETTLE_AFTER"} {
			require.ErrorContains(t, err, name)
		}
	})
	t.Run("missing keys are told with the command that makes them", func(t *testing.T) {
		t.Setenv("TRACKLY_DATABASE_URL", "postgres://env@db/x")
		_, err := config.Load("")
		require.ErrorContains(t, err, "openssl rand -base64 32")
	})
}

func TestASecretNeverPrints(t *testing.T) {
	t.Parallel()
	c := config.Database{URL: "postgres://user:hunter2@db/x"}
	asJSON, err := json.Marshal(c)
	require.NoError(t, err)
	for _, shown := range []string{fmt.Sprint(c), fmt.Sprintf("%+v %#v %s", c, c, c.URL), string(asJSON), c.URL.LogValue().String()} {
		require.NotContains(t, shown, "hunter2")
	}
}
