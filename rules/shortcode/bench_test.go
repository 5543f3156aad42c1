package shortcode_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

//nolint:paralleltest // AllocsPerRun counts the whole process
func TestACodeCostsItsStringAndNothingMore(t *testing.T) {
	c := codec(t, key)
	code, err := c.Encode(7, 1)
	require.NoError(t, err)
	// The race detector makes pools forget on purpose, hence "at most" with some room.
	require.LessOrEqual(t, testing.AllocsPerRun(1000, func() { _, _ = c.Encode(7, 1) }), 2.0)
	require.LessOrEqual(t, testing.AllocsPerRun(1000, func() { c.Decode(code) }), 1.0)
}

func BenchmarkEncode(b *testing.B) {
	c := codec(b, key)
	b.ReportAllocs()
	for id := int64(0); b.Loop(); id++ {
		_, _ = c.Encode(id, 1)
	}
}

func BenchmarkDecode(b *testing.B) {
	c := codec(b, key)
	b.ReportAllocs()
	for b.Loop() {
		c.Decode("aB3dE7g")
	}
}
