package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
)

// runSegments runs the command in this process.
func runSegments(t *testing.T, in io.Reader, args ...string) (string, error) {
	t.Helper()
	cmd, out := segmentsCommand(), &bytes.Buffer{}
	cmd.SetIn(in)
	cmd.SetOut(out)
	cmd.SetErr(io.Discard)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(t.Context())
	return out.String(), err
}

func TestSegmentsPrintsOneFactALine(t *testing.T) {
	t.Parallel()
	out, err := runSegments(t, strings.NewReader(""), "Save 20% {today}")
	require.NoError(t, err)
	require.Equal(t, "encoding    GSM-7\nunits       18\nsegments    1\nunits left  142\n", out)
}

func TestSegmentsNamesTheCharacterThatForcesUnicode(t *testing.T) {
	t.Parallel()
	out, err := runSegments(t, strings.NewReader(""), "It’s on 👍")
	require.NoError(t, err)
	require.Equal(t, "encoding    UCS-2\nunits       10\nsegments    1\nunits left  60\n"+
		"forced by   '’' U+2019 at character 3\nhint        use ' instead, to have 160 characters in a segment instead of 70\n", out)
}

func TestSegmentsShowsInvisibleCharactersQuoted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a\u200bb":  `'\u200b' U+200B at character 2`,
		"a\x1b[31m": `'\x1b' U+001B at character 2`,
		"a\tb":      `'\t' U+0009 at character 2`,
		"👍":         `'👍' U+1F44D at character 1`,
	} {
		out, err := runSegments(t, strings.NewReader(""), text)
		require.NoError(t, err)
		require.Contains(t, out, want)
		require.NotContains(t, out, "\x1b")
	}
}

func TestSegmentsReadsStandardInput(t *testing.T) {
	t.Parallel()
	for in, units := range map[string]int{"abc": 3, "abc\n": 3, "abc\r\n": 3, "abc\n\n": 4, "": 0, "\n": 0} {
		out, err := runSegments(t, strings.NewReader(in), "--json")
		require.NoError(t, err)
		var got segmentsReport
		require.NoError(t, json.Unmarshal([]byte(out), &got))
		require.Equal(t, units, got.Units, "%q", in)
	}
}

func TestSegmentsPrintsJSON(t *testing.T) {
	t.Parallel()
	out, err := runSegments(t, strings.NewReader(""), "--json", "façade")
	require.NoError(t, err)
	require.JSONEq(t, `{"encoding":"UCS-2","units":6,"segments":1,"units_left":64,"forced":{"character":"ç","code_point":"U+00E7",
		"position":3,"hint":"use Ç or c instead, to have 160 characters in a segment instead of 70"}}`, out)
	out, err = runSegments(t, strings.NewReader(""), "--json", "")
	require.NoError(t, err)
	require.JSONEq(t, `{"encoding":"GSM-7","units":0,"segments":1,"units_left":160}`, out)
}

func TestSegmentsTakesAMegabyteAndNotMore(t *testing.T) {
	t.Parallel()
	out, err := runSegments(t, strings.NewReader(strings.Repeat("a", 1<<20)))
	require.NoError(t, err)
	require.Contains(t, out, "1048576")
	_, err = runSegments(t, strings.NewReader(strings.Repeat("a", 1<<20+1)))
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.ErrorContains(t, err, "larger than 1 MB")
}

func TestSegmentsRefusesWhatItCannotCount(t *testing.T) {
	t.Parallel()
	_, err := runSegments(t, strings.NewReader("a\xff"))
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	_, err = runSegments(t, iotest.ErrReader(errors.New("pipe")))
	require.Equal(t, fault.Broken, fault.KindOf(err))
	_, err = runSegments(t, strings.NewReader(""), "two", "texts")
	require.Error(t, err)
}
