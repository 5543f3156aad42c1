// Package field is about custom fields: their types, their names and what a value of a
// type may look like. It knows no contact and no account.
package field

import (
	"strings"
	"time"
	"unicode/utf8"

	"trackly/internal/fault"
)

// Type is what a custom field holds.
type Type string

// The types.
const (
	Text    Type = "text"
	Number  Type = "number"  // a decimal of at most 15 significant digits
	Boolean Type = "boolean" // true or false
	Date    Type = "date"    // a calendar day, 2006-01-02
)

// Types gives every type there is.
func Types() []Type { return []Type{Text, Number, Boolean, Date} }

// The limits of custom fields.
const (
	Most      = 64      // fields of one account
	MostBytes = 4 << 10 // names and values of one subscription
	mostText  = 1 << 10 // bytes of one text
)

// Set names the fields of an account and their types. Nobody writes a Set once it is
// shared.
type Set map[string]Type

// IsName reports whether s has the form of a custom field's name, [a-z][a-z0-9_]{0,63}.
// It may still be Reserved.
func IsName(s string) bool {
	if s == "" || len(s) > 64 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for _, b := range []byte(s) {
		if b != '_' && (b < 'a' || b > 'z') && (b < '0' || b > '9') {
			return false
		}
	}
	return true
}

// digits are what a float64 always keeps, so that numbers compare the same in this
// process and in Postgres, which keeps them all.
const digits = 15

// Parse reads s as a value of type t and gives its one canonical form: 007.50 is 7.5,
// YES is true. The empty string is no value of any type. The error is fault.Invalid and
// never repeats s.
func Parse(t Type, s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", fault.New(fault.Invalid, "is empty")
	}
	switch t {
	case Text:
		return parseText(s)
	case Number:
		return parseNumber(s)
	case Boolean:
		return parseBoolean(s)
	case Date:
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return "", fault.New(fault.Invalid, "is no date; write it as 2026-11-23")
		}
		return s, nil
	}
	return "", fault.New(fault.Invalid, "has no type")
}

func parseText(s string) (string, error) {
	switch {
	case len(s) > mostText:
		return "", fault.New(fault.Invalid, "is longer than %d bytes", mostText)
	case !utf8.ValidString(s), strings.ContainsRune(s, 0):
		return "", fault.New(fault.Invalid, "is not text: it has invalid UTF-8 or a NUL")
	}
	return s, nil
}

func parseNumber(s string) (string, error) {
	whole, part, pointed := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if whole == "" || !allDigits(whole) || !allDigits(part) || pointed && part == "" {
		return "", fault.New(fault.Invalid, "is no number; write it as 1234.5")
	}
	whole, part = strings.TrimLeft(whole, "0"), strings.TrimRight(part, "0")
	if len(whole)+len(part) > digits {
		return "", fault.New(fault.Invalid, "has more than %d digits", digits)
	}
	if whole == "" {
		whole = "0"
	}
	if part != "" {
		whole += "." + part
	}
	if s[0] == '-' && whole != "0" {
		whole = "-" + whole
	}
	return whole, nil
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func parseBoolean(s string) (string, error) {
	switch strings.ToLower(s) {
	case "true", "yes", "y", "1":
		return "true", nil
	case "false", "no", "n", "0":
		return "false", nil
	}
	return "", fault.New(fault.Invalid, "is neither true nor false")
}
