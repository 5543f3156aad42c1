package testkit

import (
	"encoding/csv"
	"maps"
	"slices"
	"strings"
)

// Contact is one row of a contact file.
type Contact struct {
	Phone, FirstName, LastName, State, Zone, Postal string
	ConsentedAt                                     string
	Fields                                          map[string]string
}

// File writes contacts as a CSV; every custom field that one of them has is a column.
func File(contacts ...Contact) string {
	fields := map[string]bool{}
	for _, c := range contacts {
		for name := range c.Fields {
			fields[name] = true
		}
	}
	names := slices.Sorted(maps.Keys(fields))
	var out strings.Builder
	w := csv.NewWriter(&out)
	_ = w.Write(append([]string{"phone", "first_name", "last_name", "state", "zone", "zip", "consent_date"}, names...)) // a Builder never fails
	for _, c := range contacts {
		row := []string{c.Phone, c.FirstName, c.LastName, c.State, c.Zone, c.Postal, c.ConsentedAt}
		for _, name := range names {
			row = append(row, c.Fields[name])
		}
		_ = w.Write(row) // the same
	}
	w.Flush()
	return out.String()
}
