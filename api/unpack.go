package api

import (
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"trackly/internal/fault"
)

const (
	// partsBefore is how many fields of a form may stand before its file.
	partsBefore  = 50
	mostFileName = 200 // characters
)

// uploaded is the file in an upload, as it was before it was packed for the journey.
type uploaded struct {
	io.Reader
	name string // as the client calls it; empty: it does not say
}

// open finds the file in the upload: the body itself or the first file of a form, and
// either may be packed with gzip. At most limit bytes come and at most limit bytes come
// out; both are counted as they are read.
func (u *upload) open(limit int64) (uploaded, error) {
	var body io.Reader = &bounded{from: u, left: limit}
	switch strings.ToLower(strings.TrimSpace(u.packed)) {
	case "", "identity":
	case "gzip", "x-gzip":
		unpacked, err := ungzip(body, limit, true)
		if err != nil {
			return uploaded{}, err
		}
		body = unpacked
	default:
		return uploaded{}, problem(http.StatusUnsupportedMediaType, "this Content-Encoding is not read; send the file as it is, or packed with gzip")
	}
	file := uploaded{Reader: body}
	kind, params, _ := mime.ParseMediaType(u.kind)
	if strings.HasPrefix(kind, "multipart/") {
		part, err := fileOf(multipart.NewReader(body, params["boundary"]), params["boundary"])
		if err != nil {
			return uploaded{}, err
		}
		file = uploaded{Reader: part, name: part.FileName()}
	}
	unpacked, err := ungzip(file.Reader, limit, false)
	return uploaded{Reader: unpacked, name: shortName(file.name)}, err
}

// fileOf finds the first file of a form.
func fileOf(form *multipart.Reader, boundary string) (*multipart.Part, error) {
	if boundary == "" {
		return nil, fault.New(fault.Invalid, "the form's Content-Type has no boundary")
	}
	for range partsBefore {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, fault.New(fault.Invalid, "the form has no file")
		}
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" || part.FormName() == "file" {
			return part, nil
		}
	}
	return nil, fault.New(fault.Invalid, "the form has no file among its first %d fields", partsBefore)
}

func shortName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == '\u007f' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "\uFFFD"))
	if r := []rune(name); len(r) > mostFileName {
		name = string(r[:mostFileName])
	}
	return name
}

// unpackable explains why the file in an upload could not be read to its end.
func unpackable(u *upload, err error) error {
	if _, ok := errors.AsType[*fault.Fault](err); ok && u.broken == nil {
		return err
	}
	if known := unread(u, err, ""); !errors.Is(known, err) {
		return known
	}
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return fault.New(fault.Invalid, "the gzip is damaged")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fault.New(fault.Invalid, "the file ends in the middle: its gzip or its form is cut off")
	}
	if _, ok := errors.AsType[*Problem](err); ok {
		return err
	}
	return fault.New(fault.Invalid, "the form or the gzip of the upload cannot be read")
}
