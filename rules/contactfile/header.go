package contactfile

import (
	"slices"
	"strings"

	"trackly/internal/fault"
	"trackly/rules/field"
	"trackly/rules/phone"
)

func has(columns []Column, m Meaning) bool {
	return slices.ContainsFunc(columns, func(c Column) bool { return c.Meaning == m })
}

// plausible refuses a file without a header line. Its cells are people's data, so the
// message names none of them.
func plausible(headers []string, region string) error {
	if len(headers) > maxColumns {
		return fault.New(fault.Invalid, "the file has %d columns; at most %d are read", len(headers), maxColumns)
	}
	for _, h := range headers {
		if _, err := phone.Parse(h, region); err == nil {
			return fault.New(fault.Invalid, "the first line holds a contact; it must hold the names of the columns")
		}
	}
	return nil
}

// checkColumns complains about what is missing or there twice. Guessing which of two phone
// columns is meant would text the wrong people.
func checkColumns(bad *fault.Problems, columns []Column, known field.Set) {
	if !has(columns, Phone) {
		bad.Add("columns", "no column for the phone number: name one \"phone\"; found %s", found(columns))
	}
	seen := make(map[string]string, len(columns))
	added := make(map[string]bool)
	for i, c := range columns {
		if c.Meaning == Ignored {
			continue
		}
		if _, defined := known[c.Field]; c.Meaning == Custom && !defined {
			added[c.Field] = true
		}
		key := string(c.Meaning) + " " + c.Field
		if other, twice := seen[key]; twice {
			bad.Add(at(i), "%q and %q mean the same (%s): rename or leave out one", shown(other), shown(c.Header), named(c))
		}
		seen[key] = c.Header
	}
	if len(added)+len(known) > field.Most && len(added) > 0 {
		bad.Add("columns", "%d columns would become new custom fields; the account has %d, and at most %d are kept", len(added), len(known), field.Most)
	}
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
