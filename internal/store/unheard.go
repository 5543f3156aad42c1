package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// CountUnheard counts codes that are in no table, by code.
func (s *Store) CountUnheard(ctx context.Context, account models.AccountID, provider string, codes map[string]int) error {
	if len(codes) == 0 {
		return nil
	}
	var names []string
	var seen []int64
	for code, n := range codes {
		names, seen = append(names, storable(code)), append(seen, int64(n))
	}
	err := s.run(ctx, `
		INSERT INTO unheard_codes (account_id, provider, code, seen)
		SELECT $1, $2, code, sum(seen) FROM unnest($3::text[], $4::bigint[]) AS t (code, seen) GROUP BY code ORDER BY code
		ON CONFLICT (account_id, provider, code) DO UPDATE SET seen = unheard_codes.seen + excluded.seen, last_at = now()`,
		account, provider, names, seen)
	return explain(err, "codes")
}

// storable cuts a provider's word to what a column of text takes.
func storable(code string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(code[:min(len(code), 100)], ""), "\x00", "")
}

// UnheardCodes reads the account's codes that are in no table, the most frequent first.
func (s *Store) UnheardCodes(ctx context.Context, account models.AccountID) ([]models.UnheardCode, error) {
	rows, err := s.pool.Query(ctx, `SELECT provider, code, seen, first_at, last_at FROM unheard_codes
		WHERE account_id = $1 ORDER BY seen DESC, provider, code LIMIT 500`, account)
	if err != nil {
		return nil, explain(err, "codes")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.UnheardCode])
	return out, explain(err, "codes")
}
