package store_test

import (
	"testing"

	"pgregory.net/rapid"

	"trackly/internal/testkit"
	"trackly/rules/audience"
)

// One filter, read twice: in memory and as SQL. The two must mean the same people.
func TestFiltersMeanTheSameInMemoryAndInSQL(t *testing.T) {
	t.Parallel()
	words := []string{"TX", "CA", "ny", "", "O'Brien", `"; --`, "%", "é"}
	w := newWorld(t, 0)
	var rows []testkit.Contact
	for i := range 120 {
		r := testkit.Contact{Phone: phoneOf(i), Fields: map[string]string{}}
		r.State, r.FirstName, r.LastName = words[i%8], words[i/8%8], words[i/5%8]
		if i%3 > 0 {
			r.Fields["plan"] = words[i/3%8]
		}
		rows = append(rows, r)
	}
	w.load(people(len(rows))...)
	for i, r := range rows { // what no file brings: states that are none
		w.exec(`UPDATE subscriptions s SET state = $2, first_name = $3, last_name = $4, fields = $5 FROM contacts c WHERE c.id = s.contact_id AND c.phone = $1`,
			phoneOf(i), r.State, r.FirstName, r.LastName, r.Fields)
	}
	condition := rapid.Custom(func(r *rapid.T) audience.Condition {
		c := audience.Condition{
			Field: rapid.SampledFrom([]string{"state", "first_name", "last_name", "plan", "never_seen"}).Draw(r, "field"),
			Op:    rapid.SampledFrom(audience.Ops()).Draw(r, "op"),
		}
		switch c.Op {
		case audience.Eq, audience.Ne:
			c.Values = []string{rapid.SampledFrom(words).Draw(r, "value")}
		case audience.In, audience.NotIn:
			c.Values = rapid.SliceOfN(rapid.SampledFrom(words), 1, 4).Draw(r, "values")
		case audience.Exists, audience.NotExists:
		}
		return c
	})
	rapid.Check(t, func(r *rapid.T) {
		f := audience.Filter{All: rapid.SliceOfN(condition, 0, 3).Draw(r, "conditions")}
		var want int64
		for _, x := range rows {
			if f.Match(audience.Person{FirstName: x.FirstName, LastName: x.LastName, State: x.State, Fields: x.Fields}) {
				want++
			}
		}
		got, err := w.AudienceSize(w.t.Context(), w.account, w.list.ID, f)
		if err != nil || got != want {
			r.Fatalf("%+v: SQL counts %d, memory %d (%v)", f, got, want, err)
		}
	})
}
