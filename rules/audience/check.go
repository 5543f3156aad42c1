package audience

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"trackly/internal/fault"
	"trackly/rules/field"
)

// mostProblems are told at once; a filter with more is not being written by a person.
const mostProblems = 100

// Check returns fault.Invalid with every problem of the filter and its path, such as
// "filter.all[2].any[0].values[1]", or nil. A filter which passes can be compiled to SQL.
// known are the account's custom fields.
func (f Filter) Check(known field.Set) error {
	c := checker{known: known}
	if c.node("filter", f, 0); c.conditions > MaxConditions {
		c.bad.Add("filter", "has more than %d conditions", MaxConditions)
	}
	if len(c.bad) == 0 {
		if data, err := json.Marshal(f); err != nil || len(data) > MaxBytes {
			c.bad.Add("filter", "is larger than %d bytes", MaxBytes)
		}
	}
	return c.bad.Err("the filter")
}

type checker struct {
	known      field.Set
	conditions int
	bad        fault.Problems
}

func (c *checker) enough() bool { return len(c.bad) >= mostProblems || c.conditions > MaxConditions }

// node checks one node within so many groups.
func (c *checker) node(where string, f Filter, within int) {
	switch {
	case c.enough():
		return
	case f.Condition != nil && (f.Group != All || len(f.Of) > 0):
		c.bad.Add(where, "is both a group and a condition")
	case f.Condition != nil:
		if c.conditions++; c.conditions <= MaxConditions {
			c.condition(where, *f.Condition)
		}
	case within >= MaxDepth:
		c.bad.Add(where, "is nested more than %d groups deep", MaxDepth)
	case f.Everybody() && within == 0:
	case f.Group == Not && len(f.Of) == 1:
		c.node(where+".not", f.Of[0], within+1)
	case f.Group == Not:
		c.bad.Add(where, "must be not of exactly one")
	case f.Group != All && f.Group != Any:
		c.bad.Add(where, "must be all, any or not of something")
	case len(f.Of) == 0:
		c.bad.Add(where, "is a group of nothing")
	default:
		name := map[Group]string{All: "all", Any: "any"}[f.Group]
		for i, part := range f.Of {
			if c.enough() {
				return
			}
			c.node(fmt.Sprintf("%s.%s[%d]", where, name, i), part, within+1)
		}
	}
}

func (c *checker) condition(where string, x Condition) {
	kind := KindOf(x.Field, c.known)
	ops := kind.Ops()
	if kind == Unknown {
		c.unknown(where+".field", x.Field)
		ops = Ops()
	}
	if !slices.Contains(ops, x.Op) {
		c.bad.Add(where+".op", "must be one of %s", join(ops))
	}
	least, most := x.Op.takes()
	if n := len(x.Values); n < least || n > most {
		c.bad.Add(where+".values", "must be %s for %s, not %d", number(least, most), x.Op.shown(), n)
	}
	before := len(c.bad)
	for i, v := range x.Values[:min(len(x.Values), MaxValues)] {
		if c.enough() {
			return
		}
		if err := checkValue(kind, c.known[x.Field], x.Op, v); err != nil {
			c.bad.Add(fmt.Sprintf("%s.values[%d]", where, i), "%s", err)
		}
	}
	if x.Op == Between && len(x.Values) == 2 && len(c.bad) == before && slices.Contains(ops, Between) && backwards(kind, x.Values) {
		c.bad.Add(where+".values", "must be the smaller one first: nobody is between these")
	}
}

func (c *checker) unknown(where, name string) {
	switch {
	case name == fieldJourney:
		c.bad.Add(where, "there are no journeys yet, so nobody can be in one")
	case name == "":
		c.bad.Add(where, "is missing")
	case !field.IsName(name):
		c.bad.Add(where, "is no name of a field: small letters, digits and _, at most 64")
	default:
		c.bad.Add(where, "%q is neither a field of every contact nor a custom field of this account", name)
	}
}

// takes gives how many values an operator compares with.
func (o Op) takes() (least, most int) {
	switch o {
	case Exists, NotExists:
		return 0, 0
	case In, NotIn:
		return 1, MaxValues
	case Between:
		return 2, 2
	default:
		if slices.Contains(Ops(), o) {
			return 1, 1
		}
		return 0, MaxValues // it is refused anyway
	}
}

func (o Op) shown() string {
	if slices.Contains(Ops(), o) {
		return string(o)
	}
	return "this operator"
}

func number(least, most int) string {
	switch {
	case most == 0:
		return "absent"
	case least == most && most == 1:
		return "one value"
	case least == most:
		return fmt.Sprintf("%d values", most)
	}
	return fmt.Sprintf("%d to %d values", least, most)
}

func join(ops []Op) string {
	names := make([]string, len(ops))
	for i, op := range ops {
		names[i] = string(op)
	}
	return strings.Join(names, ", ")
}

// checkValue refuses what the field cannot be, what Postgres cannot hold in a text, and
// the empty value, which equals nothing.
func checkValue(kind Kind, is field.Type, op Op, v string) (err error) {
	switch {
	case v == "":
		return fault.New(fault.Invalid, "is empty; use exists or not_exists")
	case len(v) > MaxValueChars && utf8.RuneCountInString(v) > MaxValueChars:
		return fault.New(fault.Invalid, "is longer than %d characters", MaxValueChars)
	case !utf8.ValidString(v), strings.ContainsRune(v, 0):
		return fault.New(fault.Invalid, "is not text: it has invalid UTF-8 or a NUL")
	}
	switch kind {
	case Time:
		if op == Within || op == NotWithin {
			_, err = ParseAge(v)
		} else {
			_, _, err = ParseMoment(v, time.Time{})
		}
	case Count:
		_, err = ParseCount(v)
	case Money, Average:
		_, err = ParseMoney(v)
	case ListID, Member:
		if !id.MatchString(v) {
			err = fault.New(fault.Invalid, "is no id")
		}
	case CustomNumber, CustomBoolean, CustomDate:
		_, err = field.Parse(is, v)
	case Word, Name, Zones, CustomText, Unknown:
	}
	return err
}

// backwards reports whether the second of two good values is the smaller one.
func backwards(kind Kind, v []string) bool {
	p := Person{Fields: field.Values{}, Types: field.Set{}}
	upper := Condition{Op: Gt, Values: v[1:]}
	switch kind {
	case Count:
		upper.Field, p.Sends = FieldSendCount, must(ParseCount(v[0]))
	case Money, Average:
		upper.Field, p.Revenue = FieldRevenueTotal, must(ParseMoney(v[0]))
	case CustomNumber:
		upper.Field, p.Fields["x"], p.Types["x"] = "x", must(field.Parse(field.Number, v[0])), field.Number
	case CustomDate:
		upper.Field, p.Fields["x"], p.Types["x"] = "x", must(field.Parse(field.Date, v[0])), field.Date
	default:
		return false
	}
	return upper.match(p, time.Time{})
}

// must drops the error of a value that was checked.
func must[V any](v V, _ error) V { return v }
