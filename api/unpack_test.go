package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/rules/field"
)

// shelf keeps the chunks of one upload.
type shelf struct {
	importStore
	file      bytes.Buffer
	ended     bool
	cancelled bool
	refuses   error
}

func (*shelf) BeginImport(_ context.Context, _ models.Once, imp models.Import) (models.Import, error) {
	return imp, nil
}

func (s *shelf) AddChunk(_ context.Context, _ models.AccountID, _ models.ImportID, _ int, data []byte) error {
	_, _ = s.file.Write(data)
	return s.refuses
}

func (s *shelf) EndUpload(_ context.Context, imp models.Import) (models.Import, error) {
	s.ended = true
	return imp, nil
}

func (s *shelf) CancelImport(context.Context, models.AccountID, models.ImportID, string) (models.Import, error) {
	s.cancelled = true
	return models.Import{}, nil
}

// Whatever is uploaded is either stored whole or refused in words: nobody sees a 500.
func FuzzUpload(f *testing.F) {
	const csv = "phone,plan\n+12125550101,gold\n"
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = io.WriteString(w, csv)
	_ = w.Close()
	form := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n" + csv + "\r\n--b--\r\n"
	for _, body := range []string{csv, z.String(), form, z.String()[:20], form[:80], "\x1f\x8b\x08", "--b", ""} {
		for _, kind := range []string{"", "text/csv", "multipart/form-data; boundary=b", "multipart/mixed", "multipart/form-data; boundary=\"", "a;b;c=\x00"} {
			f.Add([]byte(body), kind, "")
			f.Add([]byte(body), kind, "gzip")
		}
	}
	s := describing(f)
	f.Fuzz(func(t *testing.T, body []byte, kind, packed string) {
		const limit = 16 << 20
		store := &shelf{}
		u := &upload{body: bytes.NewReader(body), deadline: func(time.Time) error { return nil }, kind: kind, packed: packed, length: -1}
		k := taking{store: store, upload: u, imp: models.Import{State: models.ImportUploading, Options: models.ImportOptions{Region: "US"}}}
		_, err := k.take(t.Context(), limit, field.Set{})
		if err != nil {
			p := s.explain(t.Context(), "fuzz", err)
			require.Contains(t, []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity}, p.Status, err)
			require.NotEmpty(t, p.Detail)
			require.False(t, store.ended)
			require.True(t, store.file.Len() == 0 || store.cancelled)
			return
		}
		sum := sha256.Sum256(store.file.Bytes())
		require.Equal(t, sum[:], k.imp.FileHash)
		require.Positive(t, k.imp.FileBytes)
		require.LessOrEqual(t, store.file.Len(), limit)
		require.NotEmpty(t, k.imp.Columns)
	})
}
