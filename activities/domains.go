package activities

import (
	"context"
	"sync"
	"time"

	"trackly/internal/fault"
	"trackly/models"
)

// domainStore is what Domains needs from the store, and nothing else.
type domainStore interface {
	DomainsToCheck(ctx context.Context, after models.DomainID, limit int) ([]models.LinkDomain, error)
	CheckedDomain(ctx context.Context, d models.LinkDomain, problem string) (models.LinkDomain, error)
}

// linkChecker asks a domain whether it leads here.
type linkChecker interface {
	Check(ctx context.Context, url string) (problem string)
}

// Domains finds out which link domains lead to this installation.
type Domains struct {
	Store domainStore
	Links linkChecker
	Now   func() time.Time
}

const (
	// domainsAtATime are asked at once, each for some seconds at most.
	domainsAtATime = 16
	// checkFor is how long one activity works before history notes how far it came.
	checkFor = 2 * time.Minute
)

// CheckDomainsInput says after which domain to begin. It is written into history: fields
// are added, never renamed.
type CheckDomainsInput struct{ After models.DomainID }

// CheckDomainsResult counts what was found, and says where to go on when it is not Done.
type CheckDomainsResult struct {
	Checked, Down int64
	After         models.DomainID
	Done          bool
}

// CheckDomains asks one domain after the other, some at once, until all were asked or its
// time is up. What was found of each is kept at once; asking again does no harm.
func (d *Domains) CheckDomains(ctx context.Context, in CheckDomainsInput) (CheckDomainsResult, error) {
	defer alive(ctx)()
	res := CheckDomainsResult{After: in.After}
	for began := d.Now(); d.Now().Sub(began) < checkFor; {
		all, err := d.Store.DomainsToCheck(ctx, res.After, domainsAtATime)
		if err != nil || len(all) == 0 {
			res.Done = err == nil
			return res, err
		}
		down, err := d.check(ctx, all)
		if err != nil {
			return res, err
		}
		res.Checked, res.Down, res.After = res.Checked+int64(len(all)), res.Down+down, all[len(all)-1].ID
	}
	return res, nil
}

func (d *Domains) check(ctx context.Context, all []models.LinkDomain) (down int64, err error) {
	problems := make([]string, len(all))
	var asking sync.WaitGroup
	for i, domain := range all {
		asking.Go(func() { problems[i] = d.Links.Check(ctx, domain.URL) })
	}
	asking.Wait()
	if err := ctx.Err(); err != nil {
		return 0, err // cut short: that says nothing of the domains
	}
	for i, domain := range all {
		if problems[i] != "" {
			down++
		}
		if _, err := d.Store.CheckedDomain(ctx, domain, problems[i]); err != nil && !gone(err) {
			return 0, err
		}
	}
	return down, nil
}

// gone reports whether what was worked on has been deleted meanwhile.
func gone(err error) bool { return fault.KindOf(err) == fault.NotFound }
