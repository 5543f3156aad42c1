package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/audience"
)

// holdNamed refuses a filter that names audiences which are not static ones of the
// account, and keeps those it names from being deleted until it is stored itself: of an
// audience that is gone, not_in would mean everybody.
func holdNamed(ctx context.Context, tx pgx.Tx, account models.AccountID, f audience.Filter) error {
	named := f.Named()
	if len(named) == 0 {
		return nil
	}
	kept, err := staticOnes(ctx, tx, account, named, " FOR KEY SHARE")
	if err != nil {
		return err
	}
	return missingOnes(named, kept).Err("the filter")
}

// CheckNamed is Invalid, with the path of each, when the filter names audiences that are
// not static ones of the account.
func (s *Store) CheckNamed(ctx context.Context, account models.AccountID, f audience.Filter) error {
	named := f.Named()
	if len(named) == 0 {
		return nil
	}
	var kept map[string]bool
	err := s.briefly(ctx, pgx.ReadOnly, func(tx pgx.Tx) (err error) {
		kept, err = staticOnes(ctx, tx, account, named, "")
		return err
	})
	if err != nil {
		return explain(err, "audience")
	}
	return missingOnes(named, kept).Err("the filter")
}

func staticOnes(ctx context.Context, tx pgx.Tx, account models.AccountID, named []audience.Named, lock string) (map[string]bool, error) {
	var ids []string
	for _, n := range named {
		if models.IsID(n.ID) {
			ids = append(ids, n.ID)
		}
	}
	rows, err := tx.Query(ctx, `SELECT id::text FROM audiences
		WHERE account_id = $1 AND id = ANY ($2::uuid[]) AND kind = 'static' AND deleted_at IS NULL ORDER BY id`+lock, account, ids)
	if err != nil {
		return nil, err
	}
	kept := map[string]bool{}
	var id string
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		kept[id] = true
		return nil
	})
	return kept, err
}

func missingOnes(named []audience.Named, kept map[string]bool) (bad fault.Problems) {
	for _, n := range named {
		if !kept[n.ID] {
			bad.Add(n.Where, "is not a static audience of this account")
		}
	}
	return bad
}
