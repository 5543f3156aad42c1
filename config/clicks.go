package config

import "path/filepath"

// Clicks sets how people who follow links are told from machines. The files are read once,
// when a process starts.
type Clicks struct {
	NetworksFile string `mapstructure:"networks_file"` // in place of the shipped address ranges of data centres; empty: those
	AgentsFile   string `mapstructure:"agents_file"`   // more machines by their user agents; empty: none
}

func (c Clicks) check() (errs []error) {
	for key, file := range map[string]string{"clicks.networks_file": c.NetworksFile, "clicks.agents_file": c.AgentsFile} {
		// A path that hangs on where a process was started is another file after the next restart.
		if file != "" && !filepath.IsAbs(file) {
			errs = append(errs, wrong(key, "must be an absolute path"))
		}
	}
	return errs
}
