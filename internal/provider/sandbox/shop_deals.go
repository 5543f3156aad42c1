package sandbox

import (
	"fmt"
	"time"

	"trackly/internal/fault"
)

// The kinds of events an advertiser tells of.
const (
	Sale       = "sale"
	Refund     = "refund"
	Chargeback = "chargeback"
)

// deal is a purchase and everything that will come of it, written down before the buyer
// is thanked: a shop that dies still knows what it owes.
type deal struct {
	Shop        string  `json:"shop"`
	Transaction string  `json:"transaction_id"`
	Click       string  `json:"click_id"`
	Sub         string  `json:"sub1"`
	Events      []event `json:"events"`
}

// event is something that happens to a purchase at a time, and is told later.
type event struct {
	Kind  string    `json:"kind"`
	Pays  Cents     `json:"pays"` // what the affiliate earns by it, or loses
	At    time.Time `json:"at"`
	Due   time.Time `json:"due"` // told then
	Twice bool      `json:"twice,omitempty"`
	Post  bool      `json:"post,omitempty"`
	Last  bool      `json:"last,omitempty"` // told when all else of the purchase was
}

// key names an event among all.
func (d *deal) key(e event) string { return d.Transaction + " " + e.Kind }

// Buy is a purchase by whoever came with a click's id. An unknown shop is a NotFound
// fault, a missing id an Invalid one.
func (s *Sandbox) Buy(shop, click, sub string) (transaction string, err error) {
	known, ok := s.market.shop(shop)
	if !ok {
		return "", fault.New(fault.NotFound, "there is no such shop")
	}
	if click == "" || len(click) > 255 || len(sub) > 255 {
		return "", fault.New(fault.Invalid, "a purchase needs the click's id, of at most 255 bytes")
	}
	d := &deal{Shop: shop, Click: click, Sub: sub}
	s.market.number(d)
	s.plan(known, d)
	if err := s.journal.write(entry{Deal: d}); err != nil {
		return "", err
	}
	s.market.add(d)
	s.tellOf(d)
	return d.Transaction, nil
}

// number gives a purchase its transaction's id: numbers are taken once, also when the
// journal then fails.
func (m *market) number(d *deal) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last++
	d.Transaction = fmt.Sprintf("%s-%06d", d.Shop, m.last)
}

func (m *market) add(d *deal) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.deals = append(m.deals, d)
	m.last = max(m.last, trailingNumber(d.Transaction)) // of an earlier life
}

// plan rolls what will come of a purchase. It hangs on the transaction alone.
func (s *Sandbox) plan(shop Shop, d *deal) {
	chance := func(kind string, percent float64) bool { return s.dice.roll(kind, d.Transaction) < percent }
	span := func(kind string, low, high time.Duration) time.Duration {
		return s.dice.between(kind, d.Transaction, low, high)
	}
	now, wait := time.Now().UTC(), shop.MaxWait
	pays := shop.MinPays + Cents(s.dice.roll("price", d.Transaction)/100*float64(shop.MaxPays-shop.MinPays+1))
	sale := event{
		Kind: Sale, Pays: pays, At: now, Due: now.Add(span("told", 0, wait)),
		Twice: chance("twice", shop.TwicePercent), Post: chance("post", shop.PostPercent),
	}
	if chance("late", shop.LatePercent) {
		sale.Due = sale.Due.Add(2 * wait)
	}
	back := event{Pays: pays, At: now.Add(span("back", wait/2, wait)), Twice: chance("back twice", shop.TwicePercent), Post: sale.Post}
	switch roll := s.dice.roll("taken back", d.Transaction); {
	case roll < shop.RefundPercent:
		if back.Kind = Refund; chance("part", shop.PartPercent) {
			back.Pays /= 2
		}
	case roll < shop.RefundPercent+shop.ChargebackPercent:
		back.Kind = Chargeback
	default:
		d.Events = []event{sale}
		return
	}
	back.Due = back.At.Add(span("back told", 0, wait))
	if chance("out of order", shop.OutOfOrderPercent) {
		sale.Last = true
	}
	d.Events = []event{sale, back}
}
