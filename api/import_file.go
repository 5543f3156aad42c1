package api

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"trackly/models"
	"trackly/rules/contactfile"
)

// stalled is how long an upload may bring nothing: it holds a database connection.
const stalled = 30 * time.Second

var errTooLarge = errors.New("the upload is longer than allowed") //nolint:gochecknoglobals // a constant in all but name

// upload is a body that is read as it arrives.
type upload struct {
	body     io.Reader
	deadline func(time.Time) error
	kind     string // its content type
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
	*u = upload{
		body: ctx.BodyReader(), deadline: ctx.SetReadDeadline, kind: ctx.Header("Content-Type"), length: length,
		hash: hashOf(ctx, fmt.Appendf(nil, "%d", length)),
	}
	return nil
}

// Read reads on, and gives up when nothing comes.
func (u *upload) Read(p []byte) (int, error) {
	_ = u.deadline(time.Now().Add(stalled)) // a test's recorder has none
	n, err := u.body.Read(p)
	if err != nil {
		// An expired deadline would cancel the request while the rows are merged.
		_ = u.deadline(time.Time{})
		if !errors.Is(err, io.EOF) {
			u.broken = err
		}
	}
	return n, err
}

// contactFile is an uploaded file as the store reads it.
type contactFile struct {
	upload  *upload
	limit   int64
	sum     hash.Hash
	rows    *contactfile.Reader
	reasons map[string]int
}

// Next implements models.ContactFile. The file is opened at its first row: a repeated
// request, which needs none of it, never reads it.
func (f *contactFile) Next() (models.ContactRow, error) {
	if f.rows == nil {
		f.sum, f.reasons = sha256.New(), map[string]int{}
		body := io.TeeReader(&bounded{from: f.upload, left: f.limit}, f.sum)
		rows, err := contactfile.NewReader(body, contactfile.Options{NewFields: true})
		if err != nil {
			return models.ContactRow{}, err
		}
		f.rows = rows
	}
	row, err := f.rows.Next()
	if err != nil {
		return models.ContactRow{}, err
	}
	return f.row(row), nil
}

// Hash implements models.ContactFile.
func (f *contactFile) Hash() []byte { return f.sum.Sum(nil) }

func (f *contactFile) row(r contactfile.Row) models.ContactRow {
	row := models.ContactRow{
		Line: int64(r.Line), Phone: r.Phone, Region: r.Region, FirstName: r.FirstName, LastName: r.LastName,
		State: r.State, Zone: r.Zone, Postal: r.Zip, Zones: r.Zones, Fields: r.Fields,
	}
	if !r.Consent.At.IsZero() {
		row.ConsentedAt = r.Consent.At.Format(time.RFC3339)
	}
	if len(r.Refusals) > 0 {
		row.Refusal = refusalOf(r.Refusals)
		f.reasons[row.Refusal.Reason]++
		return row
	}
	return row
}

// refusalOf makes one refusal of all there is against a row: the first reason counts,
// every sentence is told.
func refusalOf(all []contactfile.Refusal) models.Refusal {
	first := all[0]
	told := make([]string, len(all))
	for i, r := range all {
		told[i] = r.Message
	}
	return models.Refusal{
		Line: int64(first.Line), Column: first.Column, Value: first.Value,
		Reason: string(first.Reason), Message: strings.Join(told, " "),
	}
}

// bounded fails where io.LimitReader would pretend that the file ends.
type bounded struct {
	from io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}
