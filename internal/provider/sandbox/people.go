package sandbox

import (
	"context"
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

	// Bots are the machines that fetch what a text links to by themselves, whatever the
	// person does: one of them at most, by their shares.
	Bots []BotShare

	// MinDelay and MaxDelay bound how long a person takes from the delivery on. Both 0
	// mean 4 s and 9 s: nobody reads a text and taps its link within a second.
	MinDelay, MaxDelay time.Duration

	// LinkBase is where links are opened, such as http://127.0.0.1:8080, with the
	// link's own host in the Host header: a list's domain has no DNS here. Empty opens
	// them as they are.
	LinkBase string
	// ShopBase is where the sandbox itself is reached. Who is led there goes on to the
	// shop; everything else behind a link is the internet, where nobody goes.
	ShopBase string
}

func (p People) withDefaults() People {
	p.Workers = or(p.Workers, 8)
	if len(p.StopTexts) == 0 {
		p.StopTexts = []string{"STOP"}
	}
	if len(p.OtherTexts) == 0 {
		p.OtherTexts = []string{"who is this?", "thanks", "ok", "Is this still on?"}
	}
	if p.MaxDelay == 0 {
		p.MinDelay, p.MaxDelay = 4*time.Second, 9*time.Second
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
	s.prowl(t, subject)
	click := p.ClickPercent
	if p.Click != nil {
		click = p.Click(t.Body)
	}
	var do func(context.Context)
	switch roll := s.dice.roll("reaction", subject); {
	case roll < click:
		do = func(ctx context.Context) { s.tap(ctx, t, subject) }
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
