package activities

import (
	"context"
	"time"

	"trackly/internal/fault"
	"trackly/internal/network"
	"trackly/models"
	"trackly/rules/pull"
)

// pullStore is what Pulls needs from the store, and nothing else.
type pullStore interface {
	Connection(ctx context.Context, account models.AccountID, id models.ConnectionID) (models.Connection, error)
	ConnectionsToPull(ctx context.Context, after models.ConnectionID, limit int) ([]models.Connection, error)
	OpenConnection(ctx context.Context, account models.AccountID, id models.ConnectionID) (models.Connection, models.Credentials, error)
	BlockConnection(ctx context.Context, c models.Connection, problem string) error
	EndPull(ctx context.Context, account models.AccountID, id models.ConnectionID, e models.PullEnd) error
	NetworkOffers(ctx context.Context, account models.AccountID, n models.Network, names []string) (map[string]models.NetworkOffer, error)
	BookedTransactions(ctx context.Context, account models.AccountID, all []models.Transaction) (map[models.Transaction]pull.Booked, error)
	Convert(ctx context.Context, account models.AccountID, all []models.Told) ([]models.Booking, error)
}

// tune asks a network for its conversions.
type tune interface {
	Conversions(ctx context.Context, a network.Account, from, to time.Time, page int) (network.Page, error)
}

// Pulls reads the conversions networks know of into the books.
type Pulls struct {
	Store pullStore
	TUNE  tune
	Now   func() time.Time
}

const (
	connectionsAtATime = 20
	// pullFor is how long one activity works before history notes how far it came.
	pullFor = time.Minute
	// mostPages is where a report is no report any more: half a million conversions.
	mostPages = 1000
)

// PlanPullsInput asks for all connections after a cursor, or for one. It is written into
// history: fields are added, never renamed.
type PlanPullsInput struct {
	AccountID    models.AccountID
	ConnectionID models.ConnectionID
	After        models.ConnectionID
}

// PullPlan is a connection, and what is to be read over it.
type PullPlan struct {
	AccountID    models.AccountID
	ConnectionID models.ConnectionID
	From, To     time.Time
}

// PlanPulls says what is to be pulled now. A connection that is blocked is tried only when
// it is asked for by its name.
func (p *Pulls) PlanPulls(ctx context.Context, in PlanPullsInput) ([]PullPlan, error) {
	now := p.Now().UTC().Truncate(time.Microsecond)
	var all []models.Connection
	var err error
	if in.ConnectionID == "" {
		all, err = p.Store.ConnectionsToPull(ctx, in.After, connectionsAtATime)
	} else {
		all = make([]models.Connection, 1)
		if all[0], err = p.Store.Connection(ctx, in.AccountID, in.ConnectionID); gone(err) {
			return nil, nil
		}
	}
	if err != nil {
		return nil, err
	}
	plans := make([]PullPlan, len(all))
	for i, c := range all {
		plans[i] = PullPlan{AccountID: c.AccountID, ConnectionID: c.ID, From: c.Since(now), To: now}
	}
	return plans, nil
}

// PullPagesInput says at which page to begin. It is written into history: fields are added,
// never renamed.
type PullPagesInput struct {
	PullPlan
	Page int // from 1
}

// PullPagesResult counts what was read, and says where to go on when it is not Done. There
// are no rows in it: history is for ever.
type PullPagesResult struct {
	models.Pulled
	Next        int
	Done        bool
	Blocked     bool
	Problem     string
	PendingFrom *time.Time
}

// PullPages reads one page after the other and books it, until the last one or until its
// time is up. Every page is durable by itself, and reading one again changes nothing.
func (p *Pulls) PullPages(ctx context.Context, in PullPagesInput) (PullPagesResult, error) {
	defer alive(ctx)()
	res := PullPagesResult{Next: in.Page}
	c, key, err := p.Store.OpenConnection(ctx, in.AccountID, in.ConnectionID)
	if err != nil {
		res.Done = gone(err)
		return res, unless(res.Done, err)
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return res, fault.Wrap(err, fault.Internal, "no zone %s on this machine", c.Zone)
	}
	a := network.Account{NetworkID: c.NetworkID, Key: network.Key(key.Token), BaseURL: c.BaseURL, Zone: zone}
	for began := p.Now(); !res.Done && p.Now().Sub(began) < pullFor; res.Next++ {
		if res.Next > mostPages {
			res.Done, res.Problem = true, "the network's report does not end"
			break
		}
		page, err := p.TUNE.Conversions(ctx, a, in.From, in.To, res.Next)
		switch fault.KindOf(err) {
		case fault.Forbidden:
			res.Done, res.Blocked = true, true
			return res, p.Store.BlockConnection(ctx, c, problemOf(err))
		case fault.Invalid:
			res.Done, res.Problem = true, problemOf(err)
			return res, nil
		default:
		}
		if err != nil {
			return res, err
		}
		if err := p.book(ctx, c, page, &res); err != nil {
			return res, err
		}
		res.Done = !page.More
	}
	return res, nil
}

func unless(fine bool, err error) error {
	if fine {
		return nil
	}
	return err
}

// EndPullInput says how the pull over a connection ended. It is written into history:
// fields are added, never renamed.
type EndPullInput struct {
	PullPlan
	Problem     string
	Complete    bool
	PendingFrom *time.Time
}

// EndPull notes it at the connection, for people to see.
func (p *Pulls) EndPull(ctx context.Context, in EndPullInput) (struct{}, error) {
	return struct{}{}, p.Store.EndPull(ctx, in.AccountID, in.ConnectionID, models.PullEnd{
		Problem: in.Problem, Complete: in.Complete, Began: in.To, PendingFrom: in.PendingFrom,
	})
}
