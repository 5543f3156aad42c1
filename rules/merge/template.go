// Package merge reads creative templates and fills them in for one contact: links,
// merge fields with fallbacks, the brand line and the opt-out line. It knows no
// contacts, no offers and no segments; values come from functions of the caller.
package merge

import (
	"slices"

	"trackly/internal/fault"
)

// The limits of a creative's body.
const (
	MaxCharacters = 1600 // what the longest accepting provider takes in one text
	MaxLinks      = 8    // a short code carries the link's number in three bits
)

// BrandField is the field every list has a value for.
const BrandField = "brand_name"

// Template is a parsed body. It never changes after Parse and is safe for concurrent
// use; the zero Template renders nothing.
type Template struct {
	pieces []piece
	fields []string
	links  int
	size   int // bytes of literal text, to grow a buffer once
}

// piece is literal text and the placeholder behind it. A piece without a field and a
// link is the end of the body.
type piece struct {
	text     string
	field    string
	fallback string
	link     int
}

// Fields gives the distinct merge fields in the order they first appear, BrandField
// among them, links not. The slice belongs to the caller.
func (t Template) Fields() []string { return slices.Clone(t.fields) }

// Links is the number of different links, numbered from 1 without a gap.
func (t Template) Links() int { return t.links }

// Check is an Invalid fault that names every field the account does not have.
// BrandField is always known.
func (t Template) Check(known func(name string) bool) error {
	var bad fault.Problems
	for _, name := range t.fields {
		if name != BrandField && !known(name) {
			bad.Add("body", "%q is not a known field", name)
		}
	}
	return bad.Err("the creative")
}
