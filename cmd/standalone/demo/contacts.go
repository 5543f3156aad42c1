// Package demo carries the contacts with which somebody can try the product at once. It is
// data, not a fixture: the file has broken rows in it, as uploads have. The phones are
// of the range reserved for fiction and belong to nobody.
package demo

import _ "embed"

//go:generate sh -c "go run ./generate > contacts.csv"

//go:embed contacts.csv
var contacts string

// Contacts gives a CSV of 10,000 contacts with a header, 60 of them broken in eight ways.
// The slice belongs to the caller.
func Contacts() []byte { return []byte(contacts) }
