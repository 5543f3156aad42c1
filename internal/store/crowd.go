package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/field"
	"trackly/rules/wave"
)

// crowd is whom a campaign means, as a query that gives each person once: the id of the
// subscription they are texted by, and their group. A group is of one list and one wave.
type crowd struct {
	sql   string
	args  []any
	lists []models.ListID
	waves []*time.Time // by time; without a local time there is one, of none
}

// groups is how many there may be.
func (w crowd) groups() int { return len(w.waves) * len(w.lists) }

// list is the list of a group, and at its time.
func (w crowd) list(group int) models.ListID { return w.lists[group%len(w.lists)] }
func (w crowd) at(group int) *time.Time      { return w.waves[group/len(w.lists)] }

// crowdOf reads whom the campaign means. An audience is read as it is now, in the snapshot
// of the transaction, which must be the one that the query is asked in.
func (s *Store) crowdOf(ctx context.Context, tx pgx.Tx, c models.Campaign, now time.Time) (crowd, error) {
	w := crowd{lists: c.From(), waves: []*time.Time{nil}}
	known, err := s.FieldSet(ctx, c.AccountID)
	if err != nil {
		return w, err
	}
	include, exclude, err := whom(ctx, tx, c, known)
	if err != nil {
		return w, err
	}
	distinct, group, order := "", "0", ""
	from, where := "subscriptions s", "s.account_id = $1 AND s.list_id = $2 AND s.status = 'active'"
	w.args = []any{c.AccountID, c.ListID}
	if len(w.lists) > 1 {
		distinct, group, order = "DISTINCT ON (s.contact_id) ", "(l.number - 1)::int", " ORDER BY s.contact_id, l.number"
		from = "unnest($2::uuid[]) WITH ORDINALITY l (id, number) JOIN subscriptions s ON s.list_id = l.id"
		where = "s.account_id = $1 AND s.status = 'active'"
		w.args[1] = w.lists
	}
	in, args := compile(include, known, now, w.args)
	w.args = args
	from, where = from+in.joins(), where+" AND ("+in.where+")"
	if exclude != nil {
		// Whatever the list and the status by which somebody is in such an audience: the
		// person is not to be texted.
		out, args := compile(*exclude, known, now, w.args)
		w.args = args
		where += ` AND NOT EXISTS (SELECT FROM (SELECT s.contact_id FROM subscriptions s` + out.joins() +
			` WHERE s.account_id = $1 AND (` + out.where + `)) e WHERE e.contact_id = s.contact_id)`
	}
	if c.LocalTime != "" {
		join, number, err := w.byZones(ctx, tx, c)
		if err != nil {
			return w, err
		}
		from, group = from+join, fmt.Sprintf("%s * %d + %s", number, len(w.lists), group)
	}
	w.sql = "SELECT " + distinct + "s.id, " + group + " AS grp FROM " + from + " WHERE " + where + order
	return w, nil
}

// whom makes one tree of the campaign's filter and the audiences to include, and one of
// those to exclude. Each is checked once more: a custom field that was deleted since would
// be missing everywhere, and "not" of a missing one is everybody.
func whom(ctx context.Context, tx pgx.Tx, c models.Campaign, known field.Set) (include audience.Filter, exclude *audience.Filter, err error) {
	if err := c.Filter.Check(known); err != nil {
		return c.Filter, nil, err
	}
	rows, err := tx.Query(ctx, `SELECT a.id::text, a.kind, a.filter, x.exclude FROM campaign_audiences x
		JOIN audiences a ON a.id = x.audience_id WHERE x.campaign_id = $1 AND a.account_id = $2 ORDER BY a.id`, c.ID, c.AccountID)
	if err != nil {
		return c.Filter, nil, err
	}
	var a models.Audience
	var out bool
	var in, not []audience.Filter
	_, err = pgx.ForEachRow(rows, []any{&a.ID, &a.Kind, &a.Filter, &out}, func() error {
		f := a.Filter
		if a.Kind == models.AudienceStatic {
			f = audience.Where(audience.FieldAudience, audience.In, string(a.ID))
		} else if err := f.Check(known); err != nil {
			return err
		}
		if out {
			not = append(not, f)
		} else {
			in = append(in, f)
		}
		a = models.Audience{}
		return nil
	})
	include = c.Filter
	if len(in) > 0 {
		include = audience.AllOf(c.Filter, audience.AnyOf(in...))
	}
	if len(not) > 0 {
		f := audience.AnyOf(not...)
		exclude = &f
	}
	return include, exclude, err
}

// byZones makes the waves. Contacts live in few sets of zones, so each set is asked about
// once, here, where there is a table of zones, and joined back.
func (w *crowd) byZones(ctx context.Context, tx pgx.Tx, c models.Campaign) (join, number string, err error) {
	wall, err := wave.Parse(c.LocalTime)
	if err != nil {
		return "", "", err
	}
	var home string
	if err := tx.QueryRow(ctx, `SELECT zone FROM accounts WHERE id = $1`, c.AccountID).Scan(&home); err != nil {
		return "", "", err
	}
	rows, err := tx.Query(ctx, `SELECT DISTINCT s.at_zones FROM subscriptions s
		WHERE s.account_id = $1 AND s.list_id = ANY ($2::uuid[]) AND s.status = 'active'`, c.AccountID, w.lists)
	if err != nil {
		return "", "", err
	}
	sets, err := pgx.CollectRows(rows, pgx.RowTo[[]string])
	if err != nil {
		return "", "", err
	}
	times, keys := make([]time.Time, len(sets)), make([]string, len(sets))
	for i, zones := range sets {
		times[i], keys[i] = wall.Of(zones, home), strings.Join(zones, " ")
	}
	order := slices.CompactFunc(slices.SortedFunc(slices.Values(times), time.Time.Compare), time.Time.Equal)
	numbers := make([]int32, len(sets))
	for i, at := range times {
		n, _ := slices.BinarySearchFunc(order, at, time.Time.Compare)
		numbers[i] = int32(n) //nolint:gosec // a clock has so many minutes
	}
	w.waves = make([]*time.Time, len(order))
	for i := range order {
		w.waves[i] = &order[i]
	}
	w.args = append(w.args, keys, numbers)
	join = fmt.Sprintf(" LEFT JOIN unnest($%d::text[], $%d::int[]) w (zones, number) ON w.zones = array_to_string(s.at_zones, ' ')",
		len(w.args)-1, len(w.args))
	return join, "w.number", nil
}

// counts gives how many people each group has, of those in a query over it.
func (w crowd) counts(ctx context.Context, tx pgx.Tx, from string, args ...any) ([]int64, error) {
	sizes := make([]int64, w.groups())
	rows, err := tx.Query(ctx, `SELECT m.grp, count(*) FROM `+from+` m GROUP BY m.grp`, append([]any{planned}, args...)...)
	if err != nil {
		return nil, err
	}
	var group int
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&group, &n}, func() error {
		sizes[group] = n
		return nil
	})
	return sizes, err
}
