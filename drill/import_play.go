package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"trackly/internal/provider/sandbox"
	"trackly/models"
)

// brings plays imports one after the other.
func (w *world) brings(ctx context.Context, all []errand, o options, out io.Writer) ([]importOutcome, error) {
	var done []importOutcome
	for _, e := range all {
		res, err := w.bring(ctx, e, o)
		if err != nil {
			return nil, fmt.Errorf("import %d (%s): %w", e.Number, e, err)
		}
		res.print(out)
		done = append(done, res)
	}
	return done, nil
}

// bring imports a file, kills what the errand says meanwhile, and judges what is left.
func (w *world) bring(ctx context.Context, e errand, o options) (importOutcome, error) {
	res := importOutcome{errand: e, rows: o.importRows}
	if e.Kind == killStandalone {
		if err := w.fleet.together(ctx); err != nil {
			return res, err
		}
	}
	if err := w.api.ready(ctx); err != nil {
		return res, err
	}
	f := makeImport(e.Number, o.importRows, rand.New(rand.NewPCG(o.seed, uint64(e.Number)))) //nolint:gosec // a file that can be made again
	on, err := w.openList(ctx, f, e.Number)
	if err != nil {
		return res, err
	}
	began := time.Now()
	id, err := w.disturbed(ctx, e, on, f, &res)
	if err != nil {
		return res, err
	}
	if err := w.awaitImport(ctx, id); err != nil {
		return res, err
	}
	res.took = time.Since(began)
	seen, err := w.seen(ctx, on.id, id)
	res.verdict = judgeImport(f, seen)
	return res, err
}

// importList is a list and the import that prepared it.
type importList struct{ id, head string }

// openList makes a list on which a few people are already, and a few have said STOP.
func (w *world) openList(ctx context.Context, f importFile, number int) (on importList, err error) {
	if on.id, err = w.makeBareList(ctx, fmt.Sprintf("+1415556%04d", 100+number), sandbox.Twilio); err != nil {
		return on, err
	}
	if on.head, err = w.upload(ctx, on.id, file{data: f.head}); err == nil {
		err = w.awaitImport(ctx, on.head)
	}
	if err != nil {
		return on, fmt.Errorf("bring those who are on the list already: %w", err)
	}
	return on, w.api.post(ctx, "/v1/suppressions", object{"phones": f.silent, "scope": "list", "list_id": on.id, "note": "drill"}, nil)
}

// disturbed uploads the file while the errand's kill happens.
func (w *world) disturbed(ctx context.Context, e errand, on importList, f importFile, res *importOutcome) (id string, err error) {
	var g errgroup.Group
	half := make(chan struct{})
	reached := sync.OnceFunc(func() { close(half) })
	g.Go(func() error {
		at, err := w.awaitMoment(ctx, e, on, half)
		if err != nil {
			return err
		}
		res.at = at
		return w.fleet.strike(ctx, e.Kind, e.Number, e.Down)
	})
	body := file{data: f.body}
	if e.When == uploading {
		body.at, body.reached = int(e.Share*float64(len(f.body))), reached
	}
	id, err = w.upload(ctx, on.id, body)
	reached()
	return id, errors.Join(err, g.Wait())
}

// awaitMoment waits until the import is as far as the errand says, and tells how far it was.
func (w *world) awaitMoment(ctx context.Context, e errand, on importList, half <-chan struct{}) (at string, err error) {
	if e.When == uploading {
		select {
		case <-half:
		case <-ctx.Done():
			return "", ctx.Err()
		}
		return fmt.Sprintf("uploading %.0f %%", 100*e.Share), pause(ctx, e.Jitter)
	}
	err = patiently(ctx, importPatience, 3*time.Millisecond, func(ctx context.Context) (bool, error) {
		p, err := w.importProgress(ctx, on)
		return err == nil && p.passed(e), err
	})
	if err == nil {
		err = pause(ctx, e.Jitter)
	}
	if err != nil {
		return "", err
	}
	p, err := w.importProgress(ctx, on)
	return p.String(), err
}

// progress is the row of an import.
type progress struct {
	State          models.ImportState
	Staged         bool
	Position, Rows int64
}

func (w *world) importProgress(ctx context.Context, on importList) (p progress, err error) {
	err = w.db.QueryRow(ctx, `SELECT state, staged, position, rows_read FROM imports WHERE list_id = $1 AND id <> $2`, on.id, on.head).
		Scan(&p.State, &p.Staged, &p.Position, &p.Rows)
	return p, err
}

func (p progress) passed(e errand) bool {
	switch {
	case p.State == models.ImportRunning && e.When == staging:
		return true
	case p.State == models.ImportRunning:
		return p.Staged && float64(p.Position) >= e.Share*float64(p.Rows)
	}
	return p.State.Final() && p.Rows > 0 // too late, and it is killed all the same
}

func (p progress) String() string {
	if p.Staged && p.Rows > 0 {
		return fmt.Sprintf("%s, %.0f %% merged", p.State, 100*float64(p.Position)/float64(p.Rows))
	}
	return string(p.State) + ", not staged"
}

const importPatience = 4 * time.Minute

// upload sends a file as a careful client does: what broke off is sent again under the
// same key, from its beginning.
func (w *world) upload(ctx context.Context, list string, f file) (string, error) {
	var made created
	once := models.NewID[string]()
	err := patiently(ctx, importPatience, apiPause, func(ctx context.Context) (bool, error) {
		err := w.api.try(ctx, request{
			method: http.MethodPost, path: "/v1/lists/" + list + "/imports?start=true&new_fields=create", kind: "text/csv",
			once: once, body: &reading{file: &f}, size: len(f.data),
		}, &made)
		var no *refused
		return err == nil || errors.As(err, &no), err
	})
	if err != nil {
		return "", fmt.Errorf("import contacts: %w", err)
	}
	return made.ID, nil
}

// file is one that says when a part of it is read for the first time, and is slow from
// there on: the kill comes in the middle.
type file struct {
	data    []byte
	at      int
	reached func()
}

type reading struct {
	*file
	off int
}

const trickle = 10 * time.Millisecond

// Read implements io.Reader.
func (r *reading) Read(p []byte) (int, error) {
	if r.off == len(r.data) {
		return 0, io.EOF
	}
	if r.reached != nil && r.off >= r.at {
		r.reached()
		time.Sleep(trickle)
	}
	n := copy(p[:min(len(p), 32<<10)], r.data[r.off:])
	r.off += n
	return n, nil
}

// awaitImport asks the API until the import has come to its end, which must be done.
func (w *world) awaitImport(ctx context.Context, id string) error {
	return patiently(ctx, importPatience, 50*time.Millisecond, func(ctx context.Context) (bool, error) {
		var at struct{ State, Reason string }
		err := w.api.try(ctx, request{method: http.MethodGet, path: "/v1/imports/" + id}, &at)
		var no *refused
		switch {
		case errors.As(err, &no):
			return true, err
		case err != nil:
			return false, err
		case at.State == string(models.ImportDone):
			return true, nil
		case models.ImportState(at.State).Final():
			return true, fmt.Errorf("the import is %s: %s", at.State, at.Reason)
		}
		return false, nil
	})
}
