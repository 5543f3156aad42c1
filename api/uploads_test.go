package api_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/models"
)

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := io.WriteString(z, text)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.String()
}

// form is a browser's form with a field and a file, and its content type.
func form(t *testing.T, file string) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	require.NoError(t, m.WriteField("note", "hello"))
	part, err := m.CreateFormFile("upload", "list of may.csv")
	require.NoError(t, err)
	_, err = io.WriteString(part, file)
	require.NoError(t, err)
	require.NoError(t, m.Close())
	return b.String(), m.FormDataContentType()
}

//nolint:thelper // a step is a test of its own
func TestAFileComesInManyWrappings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.list(0)
	inForm, kind := form(t, mixed)
	packedInForm, packedKind := form(t, gzipped(t, mixed))
	hashes := map[string]bool{}
	for name, tc := range map[string]struct {
		body    string
		headers []string
	}{
		"as it is":                 {mixed, []string{"Content-Type", csvKind}},
		"as bytes":                 {mixed, []string{"Content-Type", "application/octet-stream"}},
		"as something else":        {mixed, []string{"Content-Type", "application/x-www-form-urlencoded"}},
		"packed for the journey":   {gzipped(t, mixed), []string{"Content-Type", csvKind, "Content-Encoding", "gzip"}},
		"as a packed file":         {gzipped(t, mixed), []string{"Content-Type", "application/gzip"}},
		"packed, and nobody says":  {gzipped(t, mixed), nil},
		"packed twice":             {gzipped(t, gzipped(t, mixed)), []string{"Content-Encoding", "gzip"}},
		"in a form":                {inForm, []string{"Content-Type", kind}},
		"packed in a form":         {packedInForm, []string{"Content-Type", packedKind}},
		"in a form that is packed": {gzipped(t, inForm), []string{"Content-Type", kind, "Content-Encoding", "gzip"}},
	} {
		w.step(name, func(t *testing.T) {
			got := w.send(list, "?start=false", tc.body, tc.headers...).want(http.StatusAccepted)
			require.EqualValues(t, len(mixed), got["file_bytes"])
			hashes[got.str("file_sha256")] = true
			if strings.Contains(name, "form") {
				require.Equal(t, "list of may.csv", got.str("file_name"))
			}
		})
	}
	require.Len(t, hashes, 1, "the hash is of the file, however it came")
}

//nolint:thelper // a step is a test of its own
func TestUploadsThatAreNoContactFileAreRefusedAndNothingIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.list(0)
	noFile, kind := "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--b--\r\n", "multipart/form-data; boundary=b"
	whole, formKind := form(t, mixed)
	packed := gzipped(t, strings.Repeat("phone,first_name\n+12125550101,Ann\n", 30)+fmt.Sprint(errors.ErrUnsupported))
	for name, tc := range map[string]struct {
		body, says string
		headers    []string
	}{
		"nothing":               {"", "empty", nil},
		"a ZIP":                 {"PK\x03\x04zip", "ZIP", nil},
		"a PDF in a form":       {"--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n%PDF-1.7\r\n--b--\r\n", "PDF", []string{"Content-Type", kind}},
		"a form without a file": {noFile, "no file", []string{"Content-Type", kind}},
		"a form without a mark": {noFile, "no boundary", []string{"Content-Type", "multipart/form-data"}},
		"no form":               {mixed, "no file", []string{"Content-Type", kind}},
		"half a form":           {whole[:len(whole)-80], "in the middle", []string{"Content-Type", formKind}},
		"half a gzip":           {packed[:len(packed)-9], "in the middle", nil},
		"a damaged gzip":        {packed[:12] + "\x00\x00\x00\x00" + packed[16:], "gzip", nil},
		"no gzip":               {mixed, "not gzip", []string{"Content-Encoding", "gzip"}},
		"no country":            {mixed, "no country", nil},
	} {
		w.step(name, func(t *testing.T) {
			query := ""
			if name == "no country" {
				query = "?region=XX"
			}
			require.Contains(t, fmt.Sprint(w.send(list, query, tc.body, tc.headers...).want(422)), tc.says)
		})
	}
	w.step("an encoding nobody reads is 415", func(t *testing.T) {
		w.send(list, "", mixed, "Content-Encoding", "br").want(http.StatusUnsupportedMediaType)
	})
	require.Empty(t, w.do("GET", "/v1/lists/"+string(list)+"/imports", nil).want(http.StatusOK)["items"])
	require.Empty(t, w.engine.imports)
}

//nolint:thelper // a step is a test of its own
func TestUploadsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, func(o *api.Options) { o.ImportLimit = 6 << 20 })
	list := w.list(0)
	long := "phone\n" + strings.Repeat("+12125550102\n", 500_000)
	w.step("a file that is too long is 413, announced or not, packed or not", func(t *testing.T) {
		w.send(list, "", long).want(http.StatusRequestEntityTooLarge)
		w.upload(list, strings.NewReader(long)).want(http.StatusRequestEntityTooLarge)
		noisy := "phone,note\n" + noise(7<<20)
		w.send(list, "", gzipped(t, noisy)).want(http.StatusRequestEntityTooLarge)
	})
	w.step("a gzip bomb is refused before it has gone off", func(t *testing.T) {
		bomb := gzipped(t, "phone\n"+strings.Repeat("\n+12125550102", 1<<20))
		require.Less(t, len(bomb)*200, 6<<20)
		require.Contains(t, fmt.Sprint(w.send(list, "", bomb).want(422)), "times its size")
	})
	w.step("what was stored of them is gone, and why is told", func(t *testing.T) {
		for _, imp := range w.do("GET", "/v1/lists/"+string(list)+"/imports", nil).want(http.StatusOK).items("items") {
			require.Equal(t, "cancelled", imp.str("state"))
			require.NotEmpty(t, imp.str("reason"))
		}
		require.Empty(t, w.engine.imports)
	})
	w.step("an upload that breaks off is 400 and can be repeated with its key", func(t *testing.T) {
		half := func(rest io.Reader, headers ...string) answer {
			return w.upload(list, io.MultiReader(strings.NewReader(long[:3<<20]), rest), headers...)
		}
		require.Contains(t, half(failing{}).want(http.StatusBadRequest).str("detail"), "broke off")
		half(failing{}, "Idempotency-Key", "k").want(http.StatusBadRequest)
		got := half(strings.NewReader(""), "Idempotency-Key", "k").want(http.StatusAccepted)
		require.EqualValues(t, 3<<20, got["file_bytes"])
		require.Equal(t, "running", got.str("state"))
		again := half(strings.NewReader(""), "Idempotency-Key", "k").want(http.StatusAccepted)
		require.Equal(t, got["id"], again["id"])
	})
	w.step("a repetition of what was refused half-way says so", func(t *testing.T) {
		send := func() answer { return w.upload(list, strings.NewReader(long), "Idempotency-Key", "long") }
		send().want(http.StatusRequestEntityTooLarge)
		require.Contains(t, send().want(http.StatusConflict).str("detail"), "too large")
	})
}

// noise shrinks to half at best.
func noise(n int) string {
	var b strings.Builder
	for x := uint64(1); b.Len() < n; {
		x = x*6364136223846793005 + 1442695040888963407
		fmt.Fprintf(&b, "+1212555%04d,%x\n", x>>50%10_000, x)
	}
	return b.String()
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

// upload sends a file without saying how long it is.
func (w *world) upload(list models.ListID, body io.Reader, headers ...string) answer {
	w.t.Helper()
	req := httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, "/v1/lists/"+string(list)+"/imports", body)
	req.Header.Set("Authorization", "Bearer "+w.key)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return w.serve(req)
}
