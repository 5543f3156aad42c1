package sandbox

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// tellOf plans the postbacks of what was not told yet.
func (s *Sandbox) tellOf(d *deal) {
	ahead := 0 // of the last
	for _, e := range d.Events {
		if !e.Last && !s.market.wasTold(d.key(e)) {
			ahead++
			s.tellTimes(d, e)
		}
	}
	if ahead == 0 {
		s.tellLast(d)
	}
}

func (s *Sandbox) tellLast(d *deal) {
	for _, e := range d.Events {
		if e.Last && !s.market.wasTold(d.key(e)) {
			s.tellTimes(d, e)
		}
	}
}

func (s *Sandbox) tellTimes(d *deal, e event) {
	times := 1
	if e.Twice {
		times = 2
	}
	for range times {
		s.postbacks.push(time.Until(e.Due), func(ctx context.Context) { s.tellEvent(ctx, d, e, 0) })
	}
}

// tellEvent posts back until it is answered with a yes, however long that takes.
func (s *Sandbox) tellEvent(ctx context.Context, d *deal, e event, tries int) {
	shop, _ := s.market.shop(d.Shop)
	if err := s.post(ctx, shop.parcel(d, e)); err != nil {
		s.tally.postbacksFailed.Add(1)
		s.postbacks.push(s.backoff(min(tries, 16)), func(ctx context.Context) { s.tellEvent(ctx, d, e, tries+1) })
		return
	}
	s.tally.postbacks.Add(1)
	key := d.key(e)
	if !s.market.tell(key) {
		return // the twin was quicker
	}
	if err := s.journal.write(entry{Told: key}); err != nil {
		s.o.Log.ErrorContext(ctx, "the journal cannot be written", "error", err)
	}
	if !e.Last { // at most one other is told of a purchase
		s.tellLast(d)
	}
}

// parcel fills in the macros of the postback's address. A POST has them in its body.
func (s *Shop) parcel(d *deal, e event) parcel {
	value := url.QueryEscape
	address := strings.NewReplacer(
		"{click_id}", value(d.Click), "{transaction_id}", value(d.Transaction), "{kind}", e.Kind,
		"{amount}", e.Pays.String(), "{currency}", value(s.Currency), "{at}", value(e.At.Format(time.RFC3339Nano)),
	).Replace(s.Postback)
	p := parcel{method: http.MethodGet, address: address, agent: "Advertiser/1.0", stubborn: true}
	if e.Post {
		p.method, p.kind = http.MethodPost, "application/x-www-form-urlencoded"
		p.address, p.body, _ = strings.Cut(address, "?")
	}
	return p
}

func (m *market) wasTold(key string) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.told[key]
}

// tell reports whether it was not told yet.
func (m *market) tell(key string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.told[key] {
		return false
	}
	m.told[key] = true
	return true
}
