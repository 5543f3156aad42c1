package landing

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// query is a query string, parameter by parameter, in the order it had.
type query struct {
	there bool // also when it is empty
	all   []parameter
}

type parameter struct {
	name    string // decoded, to compare
	written string // name and value as they go into the URL
	empty   bool   // it has no value
	told    bool   // the click's id is in it
}

func (f *filler) query(raw string, there bool) query {
	q := query{there: there}
	if !there {
		return q
	}
	for piece := range strings.SplitSeq(raw, "&") {
		part := filler{Values: f.Values}
		name, value, has := strings.Cut(piece, "=")
		p := parameter{written: part.fill(name, url.QueryEscape)}
		p.name = decoded(p.written)
		if has {
			p.written += "=" + part.fill(value, url.QueryEscape)
		}
		p.empty, p.told = !has || strings.HasSuffix(p.written, "="), part.told
		for n, used := range part.subs {
			f.subs[n] = f.subs[n] || used
		}
		q.all = append(q.all, p)
	}
	return q
}

func decoded(name string) string {
	if plain, err := url.QueryUnescape(name); err == nil {
		return plain
	}
	return name
}

// merge lays the link's parameters over those of the URL. No name is there twice then.
func (q *query) merge(f *filler) {
	if len(f.Parameters) == 0 {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(f.Parameters)) {
		if f.subs[subNumber(name)] && !q.has(name) {
			continue // it filled a macro
		}
		value, told := f.value(name)
		q.set(name, value, told)
	}
}

func (q *query) has(name string) bool {
	return slices.ContainsFunc(q.all, func(p parameter) bool { return p.name == name })
}

// set gives a parameter its value: the first of its name, or a new one at the end.
func (q *query) set(name, value string, told bool) {
	p := parameter{name: name, written: url.QueryEscape(name) + "=" + url.QueryEscape(value), empty: value == "", told: told}
	found := false
	q.all = slices.DeleteFunc(q.all, func(old parameter) bool {
		again := found && old.name == name
		found = found || old.name == name
		return again
	})
	if i := slices.IndexFunc(q.all, func(old parameter) bool { return old.name == name }); i >= 0 {
		q.all[i] = p
		return
	}
	for len(q.all) > 0 && q.all[len(q.all)-1].written == "" { // of a query that ends in & or is empty
		q.all = q.all[:len(q.all)-1]
	}
	q.all, q.there = append(q.all, p), true
}

func (q *query) told() bool {
	return slices.ContainsFunc(q.all, func(p parameter) bool { return p.told })
}

// tell writes the click's id where the network wants it. What the account wrote there
// itself stays: it may be how the network knows its publisher.
func (q *query) tell(v Values) {
	name := v.ClickParameter
	if slices.ContainsFunc(q.all, func(p parameter) bool { return p.name == name && !p.empty }) {
		name = lastResort
	}
	q.set(name, v.ClickID, true)
}

func (q *query) write(b *strings.Builder) {
	if !q.there {
		return
	}
	for i, p := range q.all {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(p.written)
	}
	if len(q.all) == 0 {
		b.WriteByte('?')
	}
}
