package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

func TestTheDiagramsInDocsAreTheTablesInTheCode(t *testing.T) {
	t.Parallel()
	for _, noun := range []string{"campaign", "message"} {
		var out strings.Builder
		require.NoError(t, run(&out, []string{noun}))
		kept, err := os.ReadFile("../" + noun + ".mmd")
		require.NoError(t, err)
		require.Equal(t, out.String(), string(kept), "run: make generate")
	}
}

func TestEveryMoveIsDrawn(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	require.NoError(t, run(&out, []string{"campaign"}))
	for from, nexts := range models.CampaignMoves {
		for _, next := range nexts {
			require.Contains(t, out.String(), "    "+string(from)+" --> "+string(next)+"\n")
		}
	}
	require.Contains(t, out.String(), "sent --> [*]")
}

func TestAnUnknownNounIsRefused(t *testing.T) {
	t.Parallel()
	require.Error(t, run(&strings.Builder{}, []string{"contact"}))
	require.Error(t, run(&strings.Builder{}, nil))
}
