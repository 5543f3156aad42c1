package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/internal/handover"
	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/price"
	"trackly/rules/quiethours"
	"trackly/rules/shortcode"
)

// atOnce is an engine that runs an import before it answers, or never.
type atOnce struct {
	api.Engine
	store *store.Store
	never bool
}

func (e *atOnce) StartImport(ctx context.Context, imp models.Import) error {
	if e.never {
		return nil
	}
	step, err := e.store.StageImport(ctx, imp.AccountID, imp.ID)
	if err != nil {
		return e.store.FailImport(ctx, imp.AccountID, imp.ID, err.Error())
	}
	if _, err := e.store.MergeImport(ctx, imp.AccountID, imp.ID, 1, step.Rows); err != nil {
		return err
	}
	_, err = e.store.FinishImport(ctx, imp.AccountID, imp.ID)
	return err
}

// importWorld is the API on a database of its own, with a list called L.
type importWorld struct {
	t      *testing.T
	engine *atOnce
	url    string
	key    string // file
	store  *store.Store
	list   models.List
}

func newImportWorld(t *testing.T) *importWorld {
	t.Helper()
	codes, err := shortcode.New([]byte("a key for the tests only"))
	require.NoError(t, err)
	hours, err := quiethours.Default()
	require.NoError(t, err)
	w := &importWorld{t: t, store: testkit.Store(t)}
	w.engine = &atOnce{store: w.store}
	server, err := api.New(api.Options{
		Store: w.store, Engine: w.engine, Codes: codes, Hours: hours, Prices: price.DefaultBook(),
		Door: handover.Door{PublicURL: "https://t.example", Key: []byte("k")}, Log: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	require.NoError(t, err)
	http := httptest.NewServer(server.Handler())
	t.Cleanup(http.Close)
	w.url = http.URL
	a, owner, err := models.NewAccount("Acme", "Ada", "ada@example.com")
	require.NoError(t, err)
	key, text := models.NewAPIKey(a.ID, "test")
	require.NoError(t, w.store.AddAccount(t.Context(), a, owner, key))
	w.key = w.file("key", text+"\n")
	w.list, err = w.store.AddList(t.Context(), models.Once{}, testkit.SendingList(a.ID, "twilio", "+12025550100", "http://p.example"), models.Credentials{Token: "t"})
	require.NoError(t, err)
	return w
}

func (w *importWorld) file(name, text string) string {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), name)
	require.NoError(w.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// run runs the command in this process.
func (w *importWorld) run(ctx context.Context, in io.Reader, args ...string) (string, error) {
	w.t.Helper()
	cmd, out := importCommand(), &bytes.Buffer{} //nolint:contextcheck // it gets its context below
	cmd.SetIn(in)
	cmd.SetOut(out)
	cmd.SetErr(io.Discard)
	cmd.SetArgs(append([]string{"--api", w.url, "--key-file", w.key}, args...))
	err := cmd.ExecuteContext(ctx)
	return out.String(), err
}

const people = "Cell,First Name,age\n+12125550101,Ann,41\n+12125550102,Bob,x\n12,Eve,3\n"

func TestImportShowsTheMappingImportsAndWritesTheRefusedRows(t *testing.T) {
	t.Parallel()
	w := newImportWorld(t)
	refused := filepath.Join(t.TempDir(), "refused.csv")
	out, err := w.run(t.Context(), nil, w.file("people.csv", people), "--list", "L", "--map", "age=custom:number:years", "--refused", refused)
	require.NoError(t, err)
	for _, line := range []string{
		"3 columns, utf-8, between them ,", "field years (number)", "user", "Ann | Bob | Eve",
		"3  rows read", "1  added", "2  refused", "1  bad_phone", "1  bad_value", "2 refused rows are in " + refused, "done: ",
	} {
		require.Contains(t, out, line)
	}
	raw, err := os.ReadFile(refused)
	require.NoError(t, err)
	require.Equal(t, 3, strings.Count(string(raw), "\n"))
	imports, err := w.store.Imports(t.Context(), w.list.AccountID, w.list.ID, "", 10)
	require.NoError(t, err)
	require.Len(t, imports, 1)
	require.Equal(t, "people.csv", imports[0].FileName)
}

func TestImportReadsStandardInputAndTriesItDry(t *testing.T) {
	t.Parallel()
	w := newImportWorld(t)
	out, err := w.run(t.Context(), strings.NewReader(people), "-", "--list", string(w.list.ID), "--dry-run", "--new-fields")
	require.NoError(t, err)
	require.Contains(t, out, "checked: Nothing was changed")
	require.Contains(t, out, "field age (text)")
	out, err = w.run(t.Context(), strings.NewReader(people), "-", "--list", "L", "--new-fields")
	require.NoError(t, err)
	require.Contains(t, out, "2  added")
}

func TestImportFailsInWords(t *testing.T) {
	t.Parallel()
	w := newImportWorld(t)
	for name, tc := range map[string]struct { //nolint:paralleltest // what they leave behind is looked at below
		file string
		args []string
		says string
	}{
		"no list":         {people, []string{"--list", "M"}, `no list has the id or the name "M"`},
		"no mapping":      {people, []string{"--list", "L", "--map", "age"}, "is not Header=meaning"},
		"a wrong meaning": {people, []string{"--list", "L", "--map", "age=years"}, "columns[0].meaning"},
		"no phone":        {"a,b\n1,2\n", []string{"--list", "L"}, "--map \"Cell=phone\""},
		"no table":        {"PK\x03\x04", []string{"--list", "L"}, "ZIP"},
		"no rows":         {"phone\n", []string{"--list", "L"}, "the import is failed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.run(t.Context(), nil, append([]string{w.file("f.csv", tc.file)}, tc.args...)...)
			require.ErrorContains(t, err, tc.says)
		})
	}
	imports, err := w.store.Imports(t.Context(), w.list.AccountID, w.list.ID, "", 10)
	require.NoError(t, err)
	require.False(t, slices.ContainsFunc(imports, func(i models.Import) bool { return !i.State.Final() }), "nothing waits for somebody who has gone")
}

func TestAnInterruptedImportGoesOnOnTheServer(t *testing.T) {
	t.Parallel()
	w := newImportWorld(t)
	w.engine.never = true
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	_, err := w.run(ctx, nil, w.file("people.csv", people), "--list", string(w.list.ID))
	require.ErrorContains(t, err, "goes on on the server")
	require.ErrorContains(t, err, "/cancel")
	imports, err := w.store.Imports(t.Context(), w.list.AccountID, w.list.ID, "", 10)
	require.NoError(t, err)
	require.Equal(t, models.ImportRunning, imports[0].State)
}

func TestForeignTextCannotSteerTheTerminal(t *testing.T) {
	t.Parallel()
	require.Equal(t, "a\uFFFD[31mb", cell("a\x1b[31mb"))
	require.Len(t, []rune(cell(strings.Repeat("x", 100))), 48)
}
