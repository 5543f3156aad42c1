package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"trackly/config"
	"trackly/internal/store"
)

// keyOf reads one of the installation's keys from the data folder, or makes it. It is
// written under another name first: a process killed half-way leaves no short key.
func keyOf(dir, name string) (config.Secret, error) {
	path := filepath.Join(dir, name+".key")
	text, err := os.ReadFile(path) //nolint:gosec // the operator names the folder
	if err == nil {
		return config.Secret(text), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read a key: %w", err)
	}
	text = []byte(base64.StdEncoding.EncodeToString(store.NewSealKey()))
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return "", fmt.Errorf("write a key: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return "", fmt.Errorf("write a key: %w", err)
	}
	return config.Secret(text), nil
}
