package contactfile

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"trackly/internal/fault"
)

// source is the text of a file as encoding/csv can read it: behind the mark and the hint,
// no UTF-16 any more, with line ends it knows.
type source struct {
	r         *bufio.Reader
	letters   letters
	delimiter rune
	skipped   int    // lines before the header that are a hint
	head      []byte // what r gives first; whole lines, unless it is all of the file
}

// open finds out what r is. whole says that the file ends where r ends.
func open(r io.Reader, maxLine int, whole bool) (*source, error) {
	size := max(maxLine, HeadBytes)
	s := &source{r: bufio.NewReaderSize(&sticky{r: r}, size)}
	head, _, err := s.peek()
	if err != nil {
		return nil, err
	}
	if err := sniff(head); err != nil {
		return nil, err
	}
	l, mark := lettersOf(head)
	s.letters = l
	if err := s.discard(mark); err != nil {
		return nil, err
	}
	if err := s.straighten(size); err != nil {
		return nil, err
	}
	return s, s.settle(whole)
}

// straighten puts readers before r that make UTF-8 and line ends of what r gives.
func (s *source) straighten(size int) error {
	order := map[Encoding]unicode.Endianness{UTF16LE: unicode.LittleEndian, UTF16BE: unicode.BigEndian}
	if order, is := order[s.letters.encoding]; is {
		narrow := transform.NewReader(s.r, unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder())
		s.r = bufio.NewReaderSize(&sticky{r: narrow}, size)
	} else if err := s.refuseBinary(); err != nil {
		return err
	}
	head, _, err := s.peek()
	if err != nil {
		return err
	}
	if bytes.IndexByte(head, '\r') >= 0 && bytes.IndexByte(head, '\n') < 0 {
		s.r = bufio.NewReaderSize(&oldLines{r: s.r}, size)
	}
	return nil
}

func (s *source) refuseBinary() error {
	head, _, err := s.peek()
	if err != nil {
		return err
	}
	return binary(head[:min(len(head), peeked)])
}

// settle finds the delimiter in text that is decoded.
func (s *source) settle(whole bool) error {
	head, ended, err := s.peek()
	if err != nil {
		return err
	}
	if says := textual(head); says != "" {
		return notCSV(says)
	}
	delimiter, skip := hinted(head)
	if skip > 0 {
		s.skipped = 1
		if err := s.discard(skip); err != nil {
			return err
		}
		if head, ended, err = s.peek(); err != nil {
			return err
		}
	} else {
		delimiter = delimiterOf(head)
	}
	s.delimiter = delimiter
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

// Read implements io.Reader.
func (s *sticky) Read(p []byte) (n int, err error) {
	if s.err == nil {
		n, s.err = s.r.Read(p)
	}
	return n, s.err
}

// oldLines turns the line ends of the old Macintosh, a CR alone, into those of today. A
// file of them may have others behind its beginning.
type oldLines struct {
	r  io.Reader
	cr bool // the last byte was a CR: an LF behind it ends the same line
}

// Read implements io.Reader.
func (o *oldLines) Read(p []byte) (int, error) {
	for {
		n, err := o.r.Read(p)
		if n = o.turn(p[:n]); n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
	}
}

func (o *oldLines) turn(p []byte) int {
	n := 0
	for _, b := range p {
		if b == '\n' && o.cr {
			o.cr = false
			continue
		}
		if o.cr = b == '\r'; o.cr {
			b = '\n'
		}
		p[n] = b
		n++
	}
	return n
}
