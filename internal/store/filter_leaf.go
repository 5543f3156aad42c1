package store

import (
	"fmt"
	"strings"

	"trackly/rules/audience"
)

// columns are the built-in fields as SQL.
var columns = map[string]string{ //nolint:gochecknoglobals // a constant
	audience.FieldState:           "coalesce(nullif(s.state, ''), s.at_state)",
	audience.FieldZone:            "s.at_zones",
	audience.FieldFirstName:       "s.first_name",
	audience.FieldLastName:        "s.last_name",
	audience.FieldCarrier:         "c.carrier",
	audience.FieldLineType:        "c.line_type",
	audience.FieldList:            "s.list_id",
	audience.FieldSignupMethod:    "s.signup_method",
	audience.FieldSignupAt:        "s.signup_at",
	audience.FieldLastSentAt:      "t.last_sent_at",
	audience.FieldLastClickedAt:   "t.last_clicked_at",
	audience.FieldLastConvertedAt: "t.last_converted_at",
	audience.FieldSendCount:       "t.send_count",
	audience.FieldClickCount:      "t.click_count",
	audience.FieldConversionCount: "t.conversion_count",
	audience.FieldRevenueTotal:    "t.revenue",
	audience.FieldRevenueAverage:  "t.revenue",
}

func (c *compiler) leaf(x audience.Condition) string {
	column := columns[x.Field]
	c.out.contacts = c.out.contacts || strings.HasPrefix(column, "c.")
	c.out.totals = c.out.totals || strings.HasPrefix(column, "t.")
	switch audience.KindOf(x.Field, c.known) {
	case audience.Word, audience.Name:
		return c.text(column, x)
	case audience.Zones:
		return c.zones(column, x)
	case audience.ListID:
		return c.list(column, x)
	case audience.Time:
		return c.time(column, x)
	case audience.Count:
		return c.total(column, x, func(v string) (any, error) { return audience.ParseCount(v) })
	case audience.Money:
		return c.total(column, x, func(v string) (any, error) { return audience.ParseMoney(v) })
	case audience.Average:
		return c.average(column, x)
	case audience.Member:
		return c.member(x)
	case audience.CustomText, audience.CustomNumber, audience.CustomBoolean, audience.CustomDate:
		return c.custom(x)
	case audience.Unknown:
	}
	return "false"
}

func (c *compiler) text(column string, x audience.Condition) string {
	switch x.Op {
	case audience.Exists:
		return column + " <> ''"
	case audience.NotExists:
		return column + " = ''"
	case audience.Eq:
		return column + " = " + c.arg(x.Values[0], "text")
	case audience.Ne:
		return column + " <> '' AND " + column + " <> " + c.arg(x.Values[0], "text")
	case audience.In:
		return column + " = ANY (" + c.arg(x.Values, "text[]") + ")"
	case audience.NotIn:
		return column + " <> '' AND " + column + " <> ALL (" + c.arg(x.Values, "text[]") + ")"
	default:
		return c.part(column, x)
	}
}

// part looks into a text. It is no LIKE: a % in a value is a %.
func (c *compiler) part(column string, x audience.Condition) string {
	switch x.Op {
	case audience.Contains:
		return "strpos(" + column + ", " + c.arg(x.Values[0], "text") + ") > 0"
	case audience.StartsWith:
		return "starts_with(" + column + ", " + c.arg(x.Values[0], "text") + ")"
	default:
		return "false"
	}
}

func (c *compiler) zones(column string, x audience.Condition) string {
	switch x.Op {
	case audience.Exists:
		return column + " <> '{}'"
	case audience.NotExists:
		return column + " = '{}'"
	case audience.Eq:
		return c.arg(x.Values[0], "text") + " = ANY (" + column + ")" // half the work of &&
	case audience.In:
		return column + " && " + c.arg(x.Values, "text[]")
	case audience.Ne, audience.NotIn:
		return column + " <> '{}' AND NOT " + column + " && " + c.arg(x.Values, "text[]")
	default:
		return "false"
	}
}

func (c *compiler) list(column string, x audience.Condition) string {
	switch x.Op {
	case audience.Exists:
		return "true"
	case audience.Eq:
		return column + " = " + c.arg(x.Values[0], "uuid")
	case audience.In:
		return column + " = ANY (" + c.arg(x.Values, "uuid[]") + ")"
	case audience.Ne, audience.NotIn:
		return column + " <> ALL (" + c.arg(x.Values, "uuid[]") + ")"
	default:
		return "false"
	}
}

func (c *compiler) time(column string, x audience.Condition) string {
	switch x.Op {
	case audience.Exists:
		return column + " IS NOT NULL"
	case audience.NotExists:
		return column + " IS NULL"
	default: // compares with a moment
	}
	from, to, err := audience.ParseMoment(x.Values[0], c.now)
	if err != nil {
		return "false"
	}
	switch x.Op {
	case audience.Within:
		return column + " >= " + c.arg(from, "timestamptz")
	case audience.NotWithin, audience.Before:
		return column + " < " + c.arg(from, "timestamptz")
	case audience.After:
		return column + " > " + c.arg(to, "timestamptz")
	default:
		return "false"
	}
}

// total compares what is 0 where no row of totals says otherwise. Where 0 is no match,
// the plain column lets Postgres begin at the totals.
func (c *compiler) total(column string, x audience.Condition, parse func(string) (any, error)) string {
	if audience.Where(x.Field, x.Op, x.Values...).Match(audience.Person{}, c.now) {
		column = "coalesce(" + column + ", 0)"
	}
	return c.order(column, "", x, "bigint", parse)
}

// average compares without dividing, which would round.
func (c *compiler) average(column string, x audience.Condition) string {
	return "t.conversion_count > 0 AND " + c.order(column+"::numeric", " * t.conversion_count", x, "numeric",
		func(v string) (any, error) { return audience.ParseMoney(v) })
}

// order writes the operators of order; each value is followed by times.
func (c *compiler) order(column, times string, x audience.Condition, as string, parse func(string) (any, error)) string {
	values := make([]string, len(x.Values))
	for i, v := range x.Values {
		n, err := parse(v)
		if err != nil {
			return "false"
		}
		values[i] = c.arg(n, as) + times
	}
	if x.Op == audience.Between {
		return fmt.Sprintf("%s BETWEEN %s AND %s", column, values[0], values[1])
	}
	sign, ok := signs[x.Op]
	if !ok {
		return "false"
	}
	return column + sign + values[0]
}

var signs = map[audience.Op]string{ //nolint:gochecknoglobals // a constant
	audience.Eq: " = ", audience.Ne: " <> ", audience.Gt: " > ", audience.Gte: " >= ", audience.Lt: " < ", audience.Lte: " <= ",
}

// member looks for static audiences of the subscription's own account.
func (c *compiler) member(x audience.Condition) string {
	exists := `EXISTS (SELECT FROM audience_members m JOIN audiences a ON a.id = m.audience_id
		WHERE m.subscription_id = s.id AND a.account_id = s.account_id AND m.audience_id = ANY (` + c.arg(x.Values, "uuid[]") + "))"
	switch x.Op {
	case audience.In:
		return exists
	case audience.NotIn:
		return "NOT " + exists
	default:
		return "false"
	}
}
