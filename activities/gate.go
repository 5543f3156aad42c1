package activities

import (
	"time"

	"trackly/models"
	"trackly/rules/pace"
	"trackly/rules/place"
	"trackly/rules/quiethours"
)

const (
	// spread is the time after an opening over which the batches that waited for it are
	// laid, so that a list does not begin its day with everything at once.
	spread = 5 * time.Minute
	// spreadSteps is into how many parts.
	spreadSteps = 64
)

// Clock says what time quiet hours are judged by. The zero value is the real time.
// Another one is for demonstrations, and holds for providers on this machine only: behind
// any other there are people.
type Clock struct{ Ahead time.Duration }

// ahead is how far the clock is ahead of the real time for texts over this route.
func (c Clock) ahead(r models.Route) time.Duration {
	if !onThisMachine(r.BaseURL) {
		return 0
	}
	return c.Ahead
}

// judged is what may go out of a batch now, and what became of the rest.
type judged struct {
	due       []models.Text
	decisions []models.Decision
	wait      time.Duration   // until the first of those that wait may go; 0: none waits
	others    bool            // there are some for another leg
	domain    models.DomainID // that the links in the texts lead to; empty: none of the list's
}

// gate judges the messages of one leg. Contacts from the same place get the same answer,
// so each place is asked about once.
type gate struct {
	t      *trip
	ahead  time.Duration
	now    time.Time // as quiet hours see it
	policy quiethours.Policy
	places map[whereabouts]opening
}

// whereabouts is what tells contacts' places apart.
type whereabouts struct{ area, region, state, zone, postal string }

type opening struct {
	quiethours.Verdict
	place string
}

// judge writes the texts and asks the hours. What needs no waiting is due, as many as one
// leg takes.
func (t *trip) judge(queued []models.QueuedMessage, w way) (judged, error) {
	writer, err := newWriter(t.h, t.d.Codes, t.d.Door.PublicURL)
	if err != nil {
		return judged{}, err
	}
	g := gate{t: t, ahead: t.d.Clock.ahead(w.Route), policy: t.h.Settings.Policy(), places: map[whereabouts]opening{}}
	g.now = t.d.Now().Add(g.ahead)
	j := judged{due: make([]models.Text, 0, len(queued)), domain: writer.domain}
	single, seen, most := t.h.CampaignID == "", map[string]bool{}, t.most(w, len(queued))
	for _, q := range queued {
		if len(j.due) == most || single && seen[q.Phone] {
			// A second text to one phone counts against the first one's caps: next leg.
			j.others = true
			continue
		}
		text, ok := g.admit(q, &j)
		if !ok {
			continue
		}
		if err := writer.write(q, &text); err != nil {
			return j, err
		}
		seen[q.Phone] = single
		j.due = append(j.due, text)
	}
	return j, nil
}

// most is how many texts a leg takes. Writing those that get no place would be in vain.
func (t *trip) most(w way, queued int) int {
	if w.probe {
		return probeSize
	}
	if perSecond := t.h.List.MessagesPerSecond; perSecond > 0 {
		queued = min(queued, int(perSecond*pace.Quantum.Seconds())+1)
	}
	return queued
}

// admit decides about one message.
func (g *gate) admit(q models.QueuedMessage, j *judged) (models.Text, bool) {
	text := models.Text{
		MessageID: q.ID, Kind: q.Kind, Phone: q.Phone, Carrier: q.Carrier, AtState: q.AtState, Reserved: q.Segments,
	}
	if q.Phone == "" {
		// Put back into the queue while the person was erased. Left there, it would keep
		// the batch open for ever.
		j.decisions = append(j.decisions, models.Decision{
			MessageID: q.ID, Check: models.ReasonOptedOut, Verdict: models.VerdictSkip, Why: "this person was erased",
		})
		return text, false
	}
	if q.Kind == models.KindConfirmation && g.t.d.Now().Sub(q.QueuedAt) > models.ConfirmationLife {
		j.decisions = append(j.decisions, models.Decision{
			MessageID: q.ID, Check: models.ReasonTooLate, Verdict: models.VerdictSkip, Why: "a confirmation may go out within 5 minutes only",
		})
		return text, false
	}
	if q.Kind.AnyHour() {
		return text, true
	}
	o := g.ask(q)
	text.Place, text.Cap = o.place, o.Cap
	if o.Open {
		text.Until = o.Until.Add(-g.ahead)
		return text, true
	}
	j.decisions = append(j.decisions, g.closed(q, o))
	if g.t.h.Campaign.Late != models.LateDrops && !o.Next.IsZero() {
		wait := o.Next.Sub(g.now) + g.offset()
		if j.wait == 0 || wait < j.wait {
			j.wait = wait
		}
	}
	return text, false
}

// closed is the decision about a message outside its hours. One that has no opening for
// weeks, as where two states' hours never meet, cannot wait for one.
func (g *gate) closed(q models.QueuedMessage, o opening) models.Decision {
	d := models.Decision{
		MessageID: q.ID, Check: models.ReasonQuietHours, Verdict: models.VerdictWait, Why: o.Why, Version: g.t.d.Hours.Version(),
	}
	if g.t.h.Campaign.Late == models.LateDrops || o.Next.IsZero() {
		d.Verdict = models.VerdictSkip
		return d
	}
	until := o.Next.Add(-g.ahead)
	d.Until = &until
	return d
}

// offset is the batch's own delay after an opening.
func (g *gate) offset() time.Duration {
	return time.Duration(g.t.batch.Number%spreadSteps) * spread / spreadSteps
}

func (g *gate) ask(q models.QueuedMessage) opening {
	w := whereabouts{area: q.Phone[:min(len(q.Phone), areaDigits)], region: q.Region, state: q.State, zone: q.Zone, postal: q.Postal}
	if o, ok := g.places[w]; ok {
		return o
	}
	p := place.Of(place.Facts{
		Phone: q.Phone, Region: q.Region, PhoneZones: q.PhoneZones, Zone: q.Zone, State: q.State, Postal: q.Postal,
	})
	o := opening{Verdict: g.verdict(p), place: p.Key() + " " + g.t.d.Hours.Version()}
	g.places[w] = o
	return o
}

// verdict is what the hours say. So shortly before they end they are over: a text that
// was claimed now would come back, again and again.
func (g *gate) verdict(p place.Place) quiethours.Verdict {
	v := g.t.d.Hours.Judge(p, g.policy, g.now)
	if v.Open && v.Until.Sub(g.now) <= hoursMargin+pace.Horizon+pace.Quantum {
		return g.t.d.Hours.Judge(p, g.policy, v.Until)
	}
	return v
}

// areaDigits of a phone decide about its zones: the country, the area code and, where a
// border cuts an area, the first of the exchange.
const areaDigits = 8
