package sandbox

import (
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"time"

	"trackly/internal/fault"
)

// Shop is an advertiser with a web shop at /shop/{name}. People are led to it with a
// click's id, some of them buy, and the advertiser tells of each sale, refund and
// chargeback by postback: again and again until it hears a yes, and sometimes twice all
// the same.
type Shop struct {
	Name     string `json:"name"`
	Postback string `json:"postback"` // with {click_id}, {transaction_id}, {kind}, {amount}, {currency}, {at} in it
	Currency string `json:"currency"` // empty means USD

	// Buy is the percentage of visiting people who buy, by the value of sub1 in the link;
	// that of "" is for values it does not name.
	Buy map[string]float64 `json:"buy"`

	// MinPays and MaxPays bound what a sale earns the affiliate. Both 0 mean 20.00.
	MinPays Cents `json:"min_pays"`
	MaxPays Cents `json:"max_pays"`

	// Percentages of sales.
	TwicePercent      float64 `json:"twice"`        // told by two requests at once
	PostPercent       float64 `json:"post"`         // told by POST instead of GET
	LatePercent       float64 `json:"late"`         // told long after
	RefundPercent     float64 `json:"refund"`       // taken back
	PartPercent       float64 `json:"part"`         // of the refunds: only a half is taken back
	ChargebackPercent float64 `json:"chargeback"`   // taken back by the buyer's bank
	OutOfOrderPercent float64 `json:"out_of_order"` // of those taken back: told of before the sale

	// MaxWait bounds how long things take: to choose, to be told, to give back. 0 means
	// 200 ms.
	MaxWait time.Duration `json:"max_wait"`
}

// Parameters of a link into the shop.
const (
	clickParameter = "click_id"
	subParameter   = "sub1"
)

// postbackWorkers is how many postbacks are made at a time, so that doubles meet.
const postbackWorkers = 16

var shopName = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

// Open opens a shop or replaces it. What the sandbox was told of shops is in its journal.
// A shop that cannot be is an Invalid fault.
func (s *Sandbox) Open(shop Shop) error {
	shop.Currency, shop.MaxWait = or(shop.Currency, "USD"), or(shop.MaxWait, 200*time.Millisecond)
	if shop.MaxPays == 0 {
		shop.MinPays, shop.MaxPays = 2000, 2000
	}
	if err := shop.check(); err != nil {
		return err
	}
	if err := s.journal.write(entry{Shop: &shop}); err != nil {
		return err
	}
	s.market.open(shop)
	return nil
}

func (s *Shop) check() error {
	var bad fault.Problems
	if !shopName.MatchString(s.Name) {
		bad.Add("name", "must be of small letters, digits and -")
	}
	if u, err := url.Parse(s.Postback); err != nil || u.Host == "" {
		bad.Add("postback", "must be a web address")
	}
	if s.MinPays < 0 || s.MaxPays < s.MinPays {
		bad.Add("max_pays", "must not be below min_pays, nor that below 0")
	}
	shares := map[string]float64{
		"twice": s.TwicePercent, "post": s.PostPercent, "late": s.LatePercent, "refund": s.RefundPercent + s.ChargebackPercent,
		"part": s.PartPercent, "chargeback": s.ChargebackPercent, "out_of_order": s.OutOfOrderPercent,
	}
	for sub, percent := range s.Buy {
		shares["buy."+sub] = percent
	}
	for name, percent := range shares {
		if percent < 0 || percent > 100 {
			bad.Add(name, "must be between 0 and 100")
		}
	}
	return bad.Err("the shop")
}

// temptation is the share of visitors with this value of sub1 who buy.
func (s *Shop) temptation(sub string) float64 {
	if percent, named := s.Buy[sub]; named {
		return percent
	}
	return s.Buy[""]
}

// putShop handles PUT /sandbox/shops/{name}.
func (s *Sandbox) putShop(w http.ResponseWriter, r *http.Request) {
	var shop Shop
	if !decode(w, r, &shop) {
		return
	}
	shop.Name = r.PathValue("name")
	answer(w, s.Open(shop))
}

// market is all shops and what was bought in them.
type market struct {
	mu    sync.RWMutex
	shops map[string]Shop
	deals []*deal
	last  int64           // transaction
	told  map[string]bool // events whose postback was answered with a yes
}

func (m *market) init() { m.shops, m.told = map[string]Shop{}, map[string]bool{} }

func (m *market) open(shop Shop) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.shops[shop.Name] = shop
}

func (m *market) shop(name string) (Shop, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	shop, known := m.shops[name]
	return shop, known
}
