package audience

import "encoding/json"

type wireCondition struct {
	Field  string   `json:"field"`
	Op     Op       `json:"op"`
	Values []string `json:"values,omitempty"`
}

// MarshalJSON writes the filter in its one form; the zero Filter is {"all":[]}.
func (f Filter) MarshalJSON() ([]byte, error) {
	if f.Condition != nil {
		return json.Marshal(wireCondition(*f.Condition))
	}
	parts := f.Of
	if parts == nil {
		parts = []Filter{}
	}
	switch {
	case f.Group == All:
		return json.Marshal(map[string][]Filter{"all": parts})
	case f.Group == Not && len(parts) == 1:
		return json.Marshal(map[Group]Filter{Not: parts[0]})
	}
	return json.Marshal(map[Group][]Filter{f.Group: parts})
}
