package main

import (
	"bytes"
	"strings"

	"trackly/cmd/standalone/demo/people"
)

// capped are the states where nobody may be texted more than three times in a day: the
// same people are in every round here.
func capped(state string) bool { return state == "FL" || state == "MD" || state == "OK" }

// contactFile is a made-up contact file of n rows, a few of them broken.
func contactFile(n int) ([]byte, error) {
	var all, kept bytes.Buffer
	if err := people.Write(&all, n+n/4+20); err != nil {
		return nil, err
	}
	rows := -1 // the header
	for line := range strings.Lines(all.String()) {
		cells := strings.Split(line, ",")
		if rows == n {
			break
		}
		if len(cells) > 3 && !capped(cells[3]) {
			kept.WriteString(line)
			rows++
		}
	}
	return kept.Bytes(), nil
}
