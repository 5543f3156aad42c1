package load

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
)

// line is one kept connection.
type line struct {
	conn net.Conn
	want int
	buf  []byte
}

var (
	endOfHeader   = []byte("\r\n\r\n")
	contentLength = []byte("\r\nContent-Length: ")
	errTooLong    = errors.New("the answer is longer than expected")
)

// drain sends requests until there are none left.
func (l *line) drain(requests [][]byte, next *atomic.Int64) error {
	for {
		i := next.Add(1) - 1
		if i >= int64(len(requests)) {
			return nil
		}
		if err := l.ask(requests[i]); err != nil {
			return err
		}
	}
}

// ask sends one request and reads its whole answer.
func (l *line) ask(request []byte) error {
	if _, err := l.conn.Write(request); err != nil {
		return err
	}
	have := 0
	for {
		n, err := l.conn.Read(l.buf[have:])
		if err != nil {
			return err
		}
		have += n
		whole, err := l.whole(l.buf[:have])
		if whole || err != nil {
			return err
		}
		if have == len(l.buf) {
			return errTooLong
		}
	}
}

// whole reports whether an answer has arrived to its end, and checks its status.
func (l *line) whole(b []byte) (bool, error) {
	end := bytes.Index(b, endOfHeader)
	if end < 0 {
		return false, nil
	}
	status, err := strconv.Atoi(string(b[len("HTTP/1.1 "):len("HTTP/1.1 200")]))
	if err != nil || status != l.want {
		return false, fmt.Errorf("answered %d, want %d", status, l.want)
	}
	body := 0
	if _, rest, ok := bytes.Cut(b[:end+2], contentLength); ok {
		digits, _, _ := bytes.Cut(rest, []byte("\r\n"))
		if body, err = strconv.Atoi(string(digits)); err != nil {
			return false, err
		}
	}
	return len(b) >= end+len(endOfHeader)+body, nil
}
