package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/models"
)

// importing is an import in the middle of its run.
type importing struct {
	ref     activities.ImportRef
	status  ImportStatus
	began   time.Time
	stopped bool
	wanted  *models.ImportLookUps
}

// span is a run of rows.
type span struct{ first, last int64 }

// run stages the file and merges its pages. Pages that find their rows gone are merged
// after the file has been read again.
func (i *importing) run(ctx workflow.Context) error {
	var pages []span
	for range stagings {
		step, err := call(staging(ctx, "read the file"), imports.StageFile, i.ref)
		if i.stopped, i.wanted = step.Stopped, step.LookUps; err != nil || i.stopped {
			return err
		}
		if pages == nil {
			i.status.Rows, pages = step.Rows, pagesOf(step.Rows)
		}
		if pages, err = i.merge(ctx, pages); err != nil || i.stopped || len(pages) == 0 {
			return err
		}
	}
	return temporal.NewApplicationError(fmt.Sprintf("the rows read from the file were lost %d times", stagings), "lost")
}

func pagesOf(rows int64) []span {
	size := max(pageRows, (rows+mostPages-1)/mostPages)
	var pages []span
	for first := int64(1); first <= rows; first += size {
		pages = append(pages, span{first: first, last: min(first+size-1, rows)})
	}
	return pages
}

// merge merges pages, some at a time, and gives back those whose rows were gone.
func (i *importing) merge(ctx workflow.Context, pages []span) (lost []span, err error) {
	type flight struct {
		span
		done workflow.Future
	}
	var flying []flight
	for len(pages) > 0 || len(flying) > 0 {
		for len(pages) > 0 && len(flying) < pagesAtOnce && !i.stopped && err == nil {
			p := pages[0]
			ctx := slow(ctx, fmt.Sprintf("rows %d to %d", p.first, p.last))
			flying = append(flying, flight{span: p, done: workflow.ExecuteActivity(ctx, imports.MergePage, activities.MergeInput{
				ImportRef: i.ref, First: p.first, Last: p.last,
			})})
			pages = pages[1:]
		}
		if len(flying) == 0 {
			return lost, err
		}
		var step models.ImportStep
		if failed := flying[0].done.Get(ctx, &step); failed != nil {
			err = failed
		} else if i.take(ctx, step); step.Lost {
			lost = append(lost, flying[0].span)
		}
		flying = flying[1:]
	}
	return lost, err
}

// take adds what a page has become.
func (i *importing) take(ctx workflow.Context, step models.ImportStep) {
	i.stopped = i.stopped || step.Stopped
	if step.Stopped || step.Lost {
		return
	}
	s, p := &i.status, step.Page
	s.Position += p.Last - p.First + 1
	s.Added, s.Merged, s.OptedOut, s.NotMobile = s.Added+p.Added, s.Merged+p.Merged, s.OptedOut+p.OptedOut, s.NotMobile+p.Refused
	if took := workflow.Now(ctx).Sub(i.began).Seconds(); took > 0 {
		s.RowsPerSecond = float64(s.Position) / took
		s.SecondsLeft = float64(s.Rows-s.Position) / s.RowsPerSecond
	}
}
