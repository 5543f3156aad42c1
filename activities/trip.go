package activities

import (
	"context"
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/pace"
)

// laneWait is how long a batch waits for places in its list's pace. Longer, and it gives
// its activity's place to another list's.
const laneWait = 2 * time.Second

// trip is one activity's way through a batch, in legs: each hands over what has a place
// in the list's pace.
type trip struct {
	d      *Delivery
	h      models.Handover
	batch  models.Batch
	holder string
	halt   string // a person must act
}

func (t *trip) paced() bool { return !t.h.List.Pace().Free() }

// leg judges what is queued, claims what may go out now and flies it. It reports whether
// there is more to do for this trip.
func (t *trip) leg(ctx context.Context) (more bool, err error) {
	queued, err := t.d.Store.QueuedMessages(ctx, t.batch)
	if err != nil || len(queued) == 0 {
		return false, err
	}
	way, err := t.route(ctx, queued)
	if err != nil || way.wait > 0 || t.halt != "" {
		return false, t.postpone(ctx, way.wait, err)
	}
	j, err := t.judge(queued, way)
	if err != nil {
		return false, err
	}
	if err := t.d.Store.Decide(ctx, t.batch, t.holder, j.decisions); err != nil {
		return false, err
	}
	if len(j.due) == 0 {
		return j.others, t.postpone(ctx, j.wait, nil)
	}
	places, err := t.reserve(ctx, way.Route, j.due)
	if err != nil {
		return false, err
	}
	if len(places.Offsets) == 0 {
		if places.Again > laneWait {
			return false, t.postpone(ctx, places.Again, nil)
		}
		sleep(ctx, places.Again)
		return true, nil
	}
	return t.fly(ctx, way, j, places)
}

// fly claims the texts that got places and hands them over.
func (t *trip) fly(ctx context.Context, way way, j judged, places pace.Places) (more bool, err error) {
	start := t.d.Now().Add(places.Start)
	texts := j.due[:len(places.Offsets)]
	for i := range texts {
		texts[i].At = start.Add(places.Offsets[i])
	}
	// A claim reads consent: not long before the text may go.
	sleep(ctx, places.Start)
	got, err := t.d.Store.ClaimMessages(ctx, models.Claim{
		Batch: t.batch, Holder: t.holder, Route: way.Rank, Texts: texts,
		Caps: models.Caps{AccountHours: t.h.Settings.FrequencyHours, ListHours: t.h.List.FrequencyHours},
	})
	if err != nil {
		return false, err
	}
	left := len(texts) < len(j.due) || j.others
	if texts = onlyClaimed(texts, got); len(texts) == 0 {
		return left, t.postpone(ctx, j.waitUnless(left), nil)
	}
	f := newFlight(t, way, texts)
	landed, err := f.fly(ctx)
	if err != nil {
		return false, err
	}
	if err := t.learn(ctx, way, f); err != nil {
		return false, err
	}
	// What landed whole needs no second look: that would read the batch again for nothing.
	return landed && left, t.postpone(ctx, j.waitUnless(left || !landed), nil)
}

func (t *trip) reserve(ctx context.Context, r models.Route, texts []models.Text) (pace.Places, error) {
	o := pace.Order{
		Account: string(t.h.AccountID), List: string(t.h.List.ID), Group: r.PaceGroup, Limit: t.h.List.Pace(),
		Zone: t.h.Settings.Zone, Segments: make([]int, len(texts)),
	}
	for i, text := range texts {
		o.Segments[i] = text.Count.Segments
		o.Hurried = o.Hurried || text.Kind.Hurried()
	}
	return t.d.Store.Reserve(ctx, o)
}

// postpone notes when the batch is worth another look. A fault that time heals is such a
// wait too, and no failure of the batch.
func (t *trip) postpone(ctx context.Context, wait time.Duration, err error) error {
	if err != nil && fault.KindOf(err) != fault.Throttled {
		return err
	}
	if wait <= 0 {
		return nil
	}
	return t.d.Store.Postpone(context.WithoutCancel(ctx), t.batch, t.holder, wait)
}

func onlyClaimed(texts []models.Text, got []models.MessageID) []models.Text {
	if len(got) == len(texts) {
		return texts
	}
	claimed := make(map[models.MessageID]bool, len(got))
	for _, id := range got {
		claimed[id] = true
	}
	kept := make([]models.Text, 0, len(got))
	for _, t := range texts {
		if claimed[t.MessageID] {
			kept = append(kept, t)
		}
	}
	return kept
}
