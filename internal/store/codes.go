package store

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// SQLSTATE codes we act on (PostgreSQL manual, appendix A).
const (
	uniqueViolation      = "23505"
	foreignKeyViolation  = "23503"
	undefinedTable       = "42P01"
	checkViolation       = "23514"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	queryCanceled        = "57014" // by its own statement_timeout, where nobody cancelled it
)

func hasCode(err error, code string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == code
}

// victim reports whether Postgres undid the transaction only to let another one go on.
func victim(err error) bool {
	return hasCode(err, deadlockDetected) || hasCode(err, serializationFailure)
}
