package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// mostCohorts bounds an answer: a custom field may have a value for each contact.
const mostCohorts = 1000

// Cohorts adds up what subscriptions earned and cost at each age, from the rows themselves.
// What nobody is credited for is in no cohort. With more than 1,000 cohorts the largest are
// given.
func (s *Store) Cohorts(ctx context.Context, q models.CohortQuery) ([]models.Cohort, error) {
	key, name, args := cohortKey(q)
	rows, err := s.pool.Query(ctx, `
		WITH people AS MATERIALIZED (
			SELECT s.id, s.signup_at, `+key+` AS key, `+name+` AS name
			  FROM subscriptions s JOIN accounts a ON a.id = s.account_id JOIN lists l ON l.id = s.list_id
			 WHERE s.account_id = $1 AND ($4::text = '' OR s.list_id::text = $4)
			   AND (s.signup_at AT TIME ZONE a.zone)::date BETWEEN $2::date AND $3::date AND $6::text IS NOT NULL
		), money AS (
			SELECT c.subscription_id AS id, c.at, c.counted AS conversions, c.booked AS revenue, 0::bigint AS cost
			  FROM conversions c WHERE c.account_id = $1 AND c.state = 'credited'
			UNION ALL
			SELECT m.subscription_id, f.at, 0, f.revenue, 0
			  FROM first_clicks f JOIN messages m ON m.id = f.message_id WHERE f.account_id = $1 AND f.revenue <> 0
			UNION ALL
			SELECT m.subscription_id, m.sent_at, 0, 0, m.cost
			  FROM messages m WHERE m.account_id = $1 AND m.state IN ('sent', 'delivered', 'undelivered') AND m.cost <> 0
		), earned AS (
			SELECT p.key, `+sumsAtAges()+`
			  FROM people p JOIN money x ON x.id = p.id GROUP BY p.key
		)
		SELECT p.key, max(p.name), count(*), `+columnsAtAges()+`
		  FROM people p LEFT JOIN earned e ON e.key = p.key
		 GROUP BY p.key ORDER BY count(*) DESC, p.key LIMIT $7`, append(args, mostCohorts)...)
	if err != nil {
		return nil, explain(err, "cohorts")
	}
	out, err := pgx.CollectRows(rows, scanCohort)
	return out, explain(err, "cohorts")
}

// cohortKey gives the SQL of a subscription's cohort and of its name, and the arguments of
// the whole statement but for its limit.
func cohortKey(q models.CohortQuery) (key, name string, args []any) {
	args = []any{q.AccountID, q.From, q.To, string(q.ListID), q.Now, q.Field}
	switch q.By {
	case models.CohortList:
		return `l.id::text`, `l.name`, args
	case models.CohortField:
		return `coalesce(s.fields ->> $6::text, '')`, `coalesce(s.fields ->> $6::text, '')`, args
	case models.CohortWeek:
	}
	week := `date_trunc('week', s.signup_at AT TIME ZONE a.zone)::date::text`
	return week, week, args
}

func sumsAtAges() string {
	var all []string
	for _, days := range models.CohortAges() {
		young := fmt.Sprintf(`FILTER (WHERE x.at < p.signup_at + interval '%d days')`, days)
		all = append(all, fmt.Sprintf(`coalesce(sum(x.conversions) %[1]s, 0)::bigint AS n%[2]d, coalesce(sum(x.revenue) %[1]s, 0)::bigint AS r%[2]d,
			coalesce(sum(x.cost) %[1]s, 0)::bigint AS c%[2]d`, young, days))
	}
	return strings.Join(all, ", ")
}

func columnsAtAges() string {
	var all []string
	for _, days := range models.CohortAges() {
		all = append(all, fmt.Sprintf(`max(p.signup_at) + interval '%[1]d days' <= $5::timestamptz,
			coalesce(max(e.n%[1]d), 0), coalesce(max(e.r%[1]d), 0), coalesce(max(e.c%[1]d), 0)`, days))
	}
	return strings.Join(all, ", ")
}

func scanCohort(row pgx.CollectableRow) (models.Cohort, error) {
	ages := models.CohortAges()
	c := models.Cohort{Ages: make([]models.CohortAge, len(ages))}
	into := []any{&c.Key, &c.Name, &c.Size}
	for i, days := range ages {
		a := &c.Ages[i]
		a.Days = days
		into = append(into, &a.Complete, &a.Conversions, &a.Revenue, &a.Cost)
	}
	return c, row.Scan(into...)
}
