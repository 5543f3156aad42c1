package contactfile

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"trackly/internal/fault"
)

// Reader reads one file, once. It is for one goroutine.
type Reader struct {
	csv       *csv.Reader
	guard     *guard
	columns   []Column
	at        map[Meaning]int // where the columns that are not custom are
	region    string
	ended     int               // line where the last record ended
	skipped   int               // lines before the ones csv counts
	firstSeen map[uint64]uint32 // digits of an accepted phone -> its line
	err       error
}

// NewReader looks at the beginning of r and reads the header line. It returns fault.Invalid,
// in words for the uploader, for a file which is no CSV of contacts, and fault.Broken
// when r itself fails. It does not close r.
func NewReader(r io.Reader, o Options) (*Reader, error) {
	o = o.filled()
	buffered := bufio.NewReaderSize(r, max(o.MaxLine, peeked))
	head, err := opening(buffered)
	if err != nil {
		return nil, err
	}
	read := &Reader{region: o.Region, firstSeen: make(map[uint64]uint32)}
	delimiter, skip := hinted(head)
	if skip > 0 {
		read.skipped = 1
		if _, err := buffered.Discard(skip); err != nil {
			return nil, fault.Wrap(err, fault.Broken, "the upload broke off")
		}
	} else {
		delimiter = delimiterOf(head)
	}
	read.guard = newGuard(buffered, 1+read.skipped, o.MaxLine)
	read.csv = csvReader(read.guard, delimiter)
	if err := read.readHeader(); err != nil {
		return nil, err
	}
	return read, nil
}

// opening gives the beginning of the file without its UTF-8 mark, or says what it is
// instead of a CSV.
func opening(r *bufio.Reader) ([]byte, error) {
	head, err := r.Peek(r.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fault.Wrap(err, fault.Broken, "the upload broke off at its beginning")
	}
	if err := sniff(head[:min(len(head), peeked)]); err != nil {
		return nil, err
	}
	if mark := []byte("\xef\xbb\xbf"); bytes.HasPrefix(head, mark) {
		head = head[len(mark):]
		if _, err := r.Discard(len(mark)); err != nil {
			return nil, fault.Wrap(err, fault.Broken, "the upload broke off at its beginning")
		}
	}
	if bytes.IndexByte(head, '\r') >= 0 && bytes.IndexByte(head, '\n') < 0 && !endsInCR(head) {
		return nil, fault.New(fault.Invalid, "the file has line ends of the old Macintosh (CR only); save it as CSV UTF-8")
	}
	return head, nil
}

// endsInCR forgives one CR at the very end: that is a header without rows.
func endsInCR(head []byte) bool { return bytes.IndexByte(head, '\r') == len(head)-1 }

func csvReader(r io.Reader, delimiter rune) *csv.Reader {
	c := csv.NewReader(r)
	c.Comma = delimiter
	c.FieldsPerRecord = -1
	c.ReuseRecord = true
	// With tabs, the space to trim would be the delimiter, and empty cells would vanish.
	c.TrimLeadingSpace = delimiter != '\t'
	return c
}

func (r *Reader) readHeader() error {
	headers, err := r.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		return fault.New(fault.Invalid, "the file is empty")
	case errors.Is(err, csv.ErrQuote), errors.Is(err, csv.ErrBareQuote):
		return fault.New(fault.Invalid, "the header line has a quotation mark in the wrong place")
	case err != nil:
		return err
	}
	last, _ := r.csv.FieldPos(len(headers) - 1)
	r.ended = last + r.skipped
	r.columns, err = columnsOf(headers, r.region)
	r.at = make(map[Meaning]int, len(r.columns))
	for i, c := range r.columns {
		r.at[c.Meaning] = i
	}
	return err
}

// Columns gives the columns in the order of the file. The slice belongs to the Reader.
func (r *Reader) Columns() []Column { return r.columns }

// Next gives the next row. At the end of the file the error is io.EOF. A row which cannot
// be used is not an error: see Row.Refusals. Any other error ends the file, and every
// further call returns it again: fault.Invalid when the file is to blame, fault.Broken
// when reading it failed. Lines without any value are passed over.
func (r *Reader) Next() (Row, error) {
	for r.err == nil {
		var row Row
		var ok bool
		if row, ok, r.err = r.read(); ok {
			return row, nil
		}
	}
	return Row{}, r.err
}

// read reads one record; ok is false for one which holds nothing.
func (r *Reader) read() (row Row, ok bool, err error) {
	r.guard.nextRecord(r.ended + 1)
	cells, err := r.csv.Read()
	if misquoted, is := errors.AsType[*csv.ParseError](err); is {
		return r.misquoted(misquoted)
	}
	if err != nil {
		return Row{}, false, err
	}
	line, _ := r.csv.FieldPos(0)
	last, _ := r.csv.FieldPos(len(cells) - 1)
	r.ended = last + r.skipped
	if blank(cells) {
		return Row{}, false, nil
	}
	return r.row(line+r.skipped, cells), true, nil
}

// misquoted makes a refusal of a record whose quotation marks csv cannot follow, and a
// file error of one that reaches the end of the file: it swallowed the rows behind it.
func (r *Reader) misquoted(p *csv.ParseError) (Row, bool, error) {
	first, last := p.StartLine+r.skipped, p.Line+r.skipped
	if last > first && r.guard.err != nil && r.csv.InputOffset() == r.guard.passed {
		return Row{}, false, fault.New(fault.Invalid,
			"the quotation mark opened in the row of line %d is never closed: the rest of the file cannot be read", first)
	}
	r.ended = last
	return Row{Line: first, Refusals: []Refusal{{
		Line: first, Reason: BadQuotes,
		Message: quoteSentence(first, last),
	}}}, true, nil
}

func quoteSentence(first, last int) string {
	if last > first {
		return fmt.Sprintf("A quotation mark opened here is closed wrongly in line %d; no line up to there was read.", last)
	}
	return "A quotation mark is in the wrong place; inside a quoted cell it must be doubled."
}
