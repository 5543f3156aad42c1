package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
)

func TestNobodyLivesWhereTheLawCountsTexts(t *testing.T) {
	t.Parallel()
	file, err := contactFile(3000)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(file)), "\n")
	require.Len(t, lines, 3001, "a header and the rows asked for")
	require.True(t, strings.HasPrefix(lines[0], "phone,"))
	for _, line := range lines {
		require.NotRegexp(t, ",(FL|MD|OK),", line)
	}
}

func TestWhatPeopleSaidIsSortedByItsNumberAndItsDoubt(t *testing.T) {
	t.Parallel()
	stops, doubts := heard([]sandbox.Heard{
		{Number: number, Body: optOutWords()[1]}, {Number: number, Body: doubtWords()[0]}, {Number: "+14155550198", Body: "STOP"},
	}, number)
	require.Len(t, stops, 1)
	require.Len(t, doubts, 1)
}
