package people

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/rules/contactfile"
	"trackly/rules/phone"
)

func TestTheFileInTheRepositoryIsWhatTheGeneratorWrites(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("../contacts.csv")
	require.NoError(t, err)
	var got bytes.Buffer
	require.NoError(t, Write(&got, 10_000))
	require.True(t, bytes.Equal(want, got.Bytes()), "run go generate ./cmd/standalone/demo")
}

func TestALargeFileHasOnlyTheFaultsItIsMeantToHave(t *testing.T) {
	t.Parallel()
	const rows = 60_000 // beyond the numbers reserved for fiction
	var text bytes.Buffer
	require.NoError(t, Write(&text, rows))
	require.Equal(t, rows+1, strings.Count(text.String(), "\n"))

	file, err := contactfile.NewReader(&text, contactfile.Options{NewFields: true})
	require.NoError(t, err)
	read, refused := 0, 0
	for row, err := file.Next(); !errors.Is(err, io.EOF); row, err = file.Next() {
		require.NoError(t, err)
		read++
		refused += len(row.Refusals)
	}
	require.Equal(t, rows, read)
	require.Equal(t, rows/block, refused)
}

func TestEveryNumberCanExistAndComesOnce(t *testing.T) {
	t.Parallel()
	p, err := newPool(0)
	require.NoError(t, err)
	require.Greater(t, len(p.areas), 320)
	seen := map[number]bool{}
	for i := range p.size {
		n := p.take(i)
		require.False(t, seen[n])
		seen[n] = true
		require.True(t, n.line >= fictionFirst && n.line <= fictionLast, "small files are fiction only")
	}
	for _, a := range p.areas {
		got, err := phone.Parse(a.area+"5550100", "US")
		require.NoError(t, err, a.area)
		require.Equal(t, "US", got.Region)
	}
}

func TestMoreRowsThanNumbersAreRefused(t *testing.T) {
	t.Parallel()
	p, err := newPool(1_000_000)
	require.NoError(t, err)
	most := len(p.areas) * len(p.lines)
	require.Greater(t, most, 3_000_000)
	_, err = newPool(most + 1)
	require.ErrorContains(t, err, "rows must be")
	require.ErrorContains(t, Write(io.Discard, -1), "rows must be")
}
