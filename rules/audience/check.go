package audience

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"trackly/internal/fault"
)

// The limits of a filter. They keep the statement it becomes within what Postgres plans well.
const (
	MaxConditions = 20  // conditions in one filter
	MaxValues     = 100 // values in one condition
	MaxValueChars = 256 // characters in one value
)

// Check returns fault.Invalid with every problem of the filter and its path, such as
// "filter.all[2].values[0]", or nil. A filter which passes can be compiled to SQL.
func (f Filter) Check() error {
	var bad fault.Problems
	if n := len(f.All); n > MaxConditions {
		bad.Add("filter.all", "has %d conditions; at most %d are allowed", n, MaxConditions)
	}
	for i, c := range f.All[:min(len(f.All), MaxConditions)] {
		c.check(fmt.Sprintf("filter.all[%d]", i), &bad)
	}
	return bad.Err("the filter")
}

func (c Condition) check(where string, bad *fault.Problems) {
	if !fieldName.MatchString(c.Field) {
		bad.Add(where+".field", "must be state, first_name, last_name or a custom field's name: small letters, digits and _, at most 64")
	}
	switch c.Op {
	case Eq, Ne:
		if len(c.Values) != 1 {
			bad.Add(where+".values", "must be one value for %s, not %d", c.Op, len(c.Values))
		}
	case In, NotIn:
		if n := len(c.Values); n < 1 || n > MaxValues {
			bad.Add(where+".values", "must be 1 to %d values for %s, not %d", MaxValues, c.Op, n)
		}
	case Exists, NotExists:
		if len(c.Values) != 0 {
			bad.Add(where+".values", "must be absent for %s", c.Op)
		}
	default:
		bad.Add(where+".op", "must be one of %s", opNames())
	}
	for i, v := range c.Values[:min(len(c.Values), MaxValues)] {
		checkValue(fmt.Sprintf("%s.values[%d]", where, i), v, bad)
	}
}

// checkValue refuses, besides what is too long, what Postgres cannot hold in a text, and
// the empty value, which equals nothing.
func checkValue(where, v string, bad *fault.Problems) {
	switch {
	case v == "":
		bad.Add(where, "is empty; use exists or not_exists")
	case len(v) > MaxValueChars && utf8.RuneCountInString(v) > MaxValueChars:
		bad.Add(where, "is longer than %d characters", MaxValueChars)
	case !utf8.ValidString(v), strings.ContainsRune(v, 0):
		bad.Add(where, "is not text: it has invalid UTF-8 or a NUL")
	}
}

func opNames() string {
	var names []string
	for _, op := range Ops() {
		names = append(names, string(op))
	}
	return strings.Join(names, ", ")
}
