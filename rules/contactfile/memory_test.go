package contactfile_test

import (
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/rules/contactfile"
)

// millions writes a file of a million different phones as it is read.
type millions struct {
	rows int
	rest []byte
}

func (m *millions) Read(p []byte) (int, error) {
	const fits = 799 // lines of an area code and an office: 200 to 998
	switch {
	case len(m.rest) > 0:
	case m.rows == 0:
		m.rest = []byte("phone\n")
		m.rows++
	case m.rows > 1_000_000:
		return 0, io.EOF
	default:
		m.rest = fmt.Appendf(m.rest[:0], "%d%03d%04d\n", [...]int{212, 213, 214}[m.rows%3], 200+m.rows/3%fits, m.rows/3/fits)
		m.rows++
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}

func TestAMillionPhonesTakeLessThanFortyMegabytes(t *testing.T) { //nolint:paralleltest // measures memory
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	file, err := contactfile.NewReader(&millions{}, contactfile.Options{})
	require.NoError(t, err)
	good := 0
	for row, err := file.Next(); err == nil; row, err = file.Next() {
		if len(row.Refusals) == 0 {
			good++
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(file)
	require.Equal(t, 1_000_000, good)
	held := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d bytes", held)
	require.Less(t, held, int64(40_000_000))
}
