package config

import (
	"encoding/base64"
	"log/slog"
)

// Secret is a string that does not print.
type Secret string

// String hides the value.
func (Secret) String() string { return "•••" }

// GoString hides the value from %#v.
func (Secret) GoString() string { return "•••" }

// MarshalText hides the value from JSON and YAML.
func (Secret) MarshalText() ([]byte, error) { return []byte("•••"), nil }

// LogValue hides the value from slog.
func (Secret) LogValue() slog.Value { return slog.StringValue("•••") }

// Reveal returns the value. Search for it to find every place a secret is used.
func (s Secret) Reveal() string { return string(s) }

// Bytes decodes a key given as standard base64.
func (s Secret) Bytes() ([]byte, error) { return base64.StdEncoding.DecodeString(string(s)) }

// Log sets what is written to standard error.
type Log struct {
	Level  string // debug, info, warn, error
	Format string // json or text
}

func (l Log) check() (errs []error) {
	var level slog.Level
	if level.UnmarshalText([]byte(l.Level)) != nil {
		errs = append(errs, wrong("log.level", "is %q, want debug, info, warn or error", l.Level))
	}
	if l.Format != "json" && l.Format != "text" {
		errs = append(errs, wrong("log.format", "is %q, want json or text", l.Format))
	}
	return errs
}
