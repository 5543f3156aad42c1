package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/field"
)

// compiled is a filter as SQL.
type compiled struct {
	where    string // a condition over subscriptions s, and over what joins joins
	contacts bool   // it looks at contacts c
	totals   bool   // it looks at totals t
}

// joins gives the tables that the condition needs besides subscriptions s.
func (c compiled) joins() (sql string) {
	if c.contacts {
		sql += " JOIN contacts c ON c.id = s.contact_id"
	}
	if c.totals {
		sql += " LEFT JOIN totals t ON t.subscription_id = s.id"
	}
	return sql
}

// compileFor compiles a filter of an account. It checks it once more: a custom field that
// was deleted since would be missing everywhere, and "not" of a missing one is everybody.
func (s *Store) compileFor(ctx context.Context, account models.AccountID, f audience.Filter, now time.Time, args []any) (compiled, []any, error) {
	known, err := s.FieldSet(ctx, account)
	if err != nil {
		return compiled{}, nil, err
	}
	if err := f.Check(known); err != nil {
		return compiled{}, nil, err
	}
	c, args := compile(f, known, now, args)
	return c, args, nil
}

// compile makes SQL of a filter that was checked; its parameters go behind args. Values
// and the names of custom fields are only ever parameters; the built-in fields come from
// a fixed table.
//
// A leaf may be null where audience.Match says false. No AND and no OR makes a true of
// that, and a NOT is written as IS NOT TRUE.
func compile(f audience.Filter, known field.Set, now time.Time, args []any) (compiled, []any) {
	c := compiler{known: known, now: now, args: args}
	c.out.where = c.node(f)
	return c.out, c.args
}

type compiler struct {
	known field.Set
	now   time.Time
	args  []any
	out   compiled
}

// arg makes a parameter of v.
func (c *compiler) arg(v any, as string) string {
	c.args = append(c.args, v)
	return fmt.Sprintf("$%d::%s", len(c.args), as)
}

func (c *compiler) node(f audience.Filter) string {
	if f.Condition != nil {
		return c.leaf(*f.Condition)
	}
	parts := make([]string, len(f.Of))
	for i, part := range f.Of {
		parts[i] = "(" + c.node(part) + ")"
	}
	switch {
	case f.Group == audience.All && len(parts) == 0:
		return "true"
	case f.Group == audience.All:
		return strings.Join(parts, " AND ")
	case f.Group == audience.Any && len(parts) > 0:
		return strings.Join(parts, " OR ")
	case f.Group == audience.Not && len(parts) == 1:
		return parts[0] + " IS NOT TRUE"
	}
	return "false"
}
