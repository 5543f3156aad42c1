package contactfile

import (
	"slices"
	"strings"

	"trackly/internal/fault"
)

func has(columns []Column, m Meaning) bool {
	return slices.ContainsFunc(columns, func(c Column) bool { return c.Meaning == m })
}

// checkColumns complains about what is missing or there twice. Guessing which of two phone
// columns is meant would text the wrong people.
func checkColumns(columns []Column) error {
	var bad fault.Problems
	if !has(columns, Phone) {
		bad.Add("header", "no column for the phone number: name one \"phone\"; found %s", found(columns))
	}
	seen := make(map[Column]string, len(columns))
	custom := 0
	for _, c := range columns {
		if c.Meaning == Ignored {
			continue
		}
		if c.Meaning == Custom {
			custom++
		}
		key := Column{Meaning: c.Meaning, Field: c.Field}
		if other, twice := seen[key]; twice {
			bad.Add("header", "%q and %q mean the same (%s): rename or remove one", shown(other), shown(c.Header), named(c))
		}
		seen[key] = c.Header
	}
	if custom > maxFields {
		bad.Add("header", "%d columns would become custom fields; at most %d are kept", custom, maxFields)
	}
	return bad.Err("the file")
}

func named(c Column) string {
	if c.Meaning == Custom {
		return c.Field
	}
	return string(c.Meaning)
}

func shown(header string) string { return cut(header, maxHeaderText) }

func found(columns []Column) string {
	var names []string
	for _, c := range columns[:min(len(columns), maxListed)] {
		names = append(names, `"`+shown(c.Header)+`"`)
	}
	if len(columns) > maxListed {
		names = append(names, "...")
	}
	return strings.Join(names, ", ")
}

// cut shortens to n characters and makes the rest fit to show.
func cut(s string, n int) string {
	if len(s) > 4*n {
		s = s[:4*n] // four bytes are the longest character
	}
	r := []rune(strings.ToValidUTF8(s, "\uFFFD"))
	return string(r[:min(len(r), n)])
}
