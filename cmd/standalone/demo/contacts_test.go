package demo_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/cmd/standalone/demo"
	"trackly/rules/contactfile"
)

func TestTheDemoHasTenThousandContactsSixtyOfThemBroken(t *testing.T) {
	t.Parallel()
	file, err := contactfile.NewReader(bytes.NewReader(demo.Contacts()), contactfile.Options{NewFields: true})
	require.NoError(t, err)
	rows, refused := 0, map[contactfile.Reason]int{}
	states, fields := map[string]int{}, map[string]int{}
	for row, err := file.Next(); !errors.Is(err, io.EOF); row, err = file.Next() {
		require.NoError(t, err)
		rows++
		for _, r := range row.Refusals {
			refused[r.Reason]++
		}
		if len(row.Refusals) > 0 {
			continue
		}
		require.Equal(t, "55501", row.Phone[5:10], "only numbers reserved for fiction")
		states[row.State]++
		for name := range row.Fields {
			fields[name]++
		}
	}
	require.Equal(t, 10_000, rows)
	require.Equal(t, map[contactfile.Reason]int{
		contactfile.BadPhone:        24, // no such area code, too few digits, letters
		contactfile.RaggedRow:       8,
		contactfile.DuplicateInFile: 7,
		contactfile.EmptyPhone:      7,
		contactfile.BadState:        7,
		contactfile.BadEncoding:     7,
	}, refused)
	require.Len(t, states, 51)
	require.Equal(t, 9940, fields["plan_interest"])
	require.Equal(t, 9940, fields["signup_source"])
	require.Less(t, fields["age"], 9940, "a missing field is part of the demo")
}

func TestTheDemoHasNamesBeyondASCII(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"José", "Zoë", "Núñez"} {
		require.Contains(t, string(demo.Contacts()), name)
	}
	require.True(t, strings.HasPrefix(string(demo.Contacts()), "phone,first_name,last_name,state,"))
}

func TestContactsBelongToTheCaller(t *testing.T) {
	t.Parallel()
	demo.Contacts()[0] = 'X'
	require.Equal(t, byte('p'), demo.Contacts()[0])
}
