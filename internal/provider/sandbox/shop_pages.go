package sandbox

import (
	"net/http"

	"trackly/internal/fault"
)

// shopView is what the shop's page shows.
type shopView struct {
	Name, Click, Sub, Transaction string
}

// shopPage handles GET /shop/{name}: where a link leads.
func (s *Sandbox) shopPage(w http.ResponseWriter, r *http.Request) {
	name, query := r.PathValue("name"), r.URL.Query()
	if _, known := s.market.shop(name); !known {
		http.NotFound(w, r)
		return
	}
	render(w, "pages/shop.html", shopView{Name: name, Click: query.Get(clickParameter), Sub: query.Get(subParameter)})
}

// postPurchase handles POST /shop/{name}: somebody buys.
func (s *Sandbox) postPurchase(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	name, click, sub := r.PathValue("name"), r.FormValue(clickParameter), r.FormValue(subParameter)
	transaction, err := s.Buy(name, click, sub)
	switch {
	case err == nil:
		render(w, "pages/shop.html", shopView{Name: name, Transaction: transaction})
	case fault.KindOf(err) == fault.Internal:
		http.Error(w, "the purchase could not be written down", http.StatusInternalServerError)
	default:
		answer(w, err)
	}
}
