// Command generate prints the state diagram of a noun as Mermaid, from the table of
// moves that the code obeys: "campaign", "import" or "message". It writes no files and draws
// nothing that is not in the table.
package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"trackly/internal/fault"
	"trackly/models"
)

func main() {
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "generate:", err) // there is nobody else to tell
		os.Exit(1)
	}
}

func run(out io.Writer, args []string) error {
	switch strings.Join(args, " ") {
	case "campaign":
		return draw(out, "models.CampaignMoves", models.CampaignDraft, models.CampaignMoves)
	case "import":
		return draw(out, "models.ImportMoves", models.ImportUploading, models.ImportMoves)
	case "message":
		return draw(out, "models.MessageMoves", models.MessageQueued, models.MessageMoves)
	}
	return fault.New(fault.Invalid, "wants one word: campaign, import or message")
}

// draw writes the table from its first state on. States come in alphabetical order, so
// that the same table gives the same file.
func draw[S ~string](out io.Writer, table string, first S, moves map[S][]S) error {
	lines := []string{"%% made from " + table + " by: go run ./docs/generate", "stateDiagram-v2", "    [*] --> " + string(first)}
	for _, from := range slices.Sorted(maps.Keys(moves)) {
		for _, next := range slices.Sorted(slices.Values(moves[from])) {
			lines = append(lines, "    "+string(from)+" --> "+string(next))
		}
		if len(moves[from]) == 0 {
			lines = append(lines, "    "+string(from)+" --> [*]")
		}
	}
	_, err := io.WriteString(out, strings.Join(lines, "\n")+"\n")
	return err
}
