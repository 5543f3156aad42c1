package app

import (
	"io"
	"os"

	"trackly/config"
	"trackly/internal/fault"
	"trackly/rules/verdict"
)

// longestList is the most that is read of an operator's file: 100,000 address ranges fit.
const longestList = 8 << 20

// verdicts reads the lists by which people's clicks are told from machines'.
func verdicts(c config.Clicks) (*verdict.Rules, error) {
	var lists verdict.Lists
	var err error
	if lists.Networks, err = listIn("clicks.networks_file", c.NetworksFile); err != nil {
		return nil, err
	}
	if lists.Agents, err = listIn("clicks.agents_file", c.AgentsFile); err != nil {
		return nil, err
	}
	return verdict.New(lists)
}

func listIn(key, file string) (string, error) {
	if file == "" {
		return "", nil
	}
	f, err := os.Open(file) //nolint:gosec // the operator says which
	if err != nil {
		return "", fault.Wrap(err, fault.Invalid, "%s cannot be read", key)
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, longestList+1))
	if err != nil {
		return "", fault.Wrap(err, fault.Invalid, "%s cannot be read", key)
	}
	if len(b) > longestList {
		return "", fault.New(fault.Invalid, "%s is longer than %d MiB", key, longestList>>20)
	}
	return string(b), nil
}
