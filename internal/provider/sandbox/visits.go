package sandbox

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

const mobileAgent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 " +
	"(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"

// linkForm finds links, also those without a scheme.
var linkForm = regexp.MustCompile(`(?i)https?://[^\s<>"]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/[^\s<>"]+`)

// visitor is who opens a link.
type visitor struct {
	method, agent string
	address       string // the network's, as a proxy in between would tell it
}

// person is the visitor with this phone: everybody has an address of their own, out of
// those that carriers give to phones.
func (s *Sandbox) person(phone string) visitor {
	n := int(s.dice.roll("address", phone) / 100 * (1 << 22))
	return visitor{http.MethodGet, mobileAgent, fmt.Sprintf("100.%d.%d.%d", 64+n>>16, n>>8&255, n&255)}
}

// tap lets a person open the first link of a text. Who ends up in a shop may buy.
func (s *Sandbox) tap(ctx context.Context, t *text, subject string) {
	links := linksIn(t.Body)
	if len(links) == 0 {
		return
	}
	who := s.person(t.To)
	led, err := s.visit(ctx, who, links[0])
	if err != nil {
		s.tally.clicksFailed.Add(1)
		return
	}
	s.tally.clicks.Add(1)
	if led != "" {
		s.shopAround(ctx, who, led, subject)
	}
}

// visit asks for a link and gives the address of the shop it leads to, if it does.
func (s *Sandbox) visit(ctx context.Context, who visitor, link string) (shop string, err error) {
	host, address := s.resolve(link)
	led, err := s.ask(ctx, who, host, address, nil)
	if base := s.o.People.ShopBase; base == "" || !strings.HasPrefix(led, base+"/shop/") {
		return "", err
	}
	return led, err
}

// ask makes one request of a visitor's; a form makes it a POST. It tells where the answer
// leads.
func (s *Sandbox) ask(ctx context.Context, who visitor, host, address string, form url.Values) (led string, err error) {
	var body io.Reader
	if form != nil {
		who.method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, who.method, address, body) //nolint:gosec // a person opens what they are sent
	if err != nil {
		return "", err
	}
	req.Host = host
	req.Header.Set("User-Agent", who.agent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml")
	req.Header.Set("X-Forwarded-For", who.address)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := s.o.HTTP.Do(req) //nolint:gosec // a person opens what they are sent
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10) // read so that the connection is used again
	if res.StatusCode >= http.StatusInternalServerError {
		return "", errUnwell
	}
	return res.Header.Get("Location"), nil
}

// shopAround looks at the shop's page, and buys there as often as its visitors do.
func (s *Sandbox) shopAround(ctx context.Context, who visitor, address, subject string) {
	u, err := url.Parse(address)
	if err != nil {
		return
	}
	if _, err := s.ask(ctx, who, u.Host, address, nil); err != nil {
		s.tally.clicksFailed.Add(1)
		return
	}
	shop, known := s.market.shop(strings.TrimPrefix(u.Path, "/shop/"))
	if !known || s.dice.roll("purchase", subject) >= shop.temptation(u.Query().Get(subParameter)) {
		return
	}
	choice := s.dice.between("choice", subject, 0, shop.MaxWait)
	s.errands.push(choice, func(ctx context.Context) {
		if _, err := s.ask(ctx, who, u.Host, address, u.Query()); err != nil {
			s.tally.clicksFailed.Add(1)
		}
	})
}

func linksIn(body string) []string {
	links := linkForm.FindAllString(body, -1)
	for i, l := range links {
		l = strings.TrimRight(l, ".,;:!?)")
		if !strings.Contains(l, "://") {
			l = "http://" + l
		}
		links[i] = l
	}
	return links
}

// resolve gives the host a link names and the address at which to open it.
func (s *Sandbox) resolve(link string) (host, address string) {
	u, err := url.Parse(link)
	if err != nil {
		return "", link
	}
	base, err := url.Parse(s.o.People.LinkBase)
	if err != nil || base.Host == "" {
		return u.Host, link
	}
	host = u.Host
	u.Scheme, u.Host = base.Scheme, base.Host
	return host, u.String()
}
