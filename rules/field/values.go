package field

import (
	"encoding/json"
	"fmt"
)

// Values are the custom fields of a subscription, each in its canonical form. A field
// without a value is not in it.
type Values map[string]string

// Encode writes the values as they are stored: a JSON object whose members have the type
// that set gives them, text where it gives none. Each must be in its canonical form.
func (v Values) Encode(set Set) []byte {
	typed := make(map[string]any, len(v))
	for name, value := range v {
		switch set[name] {
		case Number:
			typed[name] = json.Number(value)
		case Boolean:
			typed[name] = value == "true"
		case Text, Date:
			typed[name] = value
		default:
			typed[name] = value
		}
	}
	raw, _ := json.Marshal(typed) // strings, booleans and numbers never fail
	return raw
}

// UnmarshalJSON reads what Encode wrote; nobody needs the types to print them.
func (v *Values) UnmarshalJSON(data []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("custom fields: %w", err)
	}
	*v = make(Values, len(raw))
	for name, value := range raw {
		if len(value) > 0 && value[0] == '"' {
			var s string
			if err := json.Unmarshal(value, &s); err != nil {
				return fmt.Errorf("custom fields: %w", err)
			}
			(*v)[name] = s
			continue
		}
		(*v)[name] = string(value)
	}
	return nil
}

// Bytes is what the values count towards MostBytes.
func (v Values) Bytes() (n int) {
	for name, value := range v {
		n += len(name) + len(value)
	}
	return n
}
