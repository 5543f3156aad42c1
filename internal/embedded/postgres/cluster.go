package postgres

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"trackly/internal/fault"
)

// cluster is the folder of one server and what lies in it.
type cluster struct {
	dir string
	bin binaries
	who identity
}

func (c cluster) data() string         { return filepath.Join(c.dir, "data") }
func (c cluster) passwordFile() string { return filepath.Join(c.dir, "password") }
func (c cluster) portFile() string     { return filepath.Join(c.dir, "port") }
func (c cluster) logFile() string      { return filepath.Join(c.dir, "postgres.log") }
func (c cluster) scratch() string      { return filepath.Join(c.dir, "data.new") }

// openCluster makes what is missing. The caller holds the folder's lock.
func openCluster(ctx context.Context, dir string, bin binaries) (cluster, string, error) {
	c := cluster{dir: dir, bin: bin}
	var err error
	if c.who, err = chooseIdentity(dir, c.data()); err != nil {
		return c, "", err
	}
	_, err = os.Stat(c.data())
	fresh := errors.Is(err, fs.ErrNotExist)
	password, err := c.password(fresh)
	if err != nil || !fresh {
		return c, password, err
	}
	return c, password, c.init(ctx, password)
}

// password reads the superuser's password. Only a cluster that does not exist yet may
// be given a new one.
func (c cluster) password(fresh bool) (string, error) {
	raw, err := os.ReadFile(c.passwordFile())
	if pw := strings.TrimSpace(string(raw)); err == nil && pw != "" {
		return pw, nil
	}
	if !fresh {
		return "", fault.New(fault.Conflict, "%s is missing: the cluster beside it cannot be opened without it", c.passwordFile())
	}
	pw := rand.Text()
	return pw, writeWhole(c.passwordFile(), pw)
}

// init makes the cluster under a scratch name: a kill in the middle leaves a folder
// that the next start throws away, never half a cluster under the real name.
func (c cluster) init(ctx context.Context, password string) error {
	if err := os.RemoveAll(c.scratch()); err != nil {
		return fault.Wrap(err, fault.Broken, "remove what an interrupted start left")
	}
	if err := os.MkdirAll(filepath.Join(c.scratch(), "data"), 0o700); err != nil {
		return fault.Wrap(err, fault.Broken, "make the data folder")
	}
	pwfile := filepath.Join(c.scratch(), "password")
	if err := os.WriteFile(pwfile, []byte(password), 0o600); err != nil {
		return fault.Wrap(err, fault.Broken, "write the password")
	}
	fresh := filepath.Join(c.scratch(), "data")
	for _, p := range []string{c.scratch(), fresh, pwfile} {
		if err := c.who.own(p); err != nil {
			return err
		}
	}
	if err := c.initdb(ctx, fresh, pwfile); err != nil {
		return err
	}
	if err := os.Rename(fresh, c.data()); err != nil {
		return fault.Wrap(err, fault.Broken, "put the data folder in place")
	}
	return os.RemoveAll(c.scratch())
}

func (c cluster) initdb(ctx context.Context, data, pwfile string) error {
	ctype := "C.UTF-8" // bytewise order, yet upper and lower case work beyond ASCII
	if runtime.GOOS != "linux" {
		ctype = "en_US.UTF-8"
	}
	cmd := exec.CommandContext(ctx, c.bin.initdb(), //nolint:gosec // the path was found by us
		"--pgdata="+data, "--username="+Superuser, "--pwfile="+pwfile, "--auth=scram-sha-256",
		"--encoding=UTF8", "--lc-collate=C", "--lc-ctype="+ctype, "--lc-messages=C", "--data-checksums")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.Dir, cmd.SysProcAttr = &out, &out, "/", c.who.attributes()
	if err := cmd.Run(); err != nil {
		return c.explain(err, out.String())
	}
	return nil
}

// explain turns a failed start of a program into what the user can do about it.
func (c cluster) explain(err error, output string) error {
	if blocked := closedParent(c.dir); c.who.mapped && blocked != "" && errors.Is(err, fs.ErrPermission) {
		return fault.Wrap(err, fault.Conflict, "PostgreSQL refuses to run as root, and no other account can pass through %s: "+
			"choose a data folder elsewhere (such as /var/lib/trackly), run 'chmod o+x %s', or start as an ordinary user", blocked, blocked)
	}
	return fault.Wrap(err, fault.Broken, "PostgreSQL did not start: %s", lastLines(output, 5))
}

// lastLines keeps what a person needs to see of a long output.
func lastLines(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// writeWhole replaces a small file in one step, readable by us alone.
func writeWhole(path, text string) error {
	scratch := path + ".new"
	if err := os.WriteFile(scratch, []byte(text+"\n"), 0o600); err != nil {
		return fault.Wrap(err, fault.Broken, "write %s", path)
	}
	if err := os.Rename(scratch, path); err != nil {
		return fault.Wrap(err, fault.Broken, "write %s", path)
	}
	return nil
}
