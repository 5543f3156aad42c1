package sandbox

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"
)

// People say how the persons behind the phones react to a text that reached them. A
// person does one thing at most; the shares are percentages and what they leave is
// silence.
type People struct {
	On      bool // react at all, for numbers which do not say themselves
	Workers int  // reactions at a time; 0 means 8

	ClickPercent float64
	// Click, when set, gives the percentage for a text instead, so that one creative
	// is better than another. It must be safe for concurrent use.
	Click        func(body string) float64
	StopPercent  float64
	OtherPercent float64  // say something else
	StopTexts    []string // empty means "STOP"
	OtherTexts   []string // empty means a few ordinary answers

	// PreviewPercent is the share of phones whose messenger fetches a text's link by itself,
	// to show what is behind it, whatever the person does.
	PreviewPercent float64

	// MinDelay and MaxDelay bound how long a person takes. Both 0 mean 50 ms and 2 s.
	MinDelay, MaxDelay time.Duration

	// LinkBase is where links are opened, such as http://127.0.0.1:8080, with the
	// link's own host in the Host header: a list's domain has no DNS here. Empty opens
	// them as they are.
	LinkBase string
}

const mobileAgent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 " +
	"(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"

// previewAgent is how Apple's Messages asks for a page, as its users have seen in their logs.
const previewAgent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) " +
	"Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0"

// linkForm finds links, also those without a scheme.
var linkForm = regexp.MustCompile(`(?i)https?://[^\s<>"]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/[^\s<>"]+`)

func (p People) withDefaults() People {
	p.Workers = or(p.Workers, 8)
	if len(p.StopTexts) == 0 {
		p.StopTexts = []string{"STOP"}
	}
	if len(p.OtherTexts) == 0 {
		p.OtherTexts = []string{"who is this?", "thanks", "ok", "Is this still on?"}
	}
	if p.MaxDelay == 0 {
		p.MinDelay, p.MaxDelay = 50*time.Millisecond, 2*time.Second
	}
	return p
}

// react lets the person who got a text do something about it. What they do hangs on
// phone and text, not on the run.
func (s *Sandbox) react(t *text) {
	p := &s.o.People
	if !s.lively(t.From) {
		return
	}
	subject := t.To + "\x00" + t.Body
	if p.PreviewPercent > 0 && s.dice.roll("preview", subject) < p.PreviewPercent {
		s.errands.push(p.MinDelay, func(ctx context.Context) { s.visit(ctx, t.Body, previewAgent, &s.tally.previews) })
	}
	click := p.ClickPercent
	if p.Click != nil {
		click = p.Click(t.Body)
	}
	var do func(context.Context)
	switch roll := s.dice.roll("reaction", subject); {
	case roll < click:
		do = func(ctx context.Context) { s.visit(ctx, t.Body, mobileAgent, &s.tally.clicks) }
	case roll < click+p.StopPercent:
		do = func(context.Context) { s.say(t, p.StopTexts) }
	case roll < click+p.StopPercent+p.OtherPercent:
		do = func(context.Context) { s.say(t, p.OtherTexts) }
	default:
		return
	}
	s.errands.push(s.dice.between("pause", subject, p.MinDelay, p.MaxDelay), do)
}

// lively reports whether the people texted by a number react.
func (s *Sandbox) lively(number string) bool {
	switch n, _ := s.numbers.get(number); n.People {
	case "on":
		return true
	case "off":
		return false
	}
	return s.o.People.On
}

func (s *Sandbox) say(t *text, choice []string) {
	pick := choice[int(s.dice.roll("words", t.To+t.Body)/100*float64(len(choice)))]
	if _, err := s.Reply(t.To, t.From, pick); err != nil {
		s.tally.inboundFailed.Add(1)
	}
}

// visit opens the first link of a text once and goes no further.
func (s *Sandbox) visit(ctx context.Context, body, agent string, done *atomic.Int64) {
	links := linksIn(body)
	if len(links) == 0 {
		return
	}
	host, address := s.resolve(links[0])
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil) //nolint:gosec // a person opens what they are sent
	if err != nil {
		return
	}
	req.Host = host
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml")
	res, err := s.o.HTTP.Do(req) //nolint:gosec // a person opens what they are sent
	if err != nil {
		s.tally.clicksFailed.Add(1)
		return
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10) // read so that the connection is used again
	done.Add(1)
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
