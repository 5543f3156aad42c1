package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	file "trackly/cmd/standalone/demo/people"
)

// contactFile is a file of made-up contacts.
type contactFile struct {
	path string
	rows int
}

// contactFiles writes a file of n contacts, a few of them broken, and one of the good rows
// only: COPY takes no others.
func (m *machine) contactFiles(n int) (all, good contactFile, err error) {
	dir, err := os.MkdirTemp(m.o.dir, "trackly-bench-files-")
	if err != nil {
		return all, good, err
	}
	m.undo = append(m.undo, func() { _ = os.RemoveAll(dir) })
	all = contactFile{path: filepath.Join(dir, "all.csv"), rows: n}
	to, err := os.Create(all.path)
	if err != nil {
		return all, good, err
	}
	if err := errors.Join(file.Write(to, n), to.Close()); err != nil {
		return all, good, err
	}
	good.path = filepath.Join(dir, "good.csv")
	good.rows, err = keepGood(all.path, good.path)
	return all, good, err
}

// keepGood copies the rows that a table with a unique phone takes.
func keepGood(from, to string) (rows int, err error) {
	in, err := os.Open(from) //nolint:gosec // a file of ours
	if err != nil {
		return 0, err
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(to) //nolint:gosec // the same
	if err != nil {
		return 0, err
	}
	w := bufio.NewWriter(out)
	seen := map[string]bool{}
	lines, cells := bufio.NewScanner(in), 0
	for lines.Scan() {
		line := lines.Text()
		phone, _, _ := strings.Cut(line, ",")
		header := cells == 0
		if header {
			cells = strings.Count(line, ",")
		}
		if !header && (strings.Count(line, ",") != cells || !utf8.ValidString(line) || phone == "" || strings.Contains(line, `"`) || seen[phone]) {
			continue
		}
		seen[phone] = true
		if _, err := fmt.Fprintln(w, line); err != nil {
			return 0, err
		}
	}
	return len(seen) - 1, errors.Join(lines.Err(), w.Flush(), out.Close())
}

// forgetPeople takes all contacts away.
func (m *machine) forgetPeople(ctx context.Context) error {
	clear(m.people)
	_, err := m.pool.Exec(ctx, "TRUNCATE contacts, subscriptions, consents CASCADE")
	return err
}

// resetPeak begins to watch the product's memory.
func (m *machine) resetPeak() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", m.product.cmd.Process.Pid), []byte("5"), 0)
}

// peakMemory is the most the product has held since, in MB.
func (m *machine) peakMemory() (float64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", m.product.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(raw), "VmHWM:")
	kilobytes, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, err := strconv.ParseFloat(kilobytes, 64)
	return n / 1024, err
}
