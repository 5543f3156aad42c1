package contactfile

import (
	"bytes"
	"errors"
	"io"

	"trackly/internal/fault"
)

// guard stands below encoding/csv, which keeps a line, and a quoted cell over many lines,
// in memory whole, however long. It passes nothing on behind the first line or record
// which is too long, and every error it gave it gives again.
type guard struct {
	r      io.Reader
	line   int   // the line the next byte belongs to, from 1
	length int   // bytes of that line so far
	record int   // bytes since the record began, give or take what csv reads ahead
	began  int   // line where the record began, or the empty lines before it
	passed int64 // bytes passed on in all

	maxLine, maxRecord int
	err                error
}

func newGuard(r io.Reader, firstLine, maxLine int) *guard {
	return &guard{r: r, line: firstLine, began: firstLine, maxLine: maxLine, maxRecord: recordLines*maxLine + csvBuffer}
}

// nextRecord tells the guard that csv begins a record at the given line.
func (g *guard) nextRecord(line int) { g.record, g.began = 0, line }

// endedInLine reports whether the file has ended without a line end.
func (g *guard) endedInLine() bool { return errors.Is(g.err, io.EOF) && g.length > 0 }

// Read passes on what may be read, and the error behind it with the call that follows.
func (g *guard) Read(p []byte) (int, error) {
	if g.err != nil {
		return 0, g.err
	}
	n, err := g.r.Read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // io.Reader promises io.EOF itself
		err = fault.Wrap(err, fault.Broken, "the upload broke off in line %d", g.line)
	}
	g.err = err
	n = g.allowed(p[:n])
	g.passed += int64(n)
	return n, g.reading(n)
}

// reading keeps an error back while bytes go before it.
func (g *guard) reading(n int) error {
	if n > 0 {
		return nil
	}
	return g.err
}

// allowed counts p and gives how much of it may pass; the rest has set the error.
func (g *guard) allowed(p []byte) int {
	whole := 0 // the end of the last line that was in order
	for rest := p; len(rest) > 0; {
		n, ended := lineEnd(rest)
		if err := g.check(rest[:n]); err != nil {
			g.err = err
			return whole
		}
		whole, rest = whole+n, rest[n:]
		if ended {
			g.line, g.length = g.line+1, 0
		}
	}
	return whole
}

func lineEnd(p []byte) (n int, ended bool) {
	if i := bytes.IndexByte(p, '\n'); i >= 0 {
		return i + 1, true
	}
	return len(p), false
}

func (g *guard) check(piece []byte) error {
	g.length += len(piece)
	g.record += len(piece)
	switch {
	case bytes.IndexByte(piece, 0) >= 0:
		return fault.New(fault.Invalid, "line %d has a NUL byte: the file is binary data or damaged", g.line)
	case g.length > g.maxLine:
		return fault.New(fault.Invalid, "line %d is longer than %d bytes", g.line, g.maxLine)
	case g.record > g.maxRecord:
		return fault.New(fault.Invalid, "the row from line %d on is longer than %d bytes: a quotation mark in it is probably never closed", g.began, g.maxRecord)
	}
	return nil
}
