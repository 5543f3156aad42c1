package postgres

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"trackly/internal/fault"
)

// binaries is a folder that holds both programs we run.
type binaries struct{ dir string }

func (b binaries) initdb() string   { return filepath.Join(b.dir, "initdb") }
func (b binaries) postgres() string { return filepath.Join(b.dir, "postgres") }

// finder looks for binaries; its fields let a test show it another machine.
type finder struct {
	lookPath func(string) (string, error)
	globs    []string
}

func newFinder() finder {
	return finder{lookPath: exec.LookPath, globs: []string{
		"/usr/lib/postgresql/*/bin",              // Debian, Ubuntu
		"/usr/pgsql-*/bin",                       // PostgreSQL's own packages for Red Hat
		"/usr/libexec/postgresql*",               // Alpine
		"/opt/homebrew/opt/postgresql@*/bin",     // Homebrew on Apple silicon
		"/usr/local/opt/postgresql@*/bin",        // Homebrew on Intel
		"/Applications/Postgres.app/*/*/*/*/bin", // Postgres.app
	}}
}

// find prefers the PATH, then the newest version in the folders where packagers put
// what they keep off the PATH.
func (f finder) find() (binaries, error) {
	if p, err := f.lookPath("postgres"); err == nil {
		// Some images link single programs into /usr/local/bin. Postgres finds its
		// libraries relative to the real file, so follow the link.
		if real, err := filepath.EvalSymlinks(p); err == nil && complete(filepath.Dir(real)) {
			return binaries{filepath.Dir(real)}, nil
		}
	}
	var dirs []string
	for _, g := range f.globs {
		hits, err := filepath.Glob(g)
		if err != nil {
			return binaries{}, fault.Wrap(err, fault.Internal, "bad pattern %q", g)
		}
		dirs = append(dirs, slices.DeleteFunc(hits, func(d string) bool { return !complete(d) })...)
	}
	if len(dirs) == 0 {
		return binaries{}, missing()
	}
	return binaries{slices.MaxFunc(dirs, func(a, b string) int { return cmp.Compare(version(a), version(b)) })}, nil
}

// complete reports whether a folder holds a server and the program that makes its
// data folder. Client packages install pg_ctl wrappers without either.
func complete(dir string) bool {
	b := binaries{dir}
	return executable(b.initdb()) && executable(b.postgres())
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && info.Mode()&0o111 != 0
}

// version is the first number of a path such as /usr/lib/postgresql/17/bin, else 0.
func version(dir string) int {
	for _, part := range strings.FieldsFunc(dir, func(r rune) bool { return r < '0' || r > '9' }) {
		if n, err := strconv.Atoi(part); err == nil {
			return n
		}
	}
	return 0
}

// Missing is the error of Start on a machine without PostgreSQL.
type Missing struct {
	// Install is the command that puts it there.
	Install string
}

// Error says what to type.
func (m *Missing) Error() string {
	return fmt.Sprintf("PostgreSQL is not installed on this machine. Install it with:\n\n    %s\n\nand start again", m.Install)
}

func missing() error {
	return &Missing{Install: installCommand(runtime.GOOS, func(p string) bool { _, err := exec.LookPath(p); return err == nil })}
}

// installCommand names the package manager this machine has.
func installCommand(goos string, has func(string) bool) string {
	switch {
	case goos == "darwin":
		return "brew install postgresql@17"
	case has("apt-get"):
		return "sudo apt-get update && sudo apt-get install -y --no-install-recommends postgresql"
	case has("dnf"):
		return "sudo dnf install -y postgresql-server postgresql-contrib"
	case has("apk"):
		return "sudo apk add postgresql postgresql-contrib"
	case has("pacman"):
		return "sudo pacman -S --noconfirm postgresql"
	}
	return "your system's package manager, package postgresql (with its contrib modules), or see https://www.postgresql.org/download/"
}
