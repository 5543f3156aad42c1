package contactfile

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"

	"trackly/internal/fault"
)

// Reader reads one file, once. It is for one goroutine.
type Reader struct {
	csv       *csv.Reader
	guard     *guard
	columns   []Column
	phoneAt   int
	stateAt   int // -1 without one
	region    string
	letters   letters
	ended     int // line where the last record ended
	skipped   int // lines before the ones csv counts
	fields    int // columns that are custom fields
	dates     dates
	ways      []int             // of a column of dates: how the last one was written
	firstSeen map[uint64]uint32 // digits of an accepted phone -> its line
	err       error
}

// NewReader looks at the beginning of r and reads the header line. It returns fault.Invalid,
// in words for the uploader, for a file which is no CSV of contacts or which o.Columns do
// not fit, and fault.Broken when r itself fails. It does not close r.
func NewReader(r io.Reader, o Options) (*Reader, error) {
	o = o.filled()
	s, err := open(r, o.MaxLine, true)
	if err != nil {
		return nil, err
	}
	var found []Column
	if o.Columns == nil {
		if found, err = s.propose(o); err != nil {
			return nil, err
		}
	}
	g := newGuard(s.r, 1+s.skipped, o.MaxLine)
	read := &Reader{
		csv: csvReader(g, s.delimiter), guard: g, region: o.Region, letters: s.letters, skipped: s.skipped, dates: datesOf(o.Region),
		firstSeen: make(map[uint64]uint32),
	}
	if err := read.readHeader(o, found); err != nil {
		return nil, err
	}
	return read, nil
}

func csvReader(r io.Reader, delimiter rune) *csv.Reader {
	c := csv.NewReader(r)
	c.Comma = delimiter
	c.FieldsPerRecord = -1
	c.ReuseRecord = true
	// With tabs, the space to trim would be the delimiter, and empty cells would vanish.
	c.TrimLeadingSpace = delimiter != '\t'
	return c
}

func (r *Reader) readHeader(o Options, found []Column) error {
	headers, err := headersOf(r.csv, r.region, &r.letters)
	if err != nil {
		return err
	}
	last, _ := r.csv.FieldPos(len(headers) - 1)
	r.ended = last + r.skipped
	if found == nil {
		found = make([]Column, len(headers))
		for i, h := range headers {
			found[i].Header = h
		}
	}
	if r.columns, err = o.settle(found); err != nil {
		return err
	}
	for _, c := range r.columns {
		if c.Meaning == Custom {
			r.fields++
		}
	}
	r.ways = make([]int, len(r.columns))
	r.phoneAt, r.stateAt = indexOf(r.columns, Phone), indexOf(r.columns, State)
	return nil
}

func indexOf(columns []Column, m Meaning) int {
	return slices.IndexFunc(columns, func(c Column) bool { return c.Meaning == m })
}

// Columns gives the columns in the order of the file. The slice belongs to the Reader.
func (r *Reader) Columns() []Column { return r.columns }

// Encoding is that of the file, as far as it is read: a file is taken for UTF-8 until a
// cell says otherwise.
func (r *Reader) Encoding() Encoding { return r.letters.encoding }

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
			"the quotation mark opened in the row of line %d is never closed: the rest of the file cannot be read, or is missing", first)
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
