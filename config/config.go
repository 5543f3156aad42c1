// Package config turns a file, the environment and defaults into typed settings, and
// reports every mistake at once. It opens nothing: it only reads and checks.
package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/viper"

	"trackly/internal/fault"
)

// Config is everything a process can be told.
type Config struct {
	Database Database
	Temporal Temporal
	API      API
	Worker   Worker
	Delivery Delivery
	Clicks   Clicks
	Keys     Keys
	Log      Log
}

// defaults doubles as the list of keys: viper only reads the environment for keys it
// already knows, so a key missing here cannot be set at all.
func defaults() map[string]any {
	return map[string]any{
		"database.url":             "",
		"database.max_conns":       20,
		"temporal.address":         "127.0.0.1:7233",
		"temporal.namespace":       "default",
		"temporal.tls":             false,
		"temporal.tls_cert":        "",
		"temporal.tls_key":         "",
		"api.listen":               "127.0.0.1:8080",
		"api.public_url":           "http://127.0.0.1:8080",
		"api.trust_forwarded":      false,
		"api.import_limit":         int64(1 << 30),
		"worker.batches":           8,
		"worker.metrics_listen":    "",
		"delivery.concurrency":     64,
		"delivery.request_timeout": "10s",
		"delivery.settle_after":    "2m",
		"delivery.give_up_after":   "1h",
		"delivery.pretend_time":    "",
		"clicks.networks_file":     "",
		"clicks.agents_file":       "",
		"keys.seal":                "",
		"keys.seal_old":            "",
		"keys.links":               "",
		"log.level":                "info",
		"log.format":               "json",
	}
}

// Load reads the file, if one is named, and lays the environment over it: TRACKLY_ and
// the key with underscores, such as TRACKLY_DATABASE_URL.
func Load(file string) (Config, error) {
	v := viper.New()
	for key, value := range defaults() {
		v.SetDefault(key, value)
	}
	v.SetEnvPrefix("trackly")
	v.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))
	v.AutomaticEnv()
	if file != "" {
		v.SetConfigFile(file)
		if err := v.ReadInConfig(); err != nil {
			return Config{}, fault.Wrap(err, fault.Invalid, "cannot read the configuration %s", file)
		}
	}
	var c Config
	if err := v.UnmarshalExact(&c); err != nil {
		return Config{}, fault.Wrap(err, fault.Invalid, "the configuration has mistakes")
	}
	return c, c.Check()
}

// Check reports every mistake at once, each with its key.
func (c Config) Check() error {
	var all []error
	for _, section := range []interface{ check() []error }{
		c.Database, c.Temporal, c.API, c.Worker, c.Delivery, c.Clicks, c.Keys, c.Log,
	} {
		all = append(all, section.check()...)
	}
	if len(all) == 0 {
		return nil
	}
	return fault.Wrap(errors.Join(all...), fault.Invalid, "the configuration has %d mistake(s)", len(all))
}

func wrong(key, format string, args ...any) error {
	env := "TRACKLY_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
	return fmt.Errorf("%s (%s) %s", key, env, fmt.Sprintf(format, args...))
}
