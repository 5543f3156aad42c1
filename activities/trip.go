package activities

import (
	"context"
	"time"

	"trackly/models"
	"trackly/rules/pace"
)

// laneWait is how long a batch waits for places in its list's pace. Longer, and it gives
// its activity's place to another list's.
const laneWait = 2 * time.Second

// trip is one activity's way through a batch, in legs: each hands over what has a place
// in the list's pace. A leg is of texts with one claim to a route: a check's text names
// its own, all others take any. What one of the two waits for never holds up the other.
type trip struct {
	d      *Delivery
	h      models.Handover
	batch  models.Batch
	holder string

	halt    string                    // a person must act
	resting map[int]bool              // ranks that have nothing more to do in this trip
	wait    time.Duration             // until the first of those may go; 0: none waits
	told    map[models.MessageID]bool // whose wait is written down
}

func newTrip(d *Delivery, holder string) *trip {
	return &trip{d: d, holder: holder, resting: map[int]bool{}, told: map[models.MessageID]bool{}}
}

func (t *trip) paced() bool { return !t.h.List.Pace().Free() }

// leg judges what is queued, claims what may go out now and flies it. It reports whether
// there is more to do for this trip.
func (t *trip) leg(ctx context.Context) (more bool, err error) {
	queued, others, err := t.queued(ctx)
	if err != nil || len(queued) == 0 {
		return false, t.postpone(ctx, err)
	}
	rank := queued[0].Route
	way, err := t.route(ctx, rank)
	if err != nil || way.adapter == nil {
		return t.rest(ctx, rank, way.wait, err)
	}
	j, err := t.judge(queued, way)
	if err != nil {
		return false, err
	}
	if err := t.decide(ctx, j.decisions); err != nil {
		return false, err
	}
	if len(j.due) == 0 {
		return t.rest(ctx, rank, j.wait, nil)
	}
	places, err := t.reserve(ctx, way.Route, j.due)
	if err != nil {
		return false, err
	}
	if len(places.Offsets) > 0 {
		j.others = j.others || others
		return t.fly(ctx, way, j, places)
	}
	if places.Again > laneWait {
		return t.rest(ctx, rank, places.Again, nil)
	}
	sleep(ctx, places.Again)
	return true, nil
}

// queued reads what is queued with the first claim to a route that is not resting, and
// whether there are others.
func (t *trip) queued(ctx context.Context) (some []models.QueuedMessage, others bool, err error) {
	all, err := t.d.Store.QueuedMessages(ctx, t.batch)
	if err != nil {
		return nil, false, err
	}
	if n := len(all); n > 0 {
		t.batch.Size = max(t.batch.Size, int(int64(all[n-1].ID)-int64(t.batch.ID))+1)
	}
	some = make([]models.QueuedMessage, 0, len(all))
	for _, q := range all {
		switch {
		case t.resting[q.Route]:
		case len(some) > 0 && q.Route != some[0].Route:
			others = true
		default:
			some = append(some, q)
		}
	}
	return some, others, nil
}

// rest ends the trip for the texts of a rank, which wait for so long, or for a person.
func (t *trip) rest(ctx context.Context, rank int, wait time.Duration, err error) (more bool, _ error) {
	if err != nil {
		return false, err
	}
	t.resting[rank] = true
	t.waitFor(wait)
	return true, ctx.Err()
}

func (t *trip) waitFor(wait time.Duration) {
	if wait > 0 && (t.wait == 0 || wait < t.wait) {
		t.wait = wait
	}
}

// decide writes down what this trip has not written yet.
func (t *trip) decide(ctx context.Context, all []models.Decision) error {
	fresh := make([]models.Decision, 0, len(all))
	for _, d := range all {
		if !t.told[d.MessageID] {
			fresh, t.told[d.MessageID] = append(fresh, d), true
		}
	}
	return t.d.Store.Decide(ctx, t.batch, t.holder, fresh)
}

// fly claims the texts that got places and hands them over.
func (t *trip) fly(ctx context.Context, way way, j judged, places pace.Places) (more bool, err error) {
	texts, left := j.due[:len(places.Offsets)], len(places.Offsets) < len(j.due) || j.others
	start := t.d.Now().Add(places.Start)
	for i := range texts {
		texts[i].At = start.Add(places.Offsets[i])
	}
	// A claim reads consent: not long before the text may go.
	sleep(ctx, places.Start)
	asked := t.d.Now()
	got, err := t.d.Store.ClaimMessages(ctx, models.Claim{
		Batch: t.batch, Holder: t.holder, Route: way.Rank, Texts: texts,
		Uncalled: !way.caps.FindsTexts, Domain: j.domain, Prices: t.d.Prices,
		Caps: models.Caps{AccountHours: t.h.Settings.FrequencyHours, ListHours: t.h.List.FrequencyHours},
	})
	if err != nil {
		return false, err
	}
	if texts = onlyClaimed(texts, got); len(texts) == 0 {
		return t.barred(ctx, left, j.wait)
	}
	f := newFlight(t, way, texts, asked)
	landed, err := f.fly(ctx)
	if err != nil {
		return false, err
	}
	if err := t.learn(ctx, way, f); err != nil || !landed || f.stopped {
		return false, err // what was put back is for another trip
	}
	return t.landed(ctx, left, j.wait)
}

// barred is a leg none of whose texts could be claimed. Either none may go out any more,
// or this trip may hand nothing over: then going on would only use up the list's pace.
func (t *trip) barred(ctx context.Context, left bool, wait time.Duration) (more bool, err error) {
	r, err := t.d.Store.RightsOf(ctx, t.batch, t.holder, nil)
	if err != nil || !r.Holder || !r.Sending {
		return false, err
	}
	return t.landed(ctx, left, wait)
}

// landed goes on with what is left, or ends the trip with what waits.
func (t *trip) landed(ctx context.Context, left bool, wait time.Duration) (more bool, err error) {
	if left {
		return true, nil
	}
	t.waitFor(wait)
	return false, t.postpone(ctx, nil)
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

// halted is how the trip ends. Of a campaign from several lists one that waits for a person
// does not hold up the others: its batches are set aside, and only when no other list has
// anything left to send does the campaign wait too.
func (t *trip) halted(ctx context.Context) (halt string, paced bool, err error) {
	if t.halt == "" || len(t.h.Campaign.Lists) < 2 {
		return t.halt, t.paced(), nil
	}
	aside, err := t.d.Store.SetAside(context.WithoutCancel(ctx), t.batch, t.holder, asideFor)
	if aside {
		return "", t.paced(), err
	}
	return t.halt, t.paced(), err
}

// postpone notes when the batch is worth another look. What waits for a person is looked
// at when one has acted.
func (t *trip) postpone(ctx context.Context, err error) error {
	if err != nil || t.wait == 0 || t.halt != "" {
		return err
	}
	return t.d.Store.Postpone(context.WithoutCancel(ctx), t.batch, t.holder, t.wait)
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
