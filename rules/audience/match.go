package audience

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"trackly/rules/field"
)

// Match reports whether f means p. Of a filter which Check refuses it says something,
// without panic, but nobody should ask.
func (f Filter) Match(p Person, now time.Time) bool {
	if f.Condition != nil {
		return f.Condition.match(p, now)
	}
	part := func(part Filter) bool { return part.Match(p, now) }
	switch f.Group {
	case All:
		return !slices.ContainsFunc(f.Of, func(x Filter) bool { return !part(x) })
	case Any:
		return slices.ContainsFunc(f.Of, part)
	case Not:
		return len(f.Of) == 1 && !part(f.Of[0])
	}
	return false
}

func (c Condition) match(p Person, now time.Time) bool {
	switch kind := KindOf(c.Field, p.Types); kind {
	case Word, Name, ListID, CustomText:
		return c.matchText(p.text(c.Field))
	case Zones:
		return c.matchSet(p.Zones, len(p.Zones) > 0)
	case Member:
		return c.matchSet(p.Audiences, true)
	case Time:
		return c.matchTime(p.time(c.Field), now)
	case Count:
		return c.compare(true, func(v string) (int, error) {
			n, err := ParseCount(v)
			return cmp.Compare(p.count(c.Field), n), err
		})
	case Money, Average:
		return c.matchMoney(p, kind)
	case CustomNumber, CustomDate, CustomBoolean:
		return c.matchTyped(p.Fields[c.Field], p.Types[c.Field])
	case Unknown:
		return c.Op == NotExists
	}
	return false
}

func (c Condition) matchText(value string) bool {
	known := value != ""
	switch c.Op {
	case Contains:
		return known && len(c.Values) == 1 && strings.Contains(value, c.Values[0])
	case StartsWith:
		return known && len(c.Values) == 1 && strings.HasPrefix(value, c.Values[0])
	default:
		return c.compare(known, func(v string) (int, error) { return strings.Compare(value, v), nil })
	}
}

func (c Condition) matchSet(set []string, known bool) bool {
	one := slices.ContainsFunc(c.Values, func(v string) bool { return slices.Contains(set, v) })
	switch c.Op {
	case Eq, In:
		return one
	case Ne, NotIn:
		return known && !one
	case Exists:
		return known
	case NotExists:
		return !known
	default:
		return false
	}
}

func (c Condition) matchTime(at, now time.Time) bool {
	known := !at.IsZero()
	switch c.Op {
	case Exists:
		return known
	case NotExists:
		return !known
	default: // compares with a moment
	}
	if len(c.Values) != 1 {
		return false
	}
	from, to, err := ParseMoment(c.Values[0], now)
	if err != nil || !known {
		return false
	}
	switch c.Op {
	case Within:
		return !at.Before(from)
	case NotWithin, Before:
		return at.Before(from)
	case After:
		return at.After(to)
	default:
		return false
	}
}

// matchMoney compares without dividing: the average is above v if the total is above v
// times the conversions.
func (c Condition) matchMoney(p Person, kind Kind) bool {
	times := int64(1)
	if kind == Average {
		times = p.Conversions
	}
	return c.compare(times > 0, func(v string) (int, error) {
		n, err := ParseMoney(v)
		return big.NewInt(p.Revenue).Cmp(new(big.Int).Mul(big.NewInt(n), big.NewInt(times))), err
	})
}

func (c Condition) matchTyped(value string, is field.Type) bool {
	return c.compare(value != "", func(v string) (int, error) {
		v, err := field.Parse(is, v)
		if err != nil || is != field.Number {
			return strings.Compare(value, v), err
		}
		have, _ := strconv.ParseFloat(value, 64)
		want, err := strconv.ParseFloat(v, 64)
		return cmp.Compare(have, want), err
	})
}

// compare answers the operators of order, given how the value compares with each of the
// condition's values.
func (c Condition) compare(known bool, with func(v string) (int, error)) bool {
	if c.Op == Exists || c.Op == NotExists {
		return known == (c.Op == Exists)
	}
	order := make([]int, len(c.Values))
	for i, v := range c.Values {
		var err error
		if order[i], err = with(v); err != nil {
			return false
		}
	}
	if !known || len(order) == 0 {
		return false
	}
	switch c.Op {
	case Eq, In:
		return slices.Contains(order, 0)
	case Ne, NotIn:
		return !slices.Contains(order, 0)
	case Gt:
		return order[0] > 0
	case Gte:
		return order[0] >= 0
	case Lt:
		return order[0] < 0
	case Lte:
		return order[0] <= 0
	case Between:
		return len(order) == 2 && order[0] >= 0 && order[1] <= 0
	default:
		return false
	}
}
