package api

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"

	"trackly/internal/fault"
)

const (
	gzipMagic = "\x1f\x8b\x08"
	// A file of contacts shrinks to a tenth, a repetitive one to a fiftieth; what shrinks
	// to less is made to fill a disk.
	mostRatio   = 200
	ratioBehind = 4 << 20 // unpacked bytes; shorter files may be as repetitive as they like
)

// ungzip unpacks what begins like gzip, whatever it is called, and gives anything else
// as it is, unless it must be gzip.
func ungzip(r io.Reader, limit int64, must bool) (io.Reader, error) {
	counted := &counter{from: r}
	buffered := bufio.NewReader(counted)
	head, err := buffered.Peek(len(gzipMagic))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if string(head) != gzipMagic {
		if must {
			return nil, fault.New(fault.Invalid, "Content-Encoding says gzip, but the body is not gzip")
		}
		return buffered, nil
	}
	z, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, err
	}
	return &bounded{from: &sane{from: z, packed: counted}, left: limit}, nil
}

type counter struct {
	from io.Reader
	n    int64
}

// Read implements io.Reader.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}

// sane stops unpacking a bomb long before it has reached the limit.
type sane struct {
	from   io.Reader
	packed *counter
	n      int64
}

// Read implements io.Reader.
func (s *sane) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if s.n += int64(n); s.n > ratioBehind && s.n/mostRatio > s.packed.n {
		return 0, fault.New(fault.Invalid, "the gzip holds more than %d times its size, which no file of contacts does", mostRatio)
	}
	return n, err
}
