package store

import (
	"strings"

	"github.com/jackc/pgx/v5"

	"trackly/models"
	"trackly/rules/place"
)

// place reads anew where contacts are whose facts come from the file and from before: the
// merge has written what the file alone says.
func (p *page) place(ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := p.tx.Query(p.ctx, `SELECT s.id, c.phone, c.region, c.zones, s.zone, s.state, s.postal
		FROM subscriptions s JOIN contacts c ON c.id = s.contact_id WHERE s.id = ANY ($1)`, ids)
	if err != nil {
		return err
	}
	var states, zones []string
	var id models.SubscriptionID
	var f place.Facts
	ids = ids[:0]
	_, err = pgx.ForEachRow(rows, []any{&id, &f.Phone, &f.Region, &f.PhoneZones, &f.Zone, &f.State, &f.Postal}, func() error {
		state, all := whereabouts(f)
		ids, states, zones = append(ids, int64(id)), append(states, state), append(zones, strings.Join(all, ","))
		return nil
	})
	if err != nil {
		return err
	}
	_, err = p.tx.Exec(p.ctx, `UPDATE subscriptions s SET at_state = t.state, at_zones = string_to_array(t.zones, ',')
		FROM unnest($1::bigint[], $2::text[], $3::text[]) AS t (id, state, zones)
		WHERE s.id = t.id AND (s.at_state, s.at_zones) IS DISTINCT FROM (t.state, string_to_array(t.zones, ','))`, ids, states, zones)
	return err
}
