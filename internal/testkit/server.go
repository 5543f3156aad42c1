package testkit

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"trackly/internal/embedded/postgres"
	"trackly/internal/store"
)

// urlVariable names a server to use instead of one of our own; its role must be
// allowed to create databases.
const urlVariable = "TRACKLY_TEST_DATABASE_URL"

// patience covers the making of a cluster on a machine that links two binaries.
const patience = 3 * time.Minute

// server is found once per test binary: a second look would cost every test three
// connections. It is a memo and never changes after the first call.
//
//nolint:gochecknoglobals // see above
var server = sync.OnceValues(func() (bench, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return openBench(ctx)
})

// bench is a server with a migrated template to copy from.
type bench struct {
	admin    string // URL of a database that always exists
	template string
}

func openBench(ctx context.Context) (bench, error) {
	admin, err := adminURL(ctx)
	if err != nil {
		return bench{}, err
	}
	b := bench{admin: admin, template: "trackly_template_" + store.SchemaFingerprint()}
	return b, b.prepare(ctx)
}

func adminURL(ctx context.Context) (string, error) {
	if given := os.Getenv(urlVariable); given != "" {
		return given, nil
	}
	o := postgres.Options{Dir: serverDir(), Throwaway: true, Tuning: postgres.Tuning{MaxConnections: 400, SharedBuffers: "128MB", StartWithin: patience}}
	s, err := postgres.Start(ctx, o)
	if err != nil {
		return "", fmt.Errorf("start the tests' Postgres in %s (delete the folder if it is broken): %w", o.Dir, err)
	}
	return s.URL(), nil
}

// serverDir is where strangers can pass through, which the server's account must when
// tests run as root; the script that stops the server knows it too.
func serverDir() string {
	return filepath.Join(os.TempDir(), "trackly-test-"+strconv.Itoa(os.Getuid()))
}

// url is a connection string for another database of the same server.
func (b bench) url(database string) (string, error) {
	u, err := url.Parse(b.admin)
	if err != nil {
		return "", fmt.Errorf("%s cannot be read", urlVariable)
	}
	u.Path = "/" + database
	return u.String(), nil
}
