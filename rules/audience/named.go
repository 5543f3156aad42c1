package audience

import "fmt"

// Named is another audience that a filter refers to.
type Named struct {
	Where string // path, such as "filter.all[2].values[0]"
	ID    string
}

// Named gives the audiences the filter refers to, in order and as often as it does.
func (f Filter) Named() []Named { return f.named("filter", nil) }

func (f Filter) named(where string, out []Named) []Named {
	if c := f.Condition; c != nil {
		if c.Field == FieldAudience {
			for i, id := range c.Values {
				out = append(out, Named{Where: fmt.Sprintf("%s.values[%d]", where, i), ID: id})
			}
		}
		return out
	}
	for i, sub := range f.Of {
		switch f.Group {
		case Not:
			out = sub.named(where+".not", out)
		case Any:
			out = sub.named(fmt.Sprintf("%s.any[%d]", where, i), out)
		case All:
			out = sub.named(fmt.Sprintf("%s.all[%d]", where, i), out)
		}
	}
	return out
}
