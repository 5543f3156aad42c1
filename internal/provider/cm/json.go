package cm

import (
	"bytes"
	"encoding/json"
)

// many is one thing or a list of them: CM's templates have no lists of one.
type many[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (m *many[T]) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(raw, []byte("[")) {
		return json.Unmarshal(raw, (*[]T)(m))
	}
	var one *T
	if err := json.Unmarshal(raw, &one); err != nil || one == nil {
		return err
	}
	*m = many[T]{*one}
	return nil
}

// text is a string that a template may have put there without quotes. What is neither a
// string nor a number is empty.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*t = text(s)
		return nil
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		*t = text(n)
	}
	return nil
}

// party is a sender or a receiver: an object today, a bare number in the legacy form.
type party string

// UnmarshalJSON implements json.Unmarshaler.
func (p *party) UnmarshalJSON(raw []byte) error {
	var o struct {
		Number text `json:"number"`
	}
	if json.Unmarshal(raw, &o) == nil {
		*p = party(o.Number)
		return nil
	}
	return (*text)(p).UnmarshalJSON(raw)
}
