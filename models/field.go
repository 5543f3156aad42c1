package models

import (
	"slices"

	"trackly/internal/fault"
	"trackly/rules/field"
)

// Check refuses a field that no contact could have.
func (f Field) Check() error {
	var bad fault.Problems
	switch {
	case !field.IsName(f.Name):
		bad.Add("name", "must be 1 to 64 small letters, digits and _, and begin with a letter")
	case field.Reserved(f.Name):
		bad.Add("name", "is built in; take another one")
	}
	if !slices.Contains(field.Types(), f.Type) {
		bad.Add("type", "must be text, number, boolean or date")
	}
	return bad.Err("the field")
}
