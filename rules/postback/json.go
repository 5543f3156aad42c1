package postback

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"trackly/internal/fault"
)

// Object reads a JSON object of texts and numbers as parameters. Numbers stay as they are
// written: 12.10 must not become what a float makes of it. The error is Invalid.
func Object(raw []byte) (map[string][]string, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var object map[string]any
	if err := d.Decode(&object); err != nil || object == nil {
		return nil, fault.New(fault.Invalid, "the body is no JSON object")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "the body is more than one JSON object")
	}
	params := make(map[string][]string, len(object))
	for name, v := range object {
		switch v := v.(type) {
		case nil:
		case string:
			params[name] = []string{v}
		case json.Number:
			params[name] = []string{v.String()}
		case bool:
			params[name] = []string{strconv.FormatBool(v)}
		default:
			if !Known(name) { // a network's own business
				continue
			}
			var bad fault.Problems
			bad.Add(normal(name), "must be a text or a number")
			return nil, bad.Err("the conversion")
		}
	}
	return params, nil
}
