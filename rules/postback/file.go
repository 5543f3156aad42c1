package postback

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"trackly/internal/fault"
)

// headBytes is how much of a file may be its header.
const headBytes = 64 << 10

// File reads conversions from a CSV: a header with any of the names a postback has, and a
// conversion a line. It is not safe for concurrent use.
type File struct {
	rows   *csv.Reader
	header []string
	terms  Terms
}

// Row is one line of a file.
type Row struct {
	Line  int // where it begins, from 1
	Event Event
	Err   error // Invalid: why it cannot be read
}

// NewFile reads the header. The error is Invalid for what is no file of conversions.
func NewFile(r io.Reader, terms Terms) (*File, error) {
	buffered := bufio.NewReaderSize(r, headBytes)
	head, err := buffered.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if mark := "\uFEFF"; strings.HasPrefix(string(head), mark) {
		_, _ = buffered.Discard(len(mark)) // it was peeked at
	}
	line, _, _ := strings.Cut(string(head), "\n")
	f := &File{rows: csv.NewReader(buffered), terms: terms}
	f.rows.Comma, f.rows.FieldsPerRecord, f.rows.ReuseRecord = delimiterOf(line), -1, true
	header, err := f.rows.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, fault.New(fault.Invalid, "the file is empty")
	case isParse(err):
		return nil, fault.New(fault.Invalid, "the first line of the file is no header of a CSV")
	case err != nil:
		return nil, err
	}
	f.header = append([]string{}, header...)
	return f, f.check()
}

// check refuses a file that could only be refused row by row.
func (f *File) check() error {
	if len(f.header) > MostParams {
		return fault.New(fault.Invalid, "the file has more than %d columns", MostParams)
	}
	seen := map[string]bool{}
	for _, name := range f.header {
		if name = normal(name); Known(name) && seen[name] {
			return fault.New(fault.Invalid, "the file has two columns %s", name)
		}
		seen[normal(name)] = true
	}
	for name := range strings.FieldsSeq(transactionNames + " " + clickNames + " " + subNames + " " + messageNames) {
		if seen[name] {
			return nil
		}
	}
	return fault.New(fault.Invalid, "the file has no column transaction_id, click_id or message_id")
}

// Next gives the next line that is not empty, and io.EOF behind the last. An error is not
// of one line: the file cannot be read on.
func (f *File) Next() (Row, error) {
	cells, err := f.rows.Read()
	if isParse(err) {
		return Row{Line: lineOf(err), Err: fault.New(fault.Invalid, "has a quote where none belongs, or one that never ends")}, nil
	}
	if err != nil {
		return Row{}, err
	}
	row := Row{}
	row.Line, _ = f.rows.FieldPos(0)
	if len(cells) > len(f.header) {
		row.Err = fault.New(fault.Invalid, "has more cells than the header has columns")
		return row, nil
	}
	params := make(map[string][]string, len(cells))
	for i, cell := range cells {
		if name := f.header[i]; Known(name) {
			params[name] = append(params[name], cell)
		}
	}
	row.Event, row.Err = Read(params, f.terms)
	return row, nil
}

func isParse(err error) bool {
	_, ok := errors.AsType[*csv.ParseError](err)
	return ok
}

func lineOf(err error) int {
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		return p.StartLine
	}
	return 0
}

// delimiterOf takes what cuts the header into the most cells.
func delimiterOf(header string) rune {
	best := ','
	for _, d := range ";\t|" {
		if strings.Count(header, string(d)) > strings.Count(header, string(best)) {
			best = d
		}
	}
	return best
}
