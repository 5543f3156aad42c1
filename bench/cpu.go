package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of times in /proc/*/stat; Linux has used a hundredth of a second for
// user space on every architecture since 2.6.
const tick = 10 * time.Millisecond

// usage is what /proc says about one process.
type usage struct {
	pid, parent int
	own         time.Duration
	reaped      time.Duration // of children that have ended
}

// parseStat reads /proc/PID/stat. The name, in brackets, may hold anything, brackets
// and spaces too.
func parseStat(raw []byte) (u usage, err error) {
	open, end := bytes.IndexByte(raw, '('), bytes.LastIndexByte(raw, ')')
	if open < 0 || end < open {
		return u, fmt.Errorf("not a process: %q", raw)
	}
	f := strings.Fields(string(raw[end+1:]))
	if len(f) < 15 {
		return u, fmt.Errorf("too few fields: %q", raw)
	}
	var n [5]int
	for i, s := range []string{f[1], f[11], f[12], f[13], f[14]} {
		if n[i], err = strconv.Atoi(s); err != nil {
			return u, err
		}
	}
	u.pid, err = strconv.Atoi(strings.TrimSpace(string(raw[:open])))
	u.parent, u.own, u.reaped = n[0], time.Duration(n[1]+n[2])*tick, time.Duration(n[3]+n[4])*tick
	return u, err
}

func processorTime(product int, postgresDir string) (time.Duration, error) {
	raw, err := os.ReadFile(filepath.Join(postgresDir, "data", "postmaster.pid")) //nolint:gosec // a file of our own server
	if err != nil {
		return 0, err
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	postmaster, err := strconv.Atoi(line)
	if err != nil {
		return 0, err
	}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	var sum time.Duration
	for _, path := range stats {
		raw, err := os.ReadFile(path) //nolint:gosec // a path we made
		if err != nil {
			continue // it has ended
		}
		u, err := parseStat(raw)
		if err != nil {
			return 0, err
		}
		switch {
		case u.pid == product, u.parent == postmaster:
			sum += u.own
		case u.pid == postmaster:
			sum += u.own + u.reaped
		}
	}
	return sum, nil
}
