// Package audience says who is meant: a filter over what is known of a person on a list.
// It is not a query: the store compiles the same filter to SQL, and Match is the meaning
// the SQL is tested against. Nothing here knows consent; being meant is not being texted.
package audience

// The limits of a filter. They keep the statement it becomes within what Postgres plans
// well, and a hostile one from being read to its end.
const (
	MaxDepth      = 6        // groups within groups
	MaxConditions = 100      // conditions in one filter
	MaxValues     = 1000     // values in one condition
	MaxValueChars = 256      // characters in one value
	MaxBytes      = 64 << 10 // the whole filter as JSON
)

// Filter is a tree of conditions. It is a group of filters or, with a Condition, a leaf.
// The zero Filter matches everybody. A Filter is a value and safe for concurrent use
// while nobody changes it.
type Filter struct {
	Group     Group
	Of        []Filter   // what the group is of; Not is of exactly one
	Condition *Condition // of a leaf, which has no group
}

// Group says how the parts of a group make the whole.
type Group string

// The groups.
const (
	All Group = ""    // every part must match; without parts: everybody
	Any Group = "any" // one part must match
	Not Group = "not" // the one part must not match
)

// Condition compares one field of a person.
//
// A missing field, and an empty one, make every comparison false, ne and not_in as well:
// of somebody whose state nobody knows it is not known that it is not Texas. Only
// not_exists is true then. Texts are compared byte by byte, so case matters.
type Condition struct {
	Field  string
	Op     Op
	Values []string
}

// Where makes a leaf.
func Where(field string, op Op, values ...string) Filter {
	return Filter{Condition: &Condition{Field: field, Op: op, Values: values}}
}

// AllOf matches whom every part matches.
func AllOf(parts ...Filter) Filter { return Filter{Of: parts} }

// AnyOf matches whom one part matches.
func AnyOf(parts ...Filter) Filter { return Filter{Group: Any, Of: parts} }

// NotOf matches whom the part does not match, those with a missing field among them.
func NotOf(part Filter) Filter { return Filter{Group: Not, Of: []Filter{part}} }

// Everybody reports whether f says nothing.
func (f Filter) Everybody() bool { return f.Condition == nil && f.Group == All && len(f.Of) == 0 }

// Conditions gives the leaves from left to right.
func (f Filter) Conditions() []Condition {
	if f.Condition != nil {
		return []Condition{*f.Condition}
	}
	var out []Condition
	for _, part := range f.Of {
		out = append(out, part.Conditions()...)
	}
	return out
}
