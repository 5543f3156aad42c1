// Package audience says who is meant: a filter over what is known of a person on a list.
// It is not a query: the store compiles the same filter to SQL, and Match is the meaning
// the SQL is tested against. Nothing here knows consent; being meant is not being texted.
package audience

import (
	"regexp"
	"slices"
)

// Filter matches a person whom all its conditions match. The zero Filter matches
// everybody. A Filter is a value and safe for concurrent use while nobody changes it.
type Filter struct {
	All []Condition
}

// Condition compares one field of a person.
//
// A missing field, and an empty one, make every comparison false, ne and not_in as well:
// of somebody whose state nobody knows it is not known that it is not Texas. Only
// not_exists is true then. Comparison is byte by byte, so case matters.
type Condition struct {
	Field  string   // "state", "first_name", "last_name", or the name of a custom field
	Op     Op       // how to compare
	Values []string // one for eq and ne, one or more for in and not_in, none for the others
}

// Op is a way to compare.
type Op string

// The operators.
const (
	Eq        Op = "eq"
	Ne        Op = "ne"
	In        Op = "in"
	NotIn     Op = "not_in"
	Exists    Op = "exists"
	NotExists Op = "not_exists"
)

// Ops gives every operator there is.
func Ops() []Op { return []Op{Eq, Ne, In, NotIn, Exists, NotExists} }

// The fields every person has a place for. All other names are custom fields.
const (
	FieldState     = "state"
	FieldFirstName = "first_name"
	FieldLastName  = "last_name"
)

// fieldName is the rule for custom fields' names, which the built-in ones obey too.
var fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// Custom reports whether the condition is about a custom field.
func (c Condition) Custom() bool {
	return c.Field != FieldState && c.Field != FieldFirstName && c.Field != FieldLastName
}

// Person is what a filter can look at. An empty string means that nothing is known.
type Person struct {
	FirstName, LastName, State string
	Fields                     map[string]string // custom fields
}

// Match reports whether f means p. Of a filter which Check refuses it says something,
// without panic, but nobody should ask.
func (f Filter) Match(p Person) bool {
	for _, c := range f.All {
		if !c.match(p.value(c.Field)) {
			return false
		}
	}
	return true
}

func (p Person) value(field string) string {
	switch field {
	case FieldState:
		return p.State
	case FieldFirstName:
		return p.FirstName
	case FieldLastName:
		return p.LastName
	}
	return p.Fields[field]
}

func (c Condition) match(value string) bool {
	known := value != ""
	switch c.Op {
	case Eq, In:
		return known && slices.Contains(c.Values, value)
	case Ne, NotIn:
		return known && !slices.Contains(c.Values, value)
	case Exists:
		return known
	case NotExists:
		return !known
	}
	return false
}
