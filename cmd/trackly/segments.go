package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"trackly/internal/fault"
	"trackly/rules/segment"
)

// maxSegmentsInput is far beyond any text; it stops a file piped in by mistake.
const maxSegmentsInput = 1 << 20

// segmentsReport is what the command prints, and its --json form.
type segmentsReport struct {
	Encoding  segment.Encoding `json:"encoding"`
	Units     int              `json:"units"`
	Segments  int              `json:"segments"`
	UnitsLeft int              `json:"units_left"`
	Forced    *segmentsForced  `json:"forced,omitempty"`
}

// segmentsForced is the character that moved the text to Unicode.
type segmentsForced struct {
	Character string `json:"character"`
	CodePoint string `json:"code_point"`
	Position  int    `json:"position"` // in characters from 1
	Hint      string `json:"hint"`
}

func segmentsCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "segments [text]",
		Short: "Count the segments a text is billed as",
		Long: "Counts the segments of a text, given as an argument or on standard input, and names the\n" +
			"character that forces Unicode. One line break at the end of standard input is not counted.",
		Example: "  trackly segments \"Save 20% today\"\n  trackly segments --json < text.txt",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := segmentsText(cmd.InOrStdin(), args)
			if err != nil {
				return err
			}
			report := segmentsOf(text)
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(report)
			}
			return report.print(cmd.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// segmentsText takes the argument, or standard input when there is none.
func segmentsText(in io.Reader, args []string) (string, error) {
	text := strings.Join(args, "")
	if len(args) == 0 {
		raw, err := io.ReadAll(io.LimitReader(in, maxSegmentsInput+1))
		if err != nil {
			return "", fault.Wrap(err, fault.Broken, "standard input could not be read")
		}
		text = strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r")
		if len(raw) > maxSegmentsInput {
			return "", fault.New(fault.Invalid, "standard input is larger than 1 MB, which no text is")
		}
	}
	if !utf8.ValidString(text) {
		return "", fault.New(fault.Invalid, "the text is not UTF-8")
	}
	return text, nil
}

func segmentsOf(text string) segmentsReport {
	c := segment.Of(text)
	r := segmentsReport{Encoding: c.Encoding, Units: c.Units, Segments: c.Segments, UnitsLeft: c.Left()}
	if c.Encoding == segment.UCS2 {
		r.Forced = &segmentsForced{
			Character: string(c.Forced), CodePoint: fmt.Sprintf("U+%04X", c.Forced),
			Position: c.ForcedAt + 1, Hint: segmentsHint(c.Forced),
		}
	}
	return r
}

// print writes one fact a line. Invisible characters are quoted, so that a terminal
// shows them instead of obeying them.
func (r segmentsReport) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprintf(w, "encoding\t%s\nunits\t%d\nsegments\t%d\nunits left\t%d\n", r.Encoding, r.Units, r.Segments, r.UnitsLeft)
	if f := r.Forced; f != nil {
		char, _ := utf8.DecodeRuneInString(f.Character)
		_, wrong := fmt.Fprintf(w, "forced by\t%s %s at character %d\nhint\t%s\n", strconv.QuoteRune(char), f.CodePoint, f.Position, f.Hint)
		err = errors.Join(err, wrong)
	}
	return errors.Join(err, w.Flush())
}

// segmentsHint names a stand-in inside GSM-7 for what word processors and phones put
// into texts unasked.
func segmentsHint(r rune) string {
	var stands string
	switch r {
	case '‘', '’', '‚', '‛', '`', '´', '′':
		stands = "'"
	case '“', '”', '„', '‟', '«', '»', '″':
		stands = `"`
	case '‐', '‑', '‒', '–', '—', '―', '−', '•':
		stands = "-"
	case '…':
		stands = "..."
	case 'ç':
		stands = "Ç or c"
	case '\t', '\u00a0', '\u2007', '\u2009', '\u202f', '\u3000':
		stands = "a space"
	case '\u200b', '\u200c', '\u2060', '\ufeff', '\u00ad':
		return "an invisible character: remove it to have 160 characters in a segment instead of 70"
	default:
		return "without it, and others like it, a segment holds 160 characters instead of 70"
	}
	return "use " + stands + " instead, to have 160 characters in a segment instead of 70"
}
