package audience

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Answer is a filter read for one person: the same tree, with what each node says.
type Answer struct {
	Group     Group
	Of        []Answer
	Condition *Condition // of a leaf
	Matched   bool
	Value     string // of a leaf: what the person has, as text; empty: missing
}

// Explain says why p is meant, or is not. Its Matched is what Match says.
func (f Filter) Explain(p Person, now time.Time) Answer {
	a := Answer{Group: f.Group, Condition: f.Condition, Matched: f.Match(p, now)}
	if f.Condition != nil {
		a.Value = p.Show(f.Condition.Field)
	}
	for _, part := range f.Of {
		a.Of = append(a.Of, part.Explain(p, now))
	}
	return a
}

// Show gives what the person has in a field, as text; empty if it is missing.
func (p Person) Show(name string) string {
	switch KindOf(name, p.Types) {
	case Zones:
		return strings.Join(p.Zones, ", ")
	case Member:
		return strings.Join(p.Audiences, ", ")
	case Time:
		if at := p.time(name); !at.IsZero() {
			return at.UTC().Format(time.RFC3339Nano)
		}
		return ""
	case Count:
		return strconv.FormatInt(p.count(name), 10)
	case Money:
		return amount(p.Revenue)
	case Average:
		if p.Conversions <= 0 {
			return ""
		}
		return amount(p.Revenue / p.Conversions)
	case Word, Name, ListID, CustomText, CustomNumber, CustomBoolean, CustomDate:
		return p.text(name)
	case Unknown:
	}
	return ""
}

// amount writes micro-units as people write money: 12.50, and more digits only if needed.
func amount(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	part := strings.TrimRight(fmt.Sprintf("%06d", n%1_000_000), "0")
	return fmt.Sprintf("%s%d.%s", sign, n/1_000_000, part+strings.Repeat("0", max(0, 2-len(part))))
}
