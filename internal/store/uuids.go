package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// binaryUUIDs lets a connection send ids, which are strings here, as the 16 bytes they are.
// Without it pgx tries, fails, writes an error with the whole parameter in it, throws that
// away and sends text, for every statement: 2 % of the processor time of a redirect.
func binaryUUIDs(_ context.Context, conn *pgx.Conn) error {
	m := conn.TypeMap()
	m.TryWrapEncodePlanFuncs = append(m.TryWrapEncodePlanFuncs, asUUID)
	return nil
}

func asUUID(value any) (pgtype.WrappedEncodePlanNextSetter, any, bool) {
	if _, ok := value.(string); !ok {
		return nil, nil, false
	}
	return &uuidPlan{}, pgtype.UUID{}, true
}

// uuidPlan is tried only where PostgreSQL wants something else than text.
type uuidPlan struct{ next pgtype.EncodePlan }

// SetNext is called once, before the plan is used.
func (p *uuidPlan) SetNext(next pgtype.EncodePlan) { p.next = next }

// Encode refuses what is no id: it goes as text then, and PostgreSQL says what is wrong.
func (p *uuidPlan) Encode(value any, buf []byte) ([]byte, error) {
	id, err := uuid.Parse(value.(string)) //nolint:forcetypeassert // asUUID saw it
	if err != nil {
		return nil, err
	}
	return p.next.Encode(pgtype.UUID{Bytes: id, Valid: true}, buf)
}
