// Package audiencetest draws random filters, and random people they mean now and then.
// Only tests import it: those of the filter itself, and those of the SQL it becomes.
package audiencetest

import (
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"trackly/rules/audience"
	"trackly/rules/field"
)

// World is what filters and people have in common.
type World struct {
	Now       time.Time
	Lists     []string
	Audiences []string // of the account
	Foreign   []string // of another one
}

// Types are the custom fields of everybody. Nobody has a value in "never".
func Types() field.Set {
	return field.Set{
		"plan": field.Text, "never": field.Text, "age": field.Number, "vip": field.Boolean, "born": field.Date,
	}
}

// What people have, and filters ask for: few values, so that they meet, and nasty ones.
func texts() []string {
	return []string{"Ann", "ann", "O'Brien", "%", "_", `\`, `a%b\`, "é", "e\u0301", "日本", `"; DROP --`, "{}", "$1", "true", "9"}
}

func states() []string    { return []string{"TX", "CA", "tx", "NY"} }
func zones() []string     { return []string{"America/Chicago", "America/Denver", "America/New_York"} }
func carriers() []string  { return []string{"Verizon", "T-Mobile", "AT&T"} }
func lineTypes() []string { return []string{"mobile", "landline", "voip"} }
func methods() []string   { return []string{"import", "web_form", "keyword"} }
func numbers() []string {
	return []string{"-1.5", "0", "0.5", "9", "10", "123456789012345", "0.000001"}
}
func days() []string { return []string{"1985-05-01", "1985-05-02", "1999-12-31", "2024-02-29"} }
func amounts() []string {
	return []string{"-1", "0", "0.000001", "12.5", "12.50", "25", "999999999999.999999"}
}
func counts() []string     { return []string{"0", "1", "2", "3", "100"} }
func ages() []string       { return []string{"1m", "90m", "24h", "1d", "30d", "400d"} }
func booleans() []string   { return []string{"true", "false"} }
func fieldNames() []string { return []string{"plan", "never", "age", "vip", "born"} }

// times are at the edges of what filters ask, and a little beside them.
func (w World) times() []time.Time {
	var out []time.Time
	for _, v := range append(ages(), w.moments()...) {
		from, to, _ := audience.ParseMoment(v, w.Now)
		out = append(out, from, from.Add(-time.Microsecond), from.Add(time.Microsecond), to, to.Add(time.Microsecond))
	}
	return out
}

func (w World) moments() []string {
	day := w.Now.AddDate(0, 0, -3)
	return []string{day.Format(time.DateOnly), day.Format(time.RFC3339), day.Add(-time.Hour).Format("2006-01-02T15:04:05.000001Z07:00")}
}

// Person draws somebody; much of them may be missing.
func (w World) Person(t *rapid.T) audience.Person {
	maybe := func(name string, from []string) string {
		return rapid.SampledFrom(append([]string{"", ""}, from...)).Draw(t, name)
	}
	at := func(name string) time.Time {
		return rapid.SampledFrom(append([]time.Time{{}, {}, {}, {}}, w.times()...)).Draw(t, name)
	}
	p := audience.Person{
		FirstName: maybe("first", texts()), LastName: maybe("last", texts()), State: maybe("state", states()),
		Zones:   rapid.SliceOfNDistinct(rapid.SampledFrom(zones()), 0, 2, rapid.ID).Draw(t, "zones"),
		Carrier: maybe("carrier", carriers()), LineType: maybe("line", lineTypes()),
		List: rapid.SampledFrom(w.Lists).Draw(t, "list"), SignupMethod: rapid.SampledFrom(methods()).Draw(t, "method"),
		SignupAt:  rapid.SampledFrom(w.times()).Draw(t, "signup"),
		Audiences: rapid.SliceOfNDistinct(rapid.SampledFrom(w.Audiences), 0, 2, rapid.ID).Draw(t, "audiences"),
		Fields:    field.Values{}, Types: Types(),
	}
	for name, from := range map[string][]string{"plan": texts(), "age": numbers(), "vip": booleans(), "born": days()} {
		if v := maybe(name, from); v != "" {
			p.Fields[name] = v
		}
	}
	if !rapid.Bool().Draw(t, "quiet") {
		p.LastSentAt, p.LastClicked, p.LastConverted = at("sent"), at("clicked"), at("converted")
		p.Sends, p.Clicks, p.Conversions = count(t), count(t), count(t)
		p.Revenue = rapid.SampledFrom([]int64{0, 1, -1_000_000, 12_500_000, 25_000_000, 37_500_000, 37_500_001}).Draw(t, "revenue")
	}
	return p
}

func count(t *rapid.T) int64 { return rapid.Int64Range(0, 3).Draw(t, "count") }

// Filter draws a tree that Check accepts.
func (w World) Filter(t *rapid.T) audience.Filter {
	return w.tree(t, rapid.IntRange(0, 3).Draw(t, "depth"))
}

func (w World) tree(t *rapid.T, depth int) audience.Filter {
	if depth == 0 {
		c := w.Condition(t)
		return audience.Filter{Condition: &c}
	}
	part := func() audience.Filter { return w.tree(t, rapid.IntRange(0, depth-1).Draw(t, "depth")) }
	group := rapid.SampledFrom([]audience.Group{audience.All, audience.Any, audience.Not}).Draw(t, "group")
	if group == audience.Not {
		return audience.NotOf(part())
	}
	f := audience.Filter{Group: group}
	for range rapid.IntRange(1, 3).Draw(t, "parts") {
		f.Of = append(f.Of, part())
	}
	return f
}

// Condition draws a leaf.
func (w World) Condition(t *rapid.T) audience.Condition {
	name := rapid.SampledFrom(append([]string{
		audience.FieldState, audience.FieldZone, audience.FieldFirstName, audience.FieldLastName, audience.FieldCarrier,
		audience.FieldLineType, audience.FieldList, audience.FieldSignupMethod, audience.FieldSignupAt, audience.FieldLastSentAt,
		audience.FieldLastClickedAt, audience.FieldLastConvertedAt, audience.FieldSendCount, audience.FieldClickCount,
		audience.FieldConversionCount, audience.FieldRevenueTotal, audience.FieldRevenueAverage, audience.FieldAudience,
	}, fieldNames()...)).Draw(t, "field")
	c := audience.Condition{Field: name, Op: rapid.SampledFrom(audience.KindOf(name, Types()).Ops()).Draw(t, "op")}
	value := rapid.SampledFrom(w.values(c))
	switch c.Op {
	case audience.Exists, audience.NotExists:
	case audience.In, audience.NotIn:
		c.Values = rapid.SliceOfN(value, 1, 12).Draw(t, "values")
	case audience.Between:
		c.Values = []string{value.Draw(t, "low"), value.Draw(t, "high")}
		if (audience.Filter{Condition: &c}).Check(Types()) != nil {
			slices.Reverse(c.Values)
		}
	default:
		c.Values = []string{value.Draw(t, "value")}
	}
	return c
}

// values are what makes sense to compare a field with.
func (w World) values(c audience.Condition) []string {
	switch audience.KindOf(c.Field, Types()) {
	case audience.Word:
		return map[string][]string{
			audience.FieldState: states(), audience.FieldCarrier: carriers(), audience.FieldLineType: lineTypes(), audience.FieldSignupMethod: methods(),
		}[c.Field]
	case audience.Zones:
		return append(zones(), "Mars")
	case audience.ListID:
		return w.Lists
	case audience.Member:
		return slices.Concat(w.Audiences, w.Foreign)
	case audience.Time:
		if c.Op == audience.Within || c.Op == audience.NotWithin {
			return ages()
		}
		return append(ages(), w.moments()...)
	case audience.Count:
		return counts()
	case audience.Money, audience.Average:
		return amounts()
	case audience.CustomNumber:
		return append(numbers(), "09.50", "9.0")
	case audience.CustomBoolean:
		return append(booleans(), "YES")
	case audience.CustomDate:
		return days()
	case audience.Name, audience.CustomText, audience.Unknown:
	}
	if c.Op == audience.Contains || c.Op == audience.StartsWith {
		return append(texts(), "n", "A", "%b", strings.Repeat("x", audience.MaxValueChars))
	}
	return texts()
}
