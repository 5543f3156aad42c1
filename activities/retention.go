package activities

import (
	"context"
	"time"

	"trackly/models"
)

// retentionStore is what Retention needs from the store, and nothing else.
type retentionStore interface {
	AccountIDs(ctx context.Context, after models.AccountID, limit int) ([]models.AccountID, error)
	RedactMessages(ctx context.Context, account models.AccountID, at time.Time, after models.BatchID) (gone int64, next models.BatchID, err error)
	RedactInbound(ctx context.Context, account models.AccountID, at time.Time, after int64) (gone, next int64, err error)
	ShortenAddresses(ctx context.Context, account models.AccountID, at time.Time) (cut int64, more bool, err error)
}

// Retention takes texts away that are older than their accounts keep them, and cuts the
// network addresses of old clicks short.
type Retention struct {
	Store retentionStore
	Now   func() time.Time
}

const (
	// redactFor is how long one activity works before history notes how far it came.
	redactFor       = 2 * time.Minute
	accountsAtATime = 200
)

// RedactInput says after which account to begin. It is written into history: fields are
// added, never renamed.
type RedactInput struct{ After models.AccountID }

// RedactResult says what was taken away, and where to go on when it is not Done.
type RedactResult struct {
	models.Redacted
	After models.AccountID
	Done  bool
}

// Redact takes old texts away, account by account, until none is left or its time is up.
// Every chunk is durable by itself, so a second run goes on with what is left.
func (r *Retention) Redact(ctx context.Context, in RedactInput) (RedactResult, error) {
	defer alive(ctx)()
	run := redaction{Retention: r, began: r.Now(), res: RedactResult{After: in.After}}
	for {
		ids, err := r.Store.AccountIDs(ctx, run.res.After, accountsAtATime)
		if err != nil || len(ids) == 0 {
			run.res.Done = err == nil
			return run.res, err
		}
		for _, id := range ids {
			finished, err := run.account(ctx, id)
			if err != nil || !finished {
				return run.res, err
			}
			run.res.After = id
		}
	}
}

// redaction is one run.
type redaction struct {
	*Retention
	began time.Time
	res   RedactResult
}

func (r *redaction) timeIsUp() bool { return r.Now().Sub(r.began) > redactFor }

// account reports whether nothing old is left of the account.
func (r *redaction) account(ctx context.Context, id models.AccountID) (finished bool, err error) {
	for after := models.BatchID(0); ; {
		gone, next, err := r.Store.RedactMessages(ctx, id, r.began, after)
		if err != nil {
			return false, err
		}
		r.res.Messages += gone
		if next == 0 {
			break
		}
		if after = next; r.timeIsUp() {
			return false, nil
		}
	}
	for after := int64(0); ; {
		gone, next, err := r.Store.RedactInbound(ctx, id, r.began, after)
		if err != nil {
			return false, err
		}
		r.res.Inbound += gone
		if next == 0 {
			return r.addresses(ctx, id)
		}
		if after = next; r.timeIsUp() {
			return false, nil
		}
	}
}

func (r *redaction) addresses(ctx context.Context, id models.AccountID) (finished bool, err error) {
	for {
		cut, more, err := r.Store.ShortenAddresses(ctx, id, r.began)
		r.res.Addresses += cut
		if err != nil || !more {
			return err == nil, err
		}
		if r.timeIsUp() {
			return false, nil
		}
	}
}
