package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider/sandbox"
)

const macros = "/postback/s3cret?click_id={click_id}&transaction_id={transaction_id}&kind={kind}&amount={amount}&currency={currency}&at={at}"

func (w *world) open(t *testing.T, shop sandbox.Shop) {
	t.Helper()
	shop.Name, shop.Postback = "quotes", w.app+macros
	if shop.MaxWait == 0 {
		shop.MaxWait = 10 * time.Millisecond
	}
	require.NoError(t, w.box.Open(shop))
}

// told are the postbacks so far, in order.
func (w *world) told() (all []url.Values) {
	for _, h := range w.hooksAt("/postback/s3cret") {
		if h.method == http.MethodPost {
			all = append(all, h.form)
		} else {
			all = append(all, h.query)
		}
	}
	return all
}

func TestASaleIsToldWithItsClick(t *testing.T) {
	t.Parallel()
	for name, post := range map[string]float64{"GET": 0, "POST": 100} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{})
			w.open(t, sandbox.Shop{PostPercent: post, MinPays: 1230, MaxPays: 1230})
			transaction, err := w.box.Buy("quotes", "a&b", "A")
			require.NoError(t, err)
			w.settle(t)
			require.Len(t, w.told(), 1)
			sale := w.told()[0]
			require.Equal(t, []string{"a&b", transaction, "sale", "12.30", "USD"},
				[]string{sale.Get("click_id"), sale.Get("transaction_id"), sale.Get("kind"), sale.Get("amount"), sale.Get("currency")})
			at, err := time.Parse(time.RFC3339Nano, sale.Get("at"))
			require.NoError(t, err)
			require.WithinDuration(t, time.Now(), at, time.Minute)
			require.Equal(t, name, w.hooksAt("/postback/s3cret")[0].method)
		})
	}
}

func TestAPostbackIsMadeUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.open(t, sandbox.Shop{})
	w.fails = 5
	_, err := w.box.Buy("quotes", "c1", "")
	require.NoError(t, err)
	w.settle(t)
	require.Len(t, w.told(), 1)
	require.EqualValues(t, 5, w.box.Stats().PostbacksFailed)
	require.EqualValues(t, 1, w.box.Stats().Postbacks)
	require.True(t, w.box.Events()[0].Told)
}

func TestATwinIsToldTooAndBookedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.open(t, sandbox.Shop{TwicePercent: 100})
	_, err := w.box.Buy("quotes", "c1", "")
	require.NoError(t, err)
	w.settle(t)
	require.Len(t, w.told(), 2)
	require.Equal(t, w.told()[0], w.told()[1])
	require.Equal(t, 1, w.box.Books()[0].Total.Sales)
}

func TestARefundMayComeBeforeItsSale(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		shop sandbox.Shop
		want []string
	}{
		"in order":     {sandbox.Shop{RefundPercent: 100}, []string{"sale", "refund"}},
		"out of order": {sandbox.Shop{RefundPercent: 100, OutOfOrderPercent: 100}, []string{"refund", "sale"}},
		"by the bank":  {sandbox.Shop{ChargebackPercent: 100, OutOfOrderPercent: 100}, []string{"chargeback", "sale"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{})
			tc.shop.MaxWait = 200 * time.Millisecond
			w.open(t, tc.shop)
			_, err := w.box.Buy("quotes", "c1", "")
			require.NoError(t, err)
			w.settle(t)
			var kinds []string
			for _, v := range w.told() {
				kinds = append(kinds, v.Get("kind"))
			}
			if name == "in order" { // told about when it happens: the two may also cross
				require.ElementsMatch(t, tc.want, kinds)
			} else {
				require.Equal(t, tc.want, kinds)
			}
			require.Equal(t, sandbox.Cents(0), w.box.Books()[0].Total.Owed)
		})
	}
}

func TestTheBooksAreWhatWasTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.open(t, sandbox.Shop{
		Currency: "EUR", MinPays: 999, MaxPays: 4999, TwicePercent: 30, PostPercent: 50, LatePercent: 20,
		RefundPercent: 20, PartPercent: 40, ChargebackPercent: 10, OutOfOrderPercent: 50,
	})
	for i := range 100 {
		_, err := w.box.Buy("quotes", fmt.Sprint("c", i), []string{"A", "B"}[i%2])
		require.NoError(t, err)
	}
	w.settle(t)

	owed, seen := sandbox.Cents(0), map[string]bool{}
	for _, v := range w.told() {
		key := v.Get("transaction_id") + v.Get("kind")
		if seen[key] {
			continue
		}
		seen[key] = true
		var amount sandbox.Cents
		require.NoError(t, amount.UnmarshalText([]byte(v.Get("amount"))))
		require.Positive(t, amount)
		if v.Get("kind") != sandbox.Sale {
			amount = -amount
		}
		owed += amount
	}
	_, answer := w.do(t, http.MethodGet, "/sandbox/advertiser/books", "")
	var books []sandbox.Books
	require.NoError(t, json.Unmarshal([]byte(answer), &books))
	require.Contains(t, answer, `"owed":"`+owed.String()+`"`, "exact decimals")
	require.Equal(t, w.box.Books(), books)
	b := books[0]
	require.Equal(t, "EUR", b.Currency)
	require.Zero(t, b.Waiting)
	require.Equal(t, 100, b.Total.Sales)
	require.InDelta(t, 20, b.Total.Refunds, 15)
	require.InDelta(t, 10, b.Total.Chargebacks, 9)
	require.Equal(t, b.Total.Owed, b.Total.Sold-b.Total.Refunded-b.Total.ChargedBack)
	require.Len(t, b.BySub, 2)
	require.Equal(t, b.Total.Owed, b.BySub[0].Owed+b.BySub[1].Owed)
	require.Greater(t, len(w.told()), len(seen), "some of them twice")
}

func TestTheSameSeedHasTheSameBooks(t *testing.T) {
	t.Parallel()
	books := func(seed uint64) sandbox.Account {
		w := newWorld(t, sandbox.Options{Seed: seed})
		w.open(t, sandbox.Shop{MinPays: 1, MaxPays: 9999, RefundPercent: 30, ChargebackPercent: 30})
		for i := range 50 {
			_, err := w.box.Buy("quotes", fmt.Sprint("c", i), "")
			require.NoError(t, err)
		}
		w.settle(t)
		return w.box.Books()[0].Total
	}
	once := books(1)
	require.Equal(t, once, books(1))
	require.NotEqual(t, once, books(2))
}

func TestAShopOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "journal")
	w := newWorld(t, sandbox.Options{Journal: file})
	w.open(t, sandbox.Shop{RefundPercent: 100, MaxWait: time.Millisecond})
	_, err := w.box.Buy("quotes", "c1", "A")
	require.NoError(t, err)
	w.settle(t)
	w.open(t, sandbox.Shop{MaxWait: time.Hour})
	owing, err := w.box.Buy("quotes", "c2", "A")
	require.NoError(t, err)
	require.Len(t, w.told(), 2)
	require.Equal(t, 1, w.box.Books()[0].Waiting)

	again := newWorld(t, sandbox.Options{Journal: file})
	require.Equal(t, w.box.Books(), again.box.Books())
	require.Equal(t, w.box.Events(), again.box.Events())
	require.False(t, again.box.Idle(), "what was not told is still owed")
	third, err := again.box.Buy("quotes", "c3", "A")
	require.NoError(t, err)
	require.NotEqual(t, owing, third)
}

// TestPeopleBuy leads people through a redirect to the shop, as links do.
func TestPeopleBuy(t *testing.T) {
	t.Parallel()
	var box *httptest.Server
	links := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		target := box.URL + "/shop/quotes?click_id=c" + strings.TrimPrefix(r.URL.Path, "/") + "&sub1=" + r.URL.Path[1:2]
		if strings.HasPrefix(r.URL.Path, "/away") {
			target = "http://somewhere.invalid/shop/quotes?click_id=c1"
		}
		http.Redirect(rw, r, target, http.StatusFound)
	}))
	t.Cleanup(links.Close)
	mux := http.NewServeMux()
	box = httptest.NewServer(mux)
	t.Cleanup(box.Close)
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100, People: sandbox.People{
		On: true, ClickPercent: 100, LinkBase: links.URL, ShopBase: box.URL,
		Bots: []sandbox.BotShare{{Kind: sandbox.BrowserScanner, Percent: 50}},
	}})
	mux.Handle("/", w.box.Handler())
	w.open(t, sandbox.Shop{Buy: map[string]float64{"B": 100, "A": 30}})
	for i := range 60 {
		w.text(t, fmt.Sprintf("+1212555%04d", i), fmt.Sprintf("A deal: go.example.com/%s%d", []string{"A", "B", "C", "away"}[i%4], i))
	}
	w.settle(t)
	b := w.box.Books()[0]
	require.EqualValues(t, 60, w.box.Stats().Clicks)
	require.Zero(t, w.box.Stats().ClicksFailed)
	require.Len(t, b.BySub, 2, "none of C")
	require.Equal(t, 15, b.BySub[1].Sales, "everybody of B once: machines do not buy")
	require.InDelta(t, 5, b.BySub[0].Sales, 4)
	require.Len(t, w.told(), b.Total.Sales)
}

func TestAShopThatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	good := sandbox.Shop{Name: "quotes", Postback: w.app + macros}
	require.NoError(t, w.box.Open(good))
	for name, change := range map[string]func(*sandbox.Shop){
		"no name":        func(s *sandbox.Shop) { s.Name = "" },
		"a path":         func(s *sandbox.Shop) { s.Name = "../x" },
		"no postback":    func(s *sandbox.Shop) { s.Postback = "soon" },
		"a wrong span":   func(s *sandbox.Shop) { s.MinPays, s.MaxPays = 2, 1 },
		"too many":       func(s *sandbox.Shop) { s.RefundPercent, s.ChargebackPercent = 60, 60 },
		"less than none": func(s *sandbox.Shop) { s.Buy = map[string]float64{"A": -1} },
	} {
		bad := good
		change(&bad)
		require.Equal(t, fault.Invalid, fault.KindOf(w.box.Open(bad)), name)
	}
	_, err := w.box.Buy("elsewhere", "c1", "")
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	_, err = w.box.Buy("quotes", "", "")
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

func TestTheShopHasAPageAndACounter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	status, _ := w.do(t, http.MethodPut, "/sandbox/shops/quotes", `{"postback":"`+w.app+macros+`","min_pays":"5.00","max_pays":"5.00","max_wait":1000000}`)
	require.Equal(t, http.StatusNoContent, status)
	status, page := w.do(t, http.MethodGet, "/shop/quotes?click_id=%3Cb%3E&sub1=A", "")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, `value="&lt;b&gt;"`)
	status, page = w.do(t, http.MethodPost, "/shop/quotes", "click_id=c1&sub1=A")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "quotes-000001")
	w.settle(t)
	require.Equal(t, "5.00", w.box.Books()[0].Total.Owed.String())
	for path, want := range map[string]int{"/shop/elsewhere?click_id=c": http.StatusNotFound, "/shop/quotes": http.StatusUnprocessableEntity} {
		status, _ = w.do(t, http.MethodPost, path, "")
		require.Equal(t, want, status, path)
	}
}

func TestAmountsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]sandbox.Cents{"0.00": 0, "12.30": 1230, "0.07": 7} {
		var c sandbox.Cents
		require.NoError(t, c.UnmarshalText([]byte(text)))
		require.Equal(t, want, c)
		require.Equal(t, text, c.String())
	}
	require.Equal(t, "-0.07", sandbox.Cents(-7).String())
	for _, text := range []string{"", "1", "1.2", "1.234", "-1.00", "1e3.00", "9999999999.00", ".50"} {
		var c sandbox.Cents
		require.Error(t, c.UnmarshalText([]byte(text)), text)
	}
}
