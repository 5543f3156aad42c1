package audience

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"trackly/internal/fault"
)

// wireFilter and wireCondition are the JSON of a filter, stored in campaigns and sent by
// clients: {"all":[{"field":"state","op":"in","values":["TX"]}]}.
type wireFilter struct {
	All []wireCondition `json:"all"`
}

type wireCondition struct {
	Field  string   `json:"field"`
	Op     Op       `json:"op"`
	Values []string `json:"values,omitempty"`
}

// MarshalJSON writes the filter in its one form; the zero Filter is {"all":[]}.
func (f Filter) MarshalJSON() ([]byte, error) {
	w := wireFilter{All: make([]wireCondition, len(f.All))}
	for i, c := range f.All {
		w.All[i] = wireCondition(c)
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON writes. It returns fault.Invalid for other JSON,
// unknown members included: a misspelt "all" would otherwise text everybody. null is
// refused for the same reason. It does not Check.
func (f *Filter) UnmarshalJSON(data []byte) error {
	if bytes.Equal(bytes.TrimSpace(data), []byte("null")) {
		return fault.New(fault.Invalid, "the filter is null; leave it out or write {}")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var w wireFilter
	if err := d.Decode(&w); err != nil {
		return fault.Wrap(err, fault.Invalid, "the filter is not of the form {\"all\":[{\"field\":..,\"op\":..,\"values\":[..]}]}")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "there is something behind the filter")
	}
	f.All = nil
	for _, c := range w.All {
		f.All = append(f.All, Condition(c))
	}
	return nil
}
