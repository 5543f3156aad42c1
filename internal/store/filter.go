package store

import (
	"fmt"
	"strings"

	"trackly/rules/audience"
)

// filterSQL compiles a filter to a chain of " AND ..." over subscriptions s. Values and
// the names of custom fields are only ever parameters; the built-in fields come from
// a fixed table. Every condition is two-valued: a missing field is the empty string.
func filterSQL(f audience.Filter, args []any) (string, []any) {
	var b strings.Builder
	for _, c := range f.All {
		var column string
		switch c.Field {
		case audience.FieldState:
			column = "s.state"
		case audience.FieldFirstName:
			column = "s.first_name"
		case audience.FieldLastName:
			column = "s.last_name"
		default:
			args = append(args, c.Field)
			column = fmt.Sprintf("coalesce(s.fields ->> $%d, '')", len(args))
		}
		switch c.Op {
		case audience.Exists:
			fmt.Fprintf(&b, " AND %s <> ''", column)
		case audience.NotExists:
			fmt.Fprintf(&b, " AND %s = ''", column)
		case audience.Eq, audience.In:
			args = append(args, c.Values)
			fmt.Fprintf(&b, " AND %[1]s <> '' AND %[1]s = ANY ($%[2]d::text[])", column, len(args))
		case audience.Ne, audience.NotIn:
			args = append(args, c.Values)
			fmt.Fprintf(&b, " AND %[1]s <> '' AND NOT %[1]s = ANY ($%[2]d::text[])", column, len(args))
		default:
			b.WriteString(" AND false")
		}
	}
	return b.String(), args
}
