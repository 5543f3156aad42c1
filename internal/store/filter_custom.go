package store

import (
	"strings"

	"trackly/rules/audience"
	"trackly/rules/field"
)

// mostContainments is how many values are looked up one by one in an index of the custom
// fields. More of them are compared row by row, with a hash.
const mostContainments = 8

// custom compares a custom field. JSON is compared with JSON of the same type, which
// never raises an error.
func (c *compiler) custom(x audience.Condition) string {
	values := make([]string, len(x.Values))
	for i, v := range x.Values {
		var err error
		if x.Op != audience.Contains && x.Op != audience.StartsWith && c.known[x.Field] != field.Text {
			if v, err = field.Parse(c.known[x.Field], v); err != nil {
				return "false"
			}
		}
		values[i] = v
	}
	switch x.Op {
	case audience.Eq, audience.In:
		return c.customEqual(x.Field, values)
	case audience.Exists:
		return "s.fields ? " + c.arg(x.Field, "text")
	case audience.NotExists:
		return "NOT s.fields ? " + c.arg(x.Field, "text")
	case audience.Contains, audience.StartsWith:
		return c.part("(s.fields ->> "+c.arg(x.Field, "text")+")", x)
	default: // compares with values of its type
	}
	column := "s.fields -> " + c.arg(x.Field, "text")
	if x.Op == audience.NotIn {
		return column + " <> ALL (" + c.arg(c.json(x.Field, values), "jsonb[]") + ")"
	}
	x.Values = c.json(x.Field, values)
	return c.order(column, "", x, "jsonb", func(v string) (any, error) { return v, nil })
}

func (c *compiler) customEqual(name string, values []string) string {
	if len(values) > mostContainments {
		return "s.fields -> " + c.arg(name, "text") + " = ANY (" + c.arg(c.json(name, values), "jsonb[]") + ")"
	}
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = "s.fields @> " + c.arg(string(field.Values{name: v}.Encode(c.known)), "jsonb")
	}
	return strings.Join(parts, " OR ")
}

// json writes values of a field as they are stored.
func (c *compiler) json(name string, values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		object := string(field.Values{"": v}.Encode(field.Set{"": c.known[name]}))
		out[i] = strings.TrimSuffix(strings.TrimPrefix(object, `{"":`), "}")
	}
	return out
}
