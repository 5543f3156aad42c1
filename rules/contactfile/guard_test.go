package contactfile_test

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/rules/contactfile"
)

const gigabyte = 1 << 30

// endless makes a file on the fly and counts how much of it was asked for.
type endless struct {
	pattern string
	left    int
	given   int
}

func (e *endless) Read(p []byte) (int, error) {
	n := min(len(p), e.left)
	if n == 0 {
		return 0, io.EOF
	}
	for i := range n {
		p[i] = e.pattern[(e.given+i)%len(e.pattern)]
	}
	e.given, e.left = e.given+n, e.left-n
	return n, nil
}

// Not parallel with others: it measures what this goroutine and only it allocates.
func TestAGigabyteInOneLineIsRefusedWithoutReadingIt(t *testing.T) { //nolint:paralleltest // measures memory
	for name, tc := range map[string]struct{ head, pattern, says string }{ //nolint:paralleltest // measures memory
		"as the header":     {"", "x", "line 1 is longer than 65536 bytes"},
		"as a row":          {"phone,note\n2125550123,", "x", "line 2 is longer than 65536 bytes"},
		"in quotes":         {"phone,note\n2125550123,\"", "x", "line 2 is longer than 65536 bytes"},
		"as many cells":     {"phone,note\n", ",", "line 2 is longer than 65536 bytes"},
		"as an open quote":  {"phone,note\n2125550123,\"", "2125550123,x\n", "a quotation mark in it is probably never closed"},
		"as empty lines":    {"phone\n", "\n", "from line 2 on is longer"},
		"as spaces":         {"", " ", "line 1 is longer than 65536 bytes"},
		"with a NUL inside": {"phone,note\n", strings.Repeat("2125550123,x\n", 500) + "\x00", "NUL byte"},
	} {
		t.Run(name, func(t *testing.T) {
			source := &endless{pattern: tc.pattern, left: gigabyte}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := drain(io.MultiReader(strings.NewReader(tc.head), source))
			runtime.ReadMemStats(&after)
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			require.ErrorContains(t, err, tc.says)
			require.Less(t, source.given, 1<<20, "it must stop reading at the limit")
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(16<<20))
		})
	}
}

// drain keeps no rows.
func drain(r io.Reader) (rows int, err error) {
	file, err := contactfile.NewReader(r, contactfile.Options{NewFields: true})
	if err != nil {
		return 0, err
	}
	for {
		if _, err = file.Next(); err != nil {
			break
		}
		rows++
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return rows, err
}

func TestLinesAndRecordsUpToTheLimitPass(t *testing.T) {
	t.Parallel()
	o := contactfile.Options{NewFields: true, MaxLine: 100}
	head := "phone,a\n"
	exact := "2125550123," + strings.Repeat("x", 88) + "\n"
	require.Len(t, exact, 100)
	rows, err := read(strings.NewReader(head+exact+exact), o)
	require.NoError(t, err)
	require.Len(t, rows, 2)

	rows, err = read(strings.NewReader(head+exact+"x"+exact), o)
	require.ErrorContains(t, err, "line 3 is longer than 100 bytes")
	require.Len(t, rows, 1, "rows before the long line are read")
}

func TestAFileErrorStays(t *testing.T) {
	t.Parallel()
	file, err := contactfile.NewReader(strings.NewReader("phone\n2125550123\n212\x00\n"+strings.Repeat("2125550124\n", 9)), contactfile.Options{NewFields: true, MaxLine: 20})
	require.ErrorContains(t, err, "NUL", "close to the beginning the sniffer sees it")
	require.Nil(t, file)

	file, err = contactfile.NewReader(strings.NewReader("phone\n"+strings.Repeat("2125550123\n", 9)+strings.Repeat("x", 30)+"\n2125550124\n"), contactfile.Options{NewFields: true, MaxLine: 20})
	require.NoError(t, err)
	for range 9 {
		_, err = file.Next()
		require.NoError(t, err)
	}
	for range 3 {
		_, err = file.Next()
		require.ErrorContains(t, err, "line 11 is longer than 20 bytes")
	}
}
