package main

import (
	"context"
	"fmt"

	"trackly/models"
)

// sliced is an account with two lists full of contacts of whom everything is known that
// an audience can ask for: states, zones, custom fields of every type, carriers of half
// of them, and what six in ten were sent.
type sliced struct {
	n       int
	account models.AccountID
	second  models.List // one contact in five
}

// fillSliced is SQL because an import knows no totals and no carriers. The shares are
// uneven, as they are in life: a few states and plans are most of the people.
const fillSliced = `
WITH made AS (
	SELECT i, random() AS r1, random() AS r2, random() AS r3, random() AS r4, random() AS r5, random() AS r6, random() AS r7, random() AS r8,
	       ('{CA,TX,FL,NY,PA,IL,OH,GA,NC,MI,NJ,VA,WA,AZ,MA,TN,IN,MD,MO,WI,CO,MN,SC,AL,LA,KY,OR,OK,CT,UT,IA,NV,AR,MS,KS,NM,NE,ID,WV,HI,NH,ME,MT,RI,DE,SD,ND,AK,VT,WY}'::text[])
	           [1 + floor(power(random(), 2) * 50)::int] AS state
	  FROM generate_series(1, $4::int) i
), known AS (
	INSERT INTO contacts (phone, region, zones, carrier, line_type)
	SELECT '+1' || $5::text || lpad(i::text, 7, '0'), 'US', '{America/New_York}',
	       CASE WHEN i % 2 = 0 THEN '' ELSE ('{Verizon Wireless,AT&T Mobility,T-Mobile USA,US Cellular,Bandwidth}'::text[])[1 + floor(power(r1, 2) * 5)::int] END,
	       CASE WHEN i % 2 = 0 THEN '' WHEN r2 < 0.85 THEN 'mobile' WHEN r2 < 0.95 THEN 'voip' ELSE 'landline' END
	  FROM made ORDER BY i
	RETURNING id, phone
), listed AS (
	INSERT INTO subscriptions (account_id, list_id, contact_id, status, opted_out_at, first_name, last_name, state, at_state, at_zones, fields, signup_at, signup_method)
	SELECT $1::uuid, CASE WHEN i % 5 = 0 THEN $3::uuid ELSE $2::uuid END, k.id,
	       CASE WHEN r3 < 0.94 THEN 'active' WHEN r3 < 0.97 THEN 'opted_out' WHEN r3 < 0.99 THEN 'invalid' ELSE 'suppressed' END,
	       CASE WHEN r3 >= 0.94 AND r3 < 0.97 THEN now() END,
	       'First' || i % 800, 'Last' || i % 5003,
	       CASE WHEN r4 < 0.1 THEN '' ELSE state END, CASE WHEN r4 < 0.03 THEN '' ELSE state END,
	       CASE WHEN r4 < 0.03 THEN '{}' WHEN r4 > 0.92 THEN '{America/New_York,America/Chicago}'
	            ELSE ARRAY[('{America/New_York,America/Chicago,America/Denver,America/Los_Angeles}'::text[])[1 + floor(power(r5, 1.5) * 4)::int]] END,
	       jsonb_strip_nulls(jsonb_build_object(
	           'plan', CASE WHEN r6 < 0.7 THEN ('{basic,silver,gold,platinum,trial}'::text[])[1 + floor(power(r7, 2) * 5)::int] END,
	           'city', CASE WHEN r7 < 0.9 THEN 'City' || floor(power(r8, 2) * 2000)::int END,
	           'age', CASE WHEN r8 < 0.8 THEN 18 + floor(r1 * 62)::int END,
	           'vip', CASE WHEN r1 < 0.5 THEN r1 < 0.04 END,
	           'renewal', CASE WHEN r2 < 0.6 THEN to_char(date '2026-01-01' + floor(r5 * 730)::int, 'YYYY-MM-DD') END)),
	       now() - power(r6, 2) * 720 * interval '1 day', CASE WHEN r2 < 0.9 THEN 'import' ELSE 'web_form' END
	  FROM made JOIN known k ON k.phone = '+1' || $5::text || lpad(i::text, 7, '0') ORDER BY i
	RETURNING id
)
INSERT INTO totals (subscription_id, send_count, click_count, conversion_count, revenue, last_sent_at, last_clicked_at, last_converted_at)
SELECT id, 1 + floor(power(b, 2) * 30)::int, CASE WHEN a < 0.15 THEN 1 + floor(b * 5)::int ELSE 0 END, CASE WHEN a < 0.02 THEN 1 ELSE 0 END,
       CASE WHEN a < 0.02 THEN 25000000 * (1 + floor(b * 4)::bigint) ELSE 0 END, now() - power(b, 2) * 200 * interval '1 day',
       CASE WHEN a < 0.15 THEN now() - power(b, 2) * 150 * interval '1 day' END, CASE WHEN a < 0.02 THEN now() - power(b, 2) * 100 * interval '1 day' END
  FROM (SELECT id, random() AS a, random() AS b FROM listed) x WHERE a < 0.6 ORDER BY id`

// slice fills an account with n contacts whose phones begin with the area code.
func (m *machine) slice(ctx context.Context, n int, area string) (sliced, error) {
	p := sliced{n: n}
	a, owner, err := models.NewAccount("Bench", "Ben", fmt.Sprintf("slice%s@bench.example", area))
	if err != nil {
		return p, err
	}
	p.account = a.ID
	key, _ := models.NewAPIKey(a.ID, "bench")
	if err := m.app.Store.AddAccount(ctx, a, owner, key); err != nil {
		return p, err
	}
	var lists [2]models.List
	for i := range lists {
		lists[i], err = m.app.Store.AddList(ctx, models.Once{}, m.checkedList(a.ID, "twilio"), models.Credentials{Token: token})
		if err != nil {
			return p, err
		}
	}
	p.second = lists[1]
	if _, err = m.pool.Exec(ctx, `INSERT INTO fields (account_id, name, type)
		VALUES ($1, 'plan', 'text'), ($1, 'city', 'text'), ($1, 'age', 'number'), ($1, 'vip', 'boolean'), ($1, 'renewal', 'date')`, a.ID); err != nil {
		return p, err
	}
	if _, err = m.pool.Exec(ctx, fillSliced, a.ID, lists[0].ID, lists[1].ID, n, area); err != nil {
		return p, err
	}
	_, err = m.pool.Exec(ctx, "VACUUM ANALYZE contacts, subscriptions, totals")
	return p, err
}
