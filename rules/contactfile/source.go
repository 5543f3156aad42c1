package contactfile

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"trackly/internal/fault"
)

// source is the text of a file as encoding/csv can read it: behind the mark and the hint,
// with line ends it knows.
type source struct {
	r         *bufio.Reader
	encoding  Encoding
	delimiter rune
	skipped   int    // lines before the header that are a hint
	head      []byte // what r gives first; whole lines, unless it is all of the file
}

// open finds out what r is. whole says that r ends where the file ends, or that r knows.
func open(r io.Reader, maxLine int, whole bool) (*source, error) {
	s := &source{r: bufio.NewReaderSize(&sticky{r: r}, max(maxLine, HeadBytes))}
	head, _, err := s.peek()
	if err != nil {
		return nil, err
	}
	if err := sniff(head[:min(len(head), peeked)]); err != nil {
		return nil, err
	}
	s.encoding = UTF8
	if mark := []byte("\xef\xbb\xbf"); bytes.HasPrefix(head, mark) {
		if err := s.discard(len(mark)); err != nil {
			return nil, err
		}
	}
	return s, s.settle(whole)
}

// settle finds the delimiter in text that is decoded.
func (s *source) settle(whole bool) error {
	head, ended, err := s.peek()
	if err != nil {
		return err
	}
	skip := 0
	if s.delimiter, skip = hinted(head); skip > 0 {
		s.skipped = 1
		if err := s.discard(skip); err != nil {
			return err
		}
		head = head[skip:]
	} else {
		s.delimiter = delimiterOf(head)
	}
	s.head = head
	if i := bytes.LastIndexByte(head, '\n'); i >= 0 && (!whole || !ended) {
		s.head = head[:i+1]
	}
	return nil
}

// peek gives the beginning of what is still to be read, and whether that is all.
func (s *source) peek() (head []byte, ended bool, err error) {
	head, err = s.r.Peek(s.r.Size())
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return nil, false, fault.Wrap(err, fault.Broken, "the upload broke off at its beginning")
	}
	return head, errors.Is(err, io.EOF), nil
}

func (s *source) discard(n int) error {
	if _, err := s.r.Discard(n); err != nil {
		return fault.Wrap(err, fault.Broken, "the upload broke off at its beginning")
	}
	return nil
}

// sticky gives an error again and again: bufio forgets the one it met while peeking.
type sticky struct {
	r   io.Reader
	err error
}

func (s *sticky) Read(p []byte) (n int, err error) {
	if s.err == nil {
		n, s.err = s.r.Read(p)
	}
	return n, s.err
}
