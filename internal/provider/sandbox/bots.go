package sandbox

import (
	"context"
	"net/http"
	"time"

	"trackly/internal/fault"
)

// BotShare is how many texts one kind of machine looks into.
type BotShare struct {
	Kind    string  `json:"kind"`
	Percent float64 `json:"percent"` // of texts delivered
}

// The kinds of machines that fetch links.
const (
	AppleMessages  = "apple_messages"  // shows a preview, asking as two crawlers at once
	GoogleMessages = "google_messages" // shows a preview by way of Google's servers
	WhatsApp       = "whatsapp"        // shows a preview of what was passed on
	HeadScanner    = "head_scanner"    // a carrier's: only wants to know whether there is something
	BrowserScanner = "browser_scanner" // says it is a browser, and opens every link at once
)

// hasty is when machines are there at the latest, whatever people need.
const hasty = 150 * time.Millisecond

// A scanner's address is that of its servers, out of those kept for examples.
const scannerAddress = "198.51.100.23"

// bot is how a kind asks. Without an address it is the phone itself that does.
type bot struct {
	visitor
	everyLink bool
}

// botOf knows the agents as their users have seen them in their logs.
func botOf(kind string) (b bot, known bool) {
	get := func(agent, address string) bot { return bot{visitor: visitor{http.MethodGet, agent, address}} }
	switch kind {
	case AppleMessages:
		b = get("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "+
			"Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0", "")
	case GoogleMessages:
		b = get("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "+
			"Mobile Safari/537.36 Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/)", "66.249.84.10")
	case WhatsApp:
		b = get("WhatsApp/2.23.20.0", "")
	case HeadScanner:
		b = get("Mozilla/5.0 (compatible)", scannerAddress)
		b.method = http.MethodHead
	case BrowserScanner:
		b = get("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "+
			"Chrome/130.0.0.0 Safari/537.36", scannerAddress)
		b.everyLink = true
	default:
		return b, false
	}
	return b, true
}

func (p *People) check() error {
	total := 0.0
	for _, share := range p.Bots {
		if _, known := botOf(share.Kind); !known || share.Percent < 0 {
			return fault.New(fault.Invalid, "a share of bots is of no kind there is, or below 0")
		}
		total += share.Percent
	}
	if total > 100 {
		return fault.New(fault.Invalid, "the shares of bots are more than all texts")
	}
	return nil
}

// prowl lets a machine look into a text that was just delivered.
func (s *Sandbox) prowl(t *text, subject string) {
	roll := s.dice.roll("bot", subject)
	for _, share := range s.o.People.Bots {
		if roll -= share.Percent; roll >= 0 {
			continue
		}
		b, _ := botOf(share.Kind)
		if b.address == "" {
			b.address = s.person(t.To).address
		}
		links := linksIn(t.Body)
		if !b.everyLink {
			links = links[:min(1, len(links))]
		}
		for _, link := range links { // each in a job of its own: all are opened at once
			s.errands.push(s.dice.between("scan", subject, 0, hasty), func(ctx context.Context) { s.peek(ctx, b, link) })
		}
		return
	}
}

// peek opens a link and looks at the shop it leads to. Machines do not buy.
func (s *Sandbox) peek(ctx context.Context, b bot, link string) {
	led, err := s.visit(ctx, b.visitor, link)
	if err != nil {
		s.tally.botsFailed.Add(1)
		return
	}
	s.tally.bots.Add(1)
	if led != "" {
		_, _ = s.ask(ctx, b.visitor, "", led, nil)
	}
}
