package api

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"trackly/internal/fault"
)

const (
	// uploadsAtOnce bounds the buffers and the connections that slow uploads can hold.
	uploadsAtOnce = 4
	// stalled is how long an upload may bring nothing: it holds one of those places.
	stalled = 30 * time.Second
)

var errTooLarge = errors.New("the upload is longer than allowed") //nolint:gochecknoglobals // a constant in all but name

// upload is a body that is read as it arrives.
type upload struct {
	body     io.Reader
	deadline func(time.Time) error
	kind     string // its content type
	packed   string // its content encoding
	length   int64  // as announced; -1 when it was not
	hash     []byte // of the request without its body
	broken   error  // why reading failed, if it did
}

// Resolve implements huma.Resolver: it takes the body and reads nothing of it.
func (u *upload) Resolve(ctx huma.Context) []error {
	length, err := strconv.ParseInt(ctx.Header("Content-Length"), 10, 64)
	if err != nil {
		length = -1
	}
	query := ctx.URL()
	*u = upload{
		body: ctx.BodyReader(), deadline: ctx.SetReadDeadline, kind: ctx.Header("Content-Type"),
		packed: ctx.Header("Content-Encoding"), length: length,
		hash: hashOf(ctx, fmt.Appendf(nil, "%d %s", length, query.RawQuery)),
	}
	return nil
}

// Read reads on, and gives up when nothing comes.
func (u *upload) Read(p []byte) (int, error) {
	_ = u.deadline(time.Now().Add(stalled)) // a test's recorder has none
	n, err := u.body.Read(p)
	if err != nil {
		u.rest()
		if !errors.Is(err, io.EOF) {
			u.broken = err
		}
	}
	return n, err
}

// rest takes the deadline away. An expired one would cancel the request while the
// database is still at work for it.
func (u *upload) rest() { _ = u.deadline(time.Time{}) }

// place takes one of the places for uploads until it is given back.
func (s *Server) place() (giveBack func(), err error) {
	select {
	case s.imports <- struct{}{}:
		return func() { <-s.imports }, nil
	default:
		return nil, fault.After(5*time.Second, "%d uploads are running; try again when one is done", uploadsAtOnce)
	}
}

// unread explains why a body could not be read to its end.
func unread(u *upload, err error, besides string) error {
	switch {
	case errors.Is(err, errTooLarge):
		return problem(http.StatusRequestEntityTooLarge, tooLarge+besides)
	case u.broken != nil:
		return problem(http.StatusBadRequest, "the upload broke off"+besides)
	}
	return err
}

// bounded fails where io.LimitReader would pretend that the file ends.
type bounded struct {
	from io.Reader
	left int64
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errTooLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}
