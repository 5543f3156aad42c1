package audience

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"trackly/internal/fault"
)

const (
	// A stored filter comes back from Postgres with blanks that its writer did not put.
	mostBytesRead = 2 * MaxBytes
	// A group is an object with an array in it, and so is a leaf.
	mostNesting = 2*MaxDepth + 2
)

// UnmarshalJSON reads what MarshalJSON writes; values may be numbers and booleans too,
// and {} is everybody. It returns fault.Invalid for other JSON, unknown members included:
// a misspelt "all" would otherwise text everybody. null is refused for the same reason.
// It does not Check. What is too large or too deep is refused before it is read.
func (f *Filter) UnmarshalJSON(data []byte) error {
	if len(data) > mostBytesRead {
		return refused("filter", "is larger than %d bytes", MaxBytes)
	}
	if nesting(data) > mostNesting {
		return refused("filter", "is nested more than %d groups deep", MaxDepth)
	}
	d := decoder{json.NewDecoder(bytes.NewReader(data))}
	d.UseNumber()
	out, err := d.filter("filter")
	if err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return refused("filter", "has something behind it")
	}
	*f = out
	return nil
}

func refused(where, format string, args ...any) error {
	var bad fault.Problems
	bad.Add(where, format, args...)
	return bad.Err("the filter")
}

// nesting is how deep the arrays and objects of data go.
func nesting(data []byte) (most int) {
	depth, text := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '[' || c == '{':
			depth++
			most = max(most, depth)
		case c == ']' || c == '}':
			depth--
		}
	}
	return most
}

type decoder struct{ *json.Decoder }

// filter reads one node. It recurses no deeper than the nesting that was counted.
func (d decoder) filter(where string) (f Filter, err error) {
	if err := d.expect('{', where, "must be a group, such as {\"all\":[...]}, or a condition, such as {\"field\":..,\"op\":..,\"values\":[..]}"); err != nil {
		return f, err
	}
	seen, leaf := map[string]bool{}, Condition{}
	for d.More() {
		name, err := d.text(where)
		if err != nil {
			return f, err
		}
		if seen[name] {
			return f, refused(where, "names %s twice", name)
		}
		if err := d.member(where, name, &f, &leaf); err != nil {
			return f, err
		}
		seen[name] = true
	}
	if _, err := d.Token(); err != nil {
		return f, refused(where, "is not JSON: %s", err)
	}
	condition := seen["field"] || seen["op"] || seen["values"]
	if condition && (seen["all"] || seen["any"] || seen["not"]) || !condition && len(seen) > 1 {
		return f, refused(where, "is more than one of all, any, not and a condition")
	}
	if condition {
		f.Condition = &leaf
	}
	return f, nil
}

func (d decoder) member(where, name string, f *Filter, leaf *Condition) (err error) {
	at := where + "." + name
	switch name {
	case "all", "any":
		if f.Group = All; name == "any" {
			f.Group = Any
		}
		return d.list(at, func(at string) error {
			part, err := d.filter(at)
			f.Of = append(f.Of, part)
			return err
		})
	case "not":
		part, err := d.filter(at)
		f.Group, f.Of = Not, []Filter{part}
		return err
	case "field":
		leaf.Field, err = d.text(at)
	case "op":
		var op string
		op, err = d.text(at)
		leaf.Op = Op(op)
	case "values":
		return d.list(at, func(at string) error {
			v, err := d.value(at)
			leaf.Values = append(leaf.Values, v)
			return err
		})
	default:
		return refused(where, "has a member that is none of all, any, not, field, op, values")
	}
	return err
}

func (d decoder) expect(delim json.Delim, where, message string) error {
	t, err := d.Token()
	if err != nil {
		return refused(where, "is not JSON: %s", err)
	}
	if t != delim {
		return refused(where, "%s", message)
	}
	return nil
}

// list reads an array whose items next reads.
func (d decoder) list(where string, next func(at string) error) error {
	if err := d.expect('[', where, "must be a list"); err != nil {
		return err
	}
	for i := 0; d.More(); i++ {
		if err := next(fmt.Sprintf("%s[%d]", where, i)); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return refused(where, "is not JSON: %s", err)
	}
	return nil
}

func (d decoder) text(where string) (string, error) {
	t, err := d.Token()
	if err != nil {
		return "", refused(where, "is not JSON: %s", err)
	}
	s, ok := t.(string)
	if !ok {
		return "", refused(where, "must be a text")
	}
	return s, nil
}

// value reads a value of a condition as text.
func (d decoder) value(where string) (string, error) {
	t, err := d.Token()
	if err != nil {
		return "", refused(where, "is not JSON: %s", err)
	}
	switch v := t.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		return strconv.FormatBool(v), nil
	}
	return "", refused(where, "must be a text, a number, true or false")
}
