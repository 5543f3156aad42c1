package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// Reach counts whom the campaign would text if it were frozen now, by list and by wave.
func (s *Store) Reach(ctx context.Context, c models.Campaign, now time.Time) (models.Reach, error) {
	var r models.Reach
	err := s.within(ctx, patience, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		w, err := s.crowdOf(ctx, tx, c, now)
		if err != nil {
			return err
		}
		sizes, err := w.counts(ctx, tx, "("+w.sql+")", w.args...)
		if err != nil {
			return err
		}
		r.Lists, r.Waves = make([]models.ListReach, len(w.lists)), make([]models.Wave, 0, len(w.waves))
		for i, list := range w.lists {
			r.Lists[i].ListID = list
		}
		for number, at := range w.waves {
			one := models.Wave{At: at}
			for i, n := range sizes[number*len(w.lists) : (number+1)*len(w.lists)] {
				one.Contacts += n
				r.Lists[i].Contacts += n
			}
			if r.Contacts += one.Contacts; one.Contacts > 0 {
				r.Waves = append(r.Waves, one)
			}
		}
		return nil
	})
	return r, explain(err, "audience")
}

// Waves counts the contacts of a frozen campaign's waves by time. A campaign that goes out
// at once is one wave.
func (s *Store) Waves(ctx context.Context, account models.AccountID, id models.CampaignID) ([]models.Wave, error) {
	rows, err := s.pool.Query(ctx, `SELECT b.wave_at, sum(b.size), sum(b.sent) FROM batches b
		WHERE b.account_id = $1 AND b.campaign_id = $2 GROUP BY b.wave_at ORDER BY b.wave_at`, account, id)
	if err != nil {
		return nil, explain(err, "waves")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Wave])
	return out, explain(err, "waves")
}
