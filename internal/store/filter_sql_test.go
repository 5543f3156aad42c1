package store_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/internal/store"
	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/audience/audiencetest"
)

// member is a subscription and what a filter can look at.
type member struct {
	id     models.SubscriptionID
	person audience.Person
}

// drawn is an account with random contacts on two lists and static audiences, and what
// random filters may ask of it.
func drawn(t *testing.T, contacts int) (*world, audiencetest.World, []member) {
	t.Helper()
	w := newWorld(t, 0)
	foreign := addWorld(t, w.Store, 0)
	in := audiencetest.World{
		Now:       time.Date(2026, 11, 25, 9, 30, 0, 123_456_000, time.UTC),
		Lists:     []string{string(w.list.ID), string(w.addList("Other", nil).list.ID)},
		Audiences: []string{w.static(), w.static()}, Foreign: []string{foreign.static()},
	}
	for name, is := range audiencetest.Types() {
		w.exec(`INSERT INTO fields (account_id, name, type) VALUES ($1, $2, $3)`, w.account, name, is)
	}
	person := rapid.Custom(in.Person)
	var all []member
	for i := range contacts {
		p := person.Example(i)
		m := member{id: w.subscribe(p, i), person: p}
		w.exec(`INSERT INTO audience_members VALUES ($1, $2)`, in.Foreign[0], m.id)
		if i%10 == 9 {
			w.exec(`UPDATE subscriptions SET status = 'opted_out', opted_out_at = now() WHERE id = $1`, m.id)
			continue
		}
		all = append(all, m)
	}
	return w, in, all
}

func (w *world) static() string {
	id := models.NewID[models.AudienceID]()
	w.exec(`INSERT INTO audiences (id, account_id, name, kind, filter, size, frozen_at) VALUES ($1, $2, 'A', 'static', '{}', 0, now())`, id, w.account)
	return string(id)
}

func null(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// subscribe puts a person into the tables, in one of the ways it can be there.
func (w *world) subscribe(p audience.Person, i int) models.SubscriptionID {
	w.t.Helper()
	given, at := p.State, []string{"", "ZZ"}[i%2]
	if given == "" || i%3 == 0 {
		given, at = "", p.State
	}
	zones := p.Zones
	if zones == nil {
		zones = []string{}
	}
	id := w.count(`
		WITH c AS (INSERT INTO contacts (phone, carrier, line_type) VALUES ($1, $2, $3) RETURNING id)
		INSERT INTO subscriptions (account_id, list_id, contact_id, first_name, last_name, state, at_state, at_zones, fields, signup_method, signup_at)
		SELECT $4, $5, c.id, $6, $7, $8, $9, $10, $11, $12, $13 FROM c RETURNING id`,
		phoneOf(i), p.Carrier, p.LineType, w.account, p.List, p.FirstName, p.LastName, given, at, zones,
		string(p.Fields.Encode(p.Types)), p.SignupMethod, p.SignupAt)
	quiet := p.Sends+p.Clicks+p.Conversions+p.Revenue == 0 && p.LastSentAt.IsZero() && p.LastClicked.IsZero() && p.LastConverted.IsZero()
	if !quiet || i%2 == 0 {
		w.exec(`INSERT INTO totals VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			id, p.Sends, p.Clicks, p.Conversions, p.Revenue, null(p.LastSentAt), null(p.LastClicked), null(p.LastConverted))
	}
	for _, a := range p.Audiences {
		w.exec(`INSERT INTO audience_members VALUES ($1, $2)`, a, id)
	}
	return models.SubscriptionID(id)
}

// One filter, read twice: in memory and as SQL. The two must mean the same people.
func TestFiltersMeanTheSameInMemoryAndInSQL(t *testing.T) {
	t.Parallel()
	w, in, all := drawn(t, 300)
	trees, some := 0, map[string]int{} // how often a leaf had an answer of each kind
	rapid.Check(t, func(r *rapid.T) {
		for range 30 {
			f := in.Filter(r)
			var want []models.SubscriptionID
			for _, m := range all {
				if f.Match(m.person, in.Now) {
					want = append(want, m.id)
				}
			}
			got, err := w.Matching(w.t.Context(), w.account, f, in.Now)
			if err != nil || !slices.Equal(got, want) {
				data, _ := f.MarshalJSON()
				r.Fatalf("%s: SQL means %v, memory %v (%v)", data, got, want, err)
			}
			trees++
			if x := f.Condition; x != nil && len(want) > 0 && len(want) < len(all) {
				some[fmt.Sprint(audience.KindOf(x.Field, audiencetest.Types()), x.Op)]++
			}
		}
	})
	require.Greater(t, trees, 1000)
	require.Greater(t, len(some), 30, "too few operators met both kinds of people: %v", some)
}

// A value never becomes part of the statement, and neither does the name of a custom field.
func TestFiltersAreInjectionProof(t *testing.T) {
	t.Parallel()
	in := audiencetest.World{Now: noon, Lists: []string{"l'"}, Audiences: []string{"a'"}, Foreign: []string{"f'"}}
	harmless := regexp.MustCompile(`^[a-zA-Z0-9_ .,$:()\[\]<>=&@?*|\-\n\t]*$`)
	rapid.Check(t, func(r *rapid.T) {
		f := in.Filter(r)
		where, joins, args := store.Compile(f, audiencetest.Types(), in.Now)
		plain := strings.NewReplacer("''", "", "'{}'", "").Replace(where + joins)
		if !harmless.MatchString(plain) {
			r.Fatalf("a quote in %s", where)
		}
		for name := range audiencetest.Types() {
			if regexp.MustCompile(`\b` + name + `\b`).MatchString(where) {
				r.Fatalf("the name %s in %s", name, where)
			}
		}
		if strings.Count(where, "$") != len(args) {
			r.Fatalf("%d parameters in %s", len(args), where)
		}
	})
}

func TestAFilterJoinsWhatItNeeds(t *testing.T) {
	t.Parallel()
	is := audience.Where
	const contacts, totals = " JOIN contacts c ON c.id = s.contact_id", " LEFT JOIN totals t ON t.subscription_id = s.id"
	for want, f := range map[string]audience.Filter{
		"":                audience.AnyOf(is("state", audience.Eq, "TX"), is("age", audience.Gt, "1"), is("signup_at", audience.Within, "1d")),
		contacts:          is("carrier", audience.Exists),
		totals:            audience.NotOf(is("revenue_average", audience.Gt, "1")),
		contacts + totals: audience.AllOf(is("line_type", audience.Eq, "mobile"), is("last_sent_at", audience.NotExists)),
	} {
		_, joins, _ := store.Compile(f, audiencetest.Types(), noon)
		require.Equal(t, want, joins)
	}
}

// A field that was deleted is missing everywhere, so "not" of it would be everybody.
func TestAFilterWithADeletedFieldReachesNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	f := audience.NotOf(audience.Where("age", audience.Gt, "1"))
	_, err := w.AudienceSize(t.Context(), w.account, w.list.ID, f)
	require.NotContains(t, fmt.Sprint(err), `"age"`)
	w.exec(`DELETE FROM fields`)
	_, err = w.AudienceSize(t.Context(), w.account, w.list.ID, f)
	require.ErrorContains(t, err, `filter.not.field: "age" is neither`)
}
