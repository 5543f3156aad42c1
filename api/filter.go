package api

import (
	"github.com/danielgtaylor/huma/v2"

	"trackly/rules/audience"
)

// filterJSON is an audience filter as clients write and read it.
type filterJSON struct{ audience.Filter }

func (f *filterJSON) filter() audience.Filter {
	if f == nil {
		return audience.Filter{}
	}
	return f.Filter
}

func filterOf(f audience.Filter) *filterJSON { return &filterJSON{f} }

const filterSchema = "Filter"

// Schema implements huma.SchemaProvider: a filter is a tree, and its schema names itself.
func (filterJSON) Schema(r huma.Registry) *huma.Schema {
	self := &huma.Schema{Ref: schemas + filterSchema}
	if _, ok := r.Map()[filterSchema]; ok {
		return self
	}
	list := func(of *huma.Schema, most int, doc string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeArray, Items: of, MaxItems: &most, Description: doc}
	}
	value := &huma.Schema{OneOf: []*huma.Schema{{Type: huma.TypeString}, {Type: huma.TypeNumber}, {Type: huma.TypeBoolean}}}
	ops := make([]any, len(audience.Ops()))
	for i, op := range audience.Ops() {
		ops[i] = string(op)
	}
	schema := &huma.Schema{
		Type: huma.TypeObject, AdditionalProperties: false,
		Description: "A group (all, any or not) or a condition (field, op, values). {} is everybody. " +
			"A contact without the field fulfils not_exists only.",
		Properties: map[string]*huma.Schema{
			"all":   list(self, audience.MaxConditions, "All of these must hold."),
			"any":   list(self, audience.MaxConditions, "One of these must hold."),
			"not":   {Ref: self.Ref, Description: "This must not hold."},
			"field": {Type: huma.TypeString, Description: "Such as state, signup_at, send_count, or a custom field.", Examples: []any{"state"}},
			"op":    {Type: huma.TypeString, Enum: ops, Description: "Which of them depends on the field."},
			"values": list(value, audience.MaxValues, "One; one or more for in and not_in; two for between; none for exists and not_exists. "+
				"Times are 30d for so long ago, a day, or RFC 3339; amounts are 12.50."),
		},
	}
	schema.PrecomputeMessages()
	r.Map()[filterSchema] = schema
	return self
}
