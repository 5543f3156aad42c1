package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"trackly/internal/fault"
	"trackly/models"
)

// Sums adds up what happened, by the dimensions asked for and in their order. It is exact
// at the moment it is asked: one statement, so one snapshot, reads the tallies and all that
// is not in them yet. Without a dimension there is one row.
func (s *Store) Sums(ctx context.Context, q models.ReportQuery) ([]models.ReportRow, error) {
	var out []models.ReportRow
	err := s.EachSum(ctx, q, func(r models.ReportRow) error {
		out = append(out, r)
		return nil
	})
	return out, err
}

// EachSum hands the rows of Sums over one by one, for a report that need not fit into
// memory. A row must not be kept for long meanwhile: a connection waits for take.
func (s *Store) EachSum(ctx context.Context, q models.ReportQuery, take func(models.ReportRow) error) error {
	return explain(eachSum(ctx, s.pool, reported, q, take), "report")
}

func eachSum(ctx context.Context, db querier, source string, q models.ReportQuery, take func(models.ReportRow) error) error {
	sql, args, err := sumSQL(source, q)
	if err != nil {
		return err
	}
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r := models.ReportRow{Keys: make([]string, len(q.By)), Names: make([]string, len(q.By))}
		var into []any
		for i := range q.By {
			into = append(into, &r.Keys[i], &r.Names[i])
		}
		if err := rows.Scan(append(into, metricsInto(&r.Metrics)...)...); err != nil {
			return err
		}
		if err := take(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// grouping is how a dimension is asked for: the columns of the rows it groups by, and its
// key and name as SQL of a group x.
type grouping struct {
	columns   []string
	key, name string
	join      string
	collate   string
}

func groupingOf(d models.Dimension) (grouping, error) {
	named := func(column, table string) grouping {
		return grouping{
			columns: []string{column}, key: `coalesce(nullif(x.` + column + `, ` + noCell + `)::text, '')`, name: `coalesce(` + table + `.name, '')`,
			join: fmt.Sprintf(` LEFT JOIN %[1]s ON %[1]s.id = x.%[2]s AND %[1]s.account_id = $1`, table, column),
		}
	}
	word := func(column, collate string) grouping {
		return grouping{columns: []string{column}, key: `x.` + column + `::text`, name: `x.` + column + `::text`, collate: collate}
	}
	switch d {
	case models.PerDay:
		return word("day", ""), nil
	case models.PerCampaign:
		return named("campaign_id", "campaigns"), nil
	case models.PerVariant:
		return grouping{
			columns: []string{"campaign_id", "variant"}, name: `coalesce(variants.name, '')`,
			key:  `CASE WHEN x.campaign_id = ` + noCell + ` THEN '' ELSE x.campaign_id || '/' || x.variant END`,
			join: ` LEFT JOIN variants ON variants.campaign_id = x.campaign_id AND variants.number = x.variant`,
		}, nil
	case models.PerCreative:
		return named("creative_id", "creatives"), nil
	case models.PerOffer:
		return named("offer_id", "offers"), nil
	case models.PerList:
		return named("list_id", "lists"), nil
	case models.PerProvider:
		return word("provider", byteWise), nil
	case models.PerCarrier:
		return word("carrier", byteWise), nil
	case models.PerState:
		return word("at_state", byteWise), nil
	}
	return grouping{}, fault.New(fault.Invalid, "a report cannot be grouped by that")
}

const byteWise = ` COLLATE "C"`

// sumSQL gives the statement that adds up a source, and its arguments.
func sumSQL(source string, q models.ReportQuery) (sql string, args []any, err error) {
	var columns, shown, order []string
	joins := ""
	for _, d := range q.By {
		g, err := groupingOf(d)
		if err != nil {
			return "", nil, err
		}
		for _, c := range g.columns {
			if !slices.Contains(columns, c) {
				columns = append(columns, c)
				order = append(order, `x.`+c+g.collate)
			}
		}
		shown = append(shown, g.key, g.name)
		joins += g.join
	}
	where, args, err := sumFilter(q)
	if err != nil {
		return "", nil, err
	}
	sums := `SELECT ` + strings.Join(append(slices.Clone(columns), sumsOf(allMetrics)), ", ") + ` FROM (` + source + `) s WHERE ` + where
	if len(columns) > 0 {
		// What was taken back leaves nothing, and was never there for whoever counts the rows.
		sums += ` GROUP BY ` + strings.Join(columns, ", ") + ` HAVING ` + strings.ReplaceAll(eachOf(allMetrics, "sum(%) <> 0"), ", ", " OR ")
	}
	sql = `SELECT ` + strings.Join(append(shown, eachOf(allMetrics, "x.%")), ", ") + ` FROM (` + sums + `) x` + joins
	if len(order) > 0 {
		sql += ` ORDER BY ` + strings.Join(order, ", ")
	}
	return sql, args, nil
}

func sumFilter(q models.ReportQuery) (where string, args []any, err error) {
	args, where = []any{q.AccountID}, `account_id = $1`
	add := func(condition string, arg any) {
		args = append(args, arg)
		where += fmt.Sprintf(` AND `+condition, len(args))
	}
	if !q.From.IsZero() {
		add(`day >= $%d::date`, q.From)
	}
	if !q.To.IsZero() {
		add(`day <= $%d::date`, q.To)
	}
	for _, f := range []struct{ column, id string }{
		{"campaign_id", string(q.CampaignID)}, {"offer_id", string(q.OfferID)}, {"list_id", string(q.ListID)}, {"creative_id", string(q.CreativeID)},
	} {
		switch {
		case f.id == "":
		case !models.IsID(f.id):
			return "", nil, fault.New(fault.Invalid, "%s is not an id", f.column)
		default:
			add(f.column+` = $%d::uuid`, f.id)
		}
	}
	return where, args, nil
}
