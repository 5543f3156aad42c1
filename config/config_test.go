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
		_, err := config.Load(write(t, "database: {url: nonsense}\nworker: {batches: 0}\nlog: {level: loud}\ndelivery: {settle_after: 3s}\nclicks: {agents_file: agents.txt}"))
		for _, name := range []string{"TRACKLY_DATABASE_URL", "TRACKLY_WORKER_BATCHES", "TRACKLY_LOG_LEVEL", "TRACKLY_DELIVERY_SETTLE_AFTER", "TRACKLY_CLICKS_AGENTS_FILE"} {
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

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	other := "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
	k := config.Keys{Seal: config.Secret(key), SealOld: config.Secret(other + " ,, " + key), Links: config.Secret(key)}
	seals, err := k.Seals()
	require.NoError(t, err)
	require.Equal(t, []string{
		"0123456789abcdef0123456789abcdef", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef", "0123456789abcdef0123456789abcdef",
	}, []string{string(seals[0]), string(seals[1]), string(seals[2])}, "the new one seals, the old ones open")
	one, err := config.Keys{Seal: config.Secret(key)}.Seals()
	require.NoError(t, err)
	require.Len(t, one, 1)
	_, err = config.Keys{Seal: "not base64!"}.Seals()
	require.Error(t, err)
}

func TestAKeyIsDerivedForEachPurpose(t *testing.T) {
	t.Parallel()
	k := config.Keys{Links: config.Secret(key)}
	a, err := k.Derive("webhooks")
	require.NoError(t, err)
	again, err := k.Derive("webhooks")
	require.NoError(t, err)
	b, err := k.Derive("phones")
	require.NoError(t, err)
	require.Equal(t, a, again)
	require.NotEqual(t, a, b)
	require.Len(t, a, 32)
	links, err := k.Links.Bytes()
	require.NoError(t, err)
	require.NotEqual(t, links, a)
	_, err = config.Keys{Links: "?"}.Derive("webhooks")
	require.Error(t, err)
}

//nolint:paralleltest // Load reads the environment of the whole process
func TestAnOldSealThatIsNoKeyIsRefused(t *testing.T) {
	for _, bad := range []string{"c2hvcnQ=", "???", key + ",c2hvcnQ="} {
		file := filepath.Join(t.TempDir(), "trackly.yaml")
		require.NoError(t, os.WriteFile(file, []byte("keys: {seal: "+key+", links: "+key+", seal_old: '"+bad+"'}\ndatabase: {url: 'postgres://a@b/c'}"), 0o600))
		_, err := config.Load(file)
		require.ErrorContains(t, err, "TRACKLY_KEYS_SEAL_OLD", bad)
	}
}
