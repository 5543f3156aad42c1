package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"trackly/internal/fault"
)

// Cents are hundredths of a currency's unit: an advertiser's own way to count, apart from
// the affiliate's on purpose.
type Cents int64

// String writes the amount exactly: "12.30".
func (c Cents) String() string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s%d.%02d", sign, c/100, c%100)
}

// MarshalText makes JSON of it, as a string.
func (c Cents) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what String writes.
func (c *Cents) UnmarshalText(text []byte) error {
	units, rest, cut := strings.Cut(string(text), ".")
	if !cut || len(units) > 9 || len(rest) != 2 || !isDigits(units) || !isDigits(rest) {
		return fault.New(fault.Invalid, "an amount is written like 12.30")
	}
	n, err := strconv.ParseInt(units+rest, 10, 64)
	*c = Cents(n)
	return err
}

// Account is what an advertiser has counted: events that have happened, told or not.
type Account struct {
	Sub         string `json:"sub1,omitempty"` // empty in the sum over all
	Sales       int    `json:"sales"`
	Refunds     int    `json:"refunds"`
	Chargebacks int    `json:"chargebacks"`
	Sold        Cents  `json:"sold"`
	Refunded    Cents  `json:"refunded"`
	ChargedBack Cents  `json:"charged_back"`
	Owed        Cents  `json:"owed"`
}

// Books are an advertiser's own. They are final when nothing is waiting to be told.
type Books struct {
	Shop     string    `json:"shop"`
	Currency string    `json:"currency"`
	Total    Account   `json:"total"`
	BySub    []Account `json:"by_sub1"`
	Waiting  int       `json:"waiting"` // events to be told, also those yet to come
}

// Books are those of every shop, by name.
func (s *Sandbox) Books() []Books {
	m := &s.market
	m.mu.RLock()
	defer m.mu.RUnlock()
	books, now := map[string]*Books{}, time.Now()
	for name, shop := range m.shops {
		books[name] = &Books{Shop: name, Currency: shop.Currency, BySub: []Account{}}
	}
	for _, d := range m.deals {
		b, known := books[d.Shop]
		if !known { // the line that opened it was torn
			continue
		}
		for _, e := range d.Events {
			if !m.told[d.key(e)] {
				b.Waiting++
			}
			if !e.At.After(now) {
				b.Total.enter(e)
				b.sub(d.Sub).enter(e)
			}
		}
	}
	all := make([]Books, 0, len(books))
	for _, b := range books {
		slices.SortFunc(b.BySub, func(a, b Account) int { return cmp.Compare(a.Sub, b.Sub) })
		all = append(all, *b)
	}
	slices.SortFunc(all, func(a, b Books) int { return cmp.Compare(a.Shop, b.Shop) })
	return all
}

func (b *Books) sub(sub string) *Account {
	i := slices.IndexFunc(b.BySub, func(a Account) bool { return a.Sub == sub })
	if i < 0 {
		i, b.BySub = len(b.BySub), append(b.BySub, Account{Sub: sub})
	}
	return &b.BySub[i]
}

func (a *Account) enter(e event) {
	switch e.Kind {
	case Sale:
		a.Sales, a.Sold, a.Owed = a.Sales+1, a.Sold+e.Pays, a.Owed+e.Pays
	case Refund:
		a.Refunds, a.Refunded, a.Owed = a.Refunds+1, a.Refunded+e.Pays, a.Owed-e.Pays
	case Chargeback:
		a.Chargebacks, a.ChargedBack, a.Owed = a.Chargebacks+1, a.ChargedBack+e.Pays, a.Owed-e.Pays
	}
}

// Event is one event of an advertiser's, and whether somebody said yes to its postback.
type Event struct {
	Shop, Transaction, Kind, Click, Sub string
	Pays                                Cents
	At                                  time.Time
	Told                                bool
}

// Events are all that were planned, oldest purchase first.
func (s *Sandbox) Events() (all []Event) {
	m := &s.market
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, d := range m.deals {
		for _, e := range d.Events {
			all = append(all, Event{d.Shop, d.Transaction, e.Kind, d.Click, d.Sub, e.Pays, e.At, m.told[d.key(e)]})
		}
	}
	return all
}

// writeBooks handles GET /sandbox/advertiser/books.
func (s *Sandbox) writeBooks(w http.ResponseWriter, _ *http.Request) { encode(w, s.Books()) }
