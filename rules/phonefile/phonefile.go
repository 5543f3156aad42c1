// Package phonefile reads a list of phone numbers: one a line, or a CSV with a column
// named "phone". Unlike rules/contactfile it refuses no row for what else stands in it:
// whoever is on a list of people not to be texted is on it, however badly the rest of
// their row is written.
package phonefile

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"

	"trackly/internal/fault"
	"trackly/rules/phone"
)

const (
	// MaxLines bounds one file.
	MaxLines = 1_000_000
	maxLine  = 16 << 10
	maxShown = 40 // bytes of a refused value
)

// Row is one line: a phone, or why not.
type Row struct {
	Line    int // from 1
	Phone   phone.Number
	Value   string // what stood there, when it is refused
	Message string // why it is refused, in a sentence; empty for a phone
}

// Reader reads one file, once. It is for one goroutine. It holds one line at a time.
type Reader struct {
	r         *bufio.Reader
	region    string
	line      int
	delimiter rune
	column    int
	begun     bool
}

// NewReader reads numbers without a + as somebody in region dials them. It does not
// close r.
func NewReader(r io.Reader, region string) *Reader {
	return &Reader{r: bufio.NewReaderSize(r, maxLine), region: region, delimiter: ','}
}

// Next gives the next row, and io.EOF after the last one. A line without a phone is no
// error: see Row.Message. Empty lines are passed over. Any other error ends the file: it
// is fault.Invalid when the file is to blame, and otherwise that of the reader below.
func (r *Reader) Next() (Row, error) {
	for {
		line, err := r.read()
		if err != nil {
			return Row{}, err
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		if !r.begun {
			r.begun = true
			header, err := r.begin(line)
			if err != nil {
				return Row{}, err
			}
			if header {
				continue
			}
		}
		return r.row(line), nil
	}
}

// read gives the next line without its end.
func (r *Reader) read() (string, error) {
	line, err := r.r.ReadSlice('\n')
	r.line++
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return "", fault.New(fault.Invalid, "line %d is longer than %d bytes", r.line, maxLine)
	case errors.Is(err, io.EOF) && len(line) > 0:
	case err != nil:
		return "", err
	}
	if r.line > MaxLines+1 { // one may be a header
		return "", fault.New(fault.Invalid, "the file has more than %d lines", MaxLines)
	}
	if bytes.IndexByte(line, 0) >= 0 {
		return "", fault.New(fault.Invalid, "line %d has a NUL byte: save the file as CSV UTF-8", r.line)
	}
	if r.line == 1 {
		line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
	}
	return strings.TrimRight(string(line), "\r\n"), nil
}

// begin finds out whether the first line is a header, and what separates its cells.
func (r *Reader) begin(line string) (header bool, err error) {
	for _, d := range []rune{';', '\t'} {
		if strings.ContainsRune(line, d) {
			r.delimiter = d
			break
		}
	}
	cells, ok := r.cells(line)
	if !ok {
		return false, nil
	}
	for i, c := range cells {
		if slices.Contains(headers(), normal(c)) {
			r.column = i
			return true, nil
		}
	}
	if len(cells) > 1 && strings.ContainsFunc(line, unicode.IsLetter) {
		return false, fault.New(fault.Invalid, `the first line names no column "phone"`)
	}
	return false, nil
}

func headers() []string {
	return []string{"phone", "phone_number", "phonenumber", "msisdn", "mobile", "mobile_number", "cell", "cell_phone", "telephone", "number"}
}

func normal(header string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(header)))
}

// cells splits a line. A quoted cell may not run over several lines.
func (r *Reader) cells(line string) ([]string, bool) {
	if !strings.ContainsRune(line, '"') {
		return strings.Split(line, string(r.delimiter)), true
	}
	c := csv.NewReader(strings.NewReader(line))
	c.Comma, c.FieldsPerRecord = r.delimiter, -1
	cells, err := c.Read()
	return cells, err == nil
}

func (r *Reader) row(line string) Row {
	row := Row{Line: r.line}
	cells, ok := r.cells(line)
	switch {
	case !ok:
		return row.refuse(line, "A quotation mark is in the wrong place.")
	case r.column >= len(cells):
		return row.refuse(line, "The line has no cell in the phone's column.")
	}
	return Read(r.line, cells[r.column], r.region)
}

// Read reads one phone as the Reader does.
func Read(line int, value, region string) Row {
	row := Row{Line: line}
	n, err := phone.Parse(value, region)
	if err != nil {
		return row.refuse(value, strings.ToUpper(err.Error()[:1])+err.Error()[1:]+".")
	}
	row.Phone = n
	return row
}

func (r Row) refuse(value, message string) Row {
	r.Value, r.Message = strings.ToValidUTF8(value[:min(len(value), maxShown)], ""), message
	return r
}
