package postgres

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// postmaster is what postmaster.pid says about a server that runs or once ran.
type postmaster struct {
	pid, port int
	ready     bool
}

// parsePostmaster reads the lines PostgreSQL documents: pid, data folder, start
// time, port, socket folder, address, shared memory, status. A file cut short by a
// kill is not understood.
func parsePostmaster(text string) (postmaster, bool) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return postmaster{}, false
	}
	pid, errPID := strconv.Atoi(strings.TrimSpace(lines[0]))
	port, errPort := strconv.Atoi(strings.TrimSpace(lines[3]))
	if errPID != nil || errPort != nil || pid <= 1 || port <= 0 || port > 65535 {
		return postmaster{}, false
	}
	ready := len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"
	return postmaster{pid: pid, port: port, ready: ready}, true
}

// running finds a live server of this cluster. A file left by a server that is gone
// is removed when its number now belongs to a stranger: PostgreSQL itself would take
// the stranger for its twin and refuse to start, as happens in every container.
func (c cluster) running() (postmaster, bool, error) {
	path := filepath.Join(c.data(), "postmaster.pid")
	raw, err := os.ReadFile(path) //nolint:gosec // a fixed name in our own folder
	if errors.Is(err, fs.ErrNotExist) {
		return postmaster{}, false, nil
	}
	if err != nil {
		return postmaster{}, false, err
	}
	p, ok := parsePostmaster(string(raw))
	if ok && serves(p.pid, c.data()) {
		return p, true, nil
	}
	if !ok && len(raw) > 0 {
		return postmaster{}, false, nil // half written: whoever writes it is starting, or died; the server knows better
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return postmaster{}, false, err
	}
	return postmaster{}, false, nil
}

// serves reports whether process pid is a server of this data folder. A postmaster's
// working directory is its data folder; a zombie has none.
func serves(pid int, data string) bool {
	if err := syscall.Kill(pid, 0); err != nil && !errors.Is(err, syscall.EPERM) {
		return false
	}
	if _, err := os.Stat("/proc/self/cwd"); err != nil {
		return true // no /proc on this system: being alive must do
	}
	cwd, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
	if err != nil {
		return errors.Is(err, fs.ErrPermission)
	}
	real, err := filepath.EvalSymlinks(data)
	return err == nil && cwd == real
}
