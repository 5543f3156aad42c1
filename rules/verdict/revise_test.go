package verdict_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/rules/verdict"
)

var (
	start = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	phone = netip.MustParseAddr("198.51.100.7")
)

// tap is somebody's click long after the text, so many milliseconds after the start.
func tap(ms int, change ...func(*verdict.Click)) verdict.Click {
	c := verdict.Click{
		At: start.Add(time.Duration(ms) * time.Millisecond), Address: phone, Message: 1, Contact: 1, Link: 1, UserAgent: iPhone,
		HandedOver: start.Add(-time.Hour), Own: verdict.Human, OwnReason: verdict.NothingSpeaksAgainst,
	}
	for _, f := range change {
		f(&c)
	}
	return c
}

func from(address string) func(*verdict.Click) {
	return func(c *verdict.Click) { c.Address = netip.MustParseAddr(address) }
}

func on(link int) func(*verdict.Click) { return func(c *verdict.Click) { c.Link = link } }

func of(message int64) func(*verdict.Click) {
	return func(c *verdict.Click) { c.Message, c.Contact = message, message }
}

func by(agent string) func(*verdict.Click) { return func(c *verdict.Click) { c.UserAgent = agent } }

func own(is verdict.Is, why verdict.Reason) func(*verdict.Click) {
	return func(c *verdict.Click) { c.Own, c.OwnReason = is, why }
}

func handedOver(ms int) func(*verdict.Click) {
	return func(c *verdict.Click) { c.HandedOver = start.Add(time.Duration(ms) * time.Millisecond) }
}

// many are so many people's clicks, so many milliseconds apart.
func many(n, apart int, change ...func(*verdict.Click)) (all []verdict.Click) {
	for i := range n {
		all = append(all, tap(i*apart, append([]func(*verdict.Click){of(int64(i + 1))}, change...)...))
	}
	return all
}

func TestEveryReasonOfRevising(t *testing.T) {
	t.Parallel()
	head, preview := own(verdict.Bot, verdict.Head), own(verdict.Bot, verdict.Preview)
	centre := own(verdict.Unsure, verdict.DataCentre)
	for name, tc := range map[string]struct {
		clicks []verdict.Click
		is     verdict.Is // of the last
		why    verdict.Reason
	}{
		"alone":                                    {[]verdict.Click{tap(0)}, verdict.Human, verdict.NothingSpeaksAgainst},
		"two seconds after the hand-over":          {[]verdict.Click{tap(0, handedOver(-2000))}, verdict.Bot, verdict.TooSoon},
		"three seconds after it":                   {[]verdict.Click{tap(0, handedOver(-3000))}, verdict.Human, verdict.NothingSpeaksAgainst},
		"while the hand-over is written down":      {[]verdict.Click{tap(0, handedOver(1500))}, verdict.Bot, verdict.TooSoon},
		"long before it was known to be over":      {[]verdict.Click{tap(0, handedOver(9000))}, verdict.Human, verdict.NothingSpeaksAgainst},
		"nobody knows when it was handed over":     {[]verdict.Click{tap(0, func(c *verdict.Click) { c.HandedOver = time.Time{} })}, verdict.Human, verdict.NothingSpeaksAgainst},
		"two links in a second":                    {[]verdict.Click{tap(0), tap(1000, on(2))}, verdict.Bot, verdict.EveryLink},
		"two links in more":                        {[]verdict.Click{tap(0), tap(1001, on(2))}, verdict.Human, verdict.NothingSpeaksAgainst},
		"the first of two links":                   {[]verdict.Click{tap(900, on(2)), tap(0)}, verdict.Bot, verdict.EveryLink},
		"two links from two phones":                {[]verdict.Click{tap(0, from("198.51.100.8")), tap(500, on(2))}, verdict.Human, verdict.NothingSpeaksAgainst},
		"two links from a proxy of ours":           {[]verdict.Click{tap(0, from("10.1.1.1")), tap(500, on(2), from("10.1.1.1"))}, verdict.Human, verdict.NothingSpeaksAgainst},
		"two links from this machine":              {[]verdict.Click{tap(0, from("::1")), tap(500, on(2), from("::1"))}, verdict.Human, verdict.NothingSpeaksAgainst},
		"two links from a local link":              {[]verdict.Click{tap(0, from("fe80::1%eth0")), tap(500, on(2), from("fe80::1%eth0"))}, verdict.Human, verdict.NothingSpeaksAgainst},
		"two links from shared space":              {[]verdict.Click{tap(0, from("100.64.9.9")), tap(500, on(2), from("100.64.9.9"))}, verdict.Human, verdict.NothingSpeaksAgainst},
		"two links from two addresses of a phone":  {[]verdict.Click{tap(0, from("2001:db8:1:1::a")), tap(500, on(2), from("2001:db8:1:1::b"))}, verdict.Bot, verdict.EveryLink},
		"two links, one address mapped":            {[]verdict.Click{tap(0), tap(500, on(2), from("::ffff:198.51.100.7"))}, verdict.Bot, verdict.EveryLink},
		"the same link twice":                      {[]verdict.Click{tap(0), tap(100)}, verdict.Human, verdict.NothingSpeaksAgainst},
		"after a HEAD":                             {[]verdict.Click{tap(0, head), tap(9000)}, verdict.Bot, verdict.AfterMachine},
		"in the moment of a HEAD":                  {[]verdict.Click{tap(0, head), tap(0)}, verdict.Bot, verdict.AfterMachine},
		"before a HEAD":                            {[]verdict.Click{tap(1000, head), tap(0)}, verdict.Human, verdict.NothingSpeaksAgainst},
		"long after a HEAD":                        {[]verdict.Click{tap(0, head), tap(11_000)}, verdict.Human, verdict.NothingSpeaksAgainst},
		"after a HEAD for another message":         {[]verdict.Click{tap(0, head, of(2)), tap(1000)}, verdict.Human, verdict.NothingSpeaksAgainst},
		"after a HEAD from elsewhere":              {[]verdict.Click{tap(0, head, from("198.51.100.8")), tap(1000)}, verdict.Human, verdict.NothingSpeaksAgainst},
		"after the phone's own preview":            {[]verdict.Click{tap(0, preview), tap(2000)}, verdict.Human, verdict.NothingSpeaksAgainst},
		"together with a preview":                  {[]verdict.Click{tap(0, preview), tap(500)}, verdict.Unsure, verdict.AfterLooking},
		"a preview of another link and then a tap": {[]verdict.Click{tap(0, preview, on(2)), tap(1500)}, verdict.Human, verdict.NothingSpeaksAgainst},
		"a machine stays one":                      {[]verdict.Click{tap(0), tap(500, on(2), head)}, verdict.Bot, verdict.Head},
		"a data centre's doubt stays":              {[]verdict.Click{tap(0, preview), tap(500, centre)}, verdict.Unsure, verdict.DataCentre},
		"a data centre's HEAD before":              {[]verdict.Click{tap(0, head), tap(500, centre)}, verdict.Bot, verdict.AfterMachine},
		"20 people in ten seconds":                 {many(20, 500), verdict.Bot, verdict.Burst},
		"19 people in ten seconds":                 {many(19, 500), verdict.Human, verdict.NothingSpeaksAgainst},
		"20 people in eleven":                      {many(20, 550), verdict.Human, verdict.NothingSpeaksAgainst},
		"20 times one person":                      {many(20, 500, func(c *verdict.Click) { c.Contact = 1 }), verdict.Human, verdict.NothingSpeaksAgainst},
		"20 links of nobody":                       {many(20, 500, func(c *verdict.Click) { c.Contact = 0 }), verdict.Bot, verdict.Burst},
		"20 people through our proxy":              {many(20, 500, from("192.168.0.1")), verdict.Human, verdict.NothingSpeaksAgainst},
		"40 people in a minute":                    {many(40, 1500), verdict.Bot, verdict.Walk},
		"40 people in more":                        {many(40, 1600), verdict.Human, verdict.NothingSpeaksAgainst},
		"one phone type of several":                {append(many(6, 1000, by("Mozilla/5.0 (Linux)")), many(24, 250)...), verdict.Human, verdict.NothingSpeaksAgainst},
		"one other phone among many":               {append(many(1, 0, by("Mozilla/5.0 (Linux)")), many(24, 250)...), verdict.Bot, verdict.Burst},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := verdict.Revise(tc.clicks)
			require.Equal(t, verdict.Finding{Is: tc.is, Why: tc.why}, got[len(got)-1])
		})
	}
}

// All of a burst are told of, and whoever comes long before or after is not.
func TestABurstIsAllOfIt(t *testing.T) {
	t.Parallel()
	all := append([]verdict.Click{tap(-30_000, of(100)), tap(60_000, of(101))}, many(30, 300)...)
	for i, f := range verdict.Revise(all) {
		require.Equal(t, i >= 2, f.Why == verdict.Burst, "%d: %v", i, f)
	}
}

// Others who came in the same moment as the first of many came with them.
func TestTheSameMomentHasNoOrder(t *testing.T) {
	t.Parallel()
	others := []verdict.Click{tap(0, of(100), by("another")), tap(0, of(101), by("another"))}
	for _, all := range [][]verdict.Click{append(slices.Clone(others), many(20, 400)...), append(many(20, 400), others...)} {
		for _, f := range verdict.Revise(all) {
			require.Equal(t, verdict.Human, f.Is)
		}
	}
}

// What many real phones do through one address of a carrier, ten times what a large
// campaign makes.
func TestACarriersAddressIsNoMachine(t *testing.T) {
	t.Parallel()
	agents := []string{iPhone, iPhone, "Mozilla/5.0 (Linux; Android 10; K)", "Mozilla/5.0 (Linux; Android 10; K)", "Mozilla/5.0 (iPhone; older)"}
	for i := range 20 {
		agents = append(agents, fmt.Sprintf("Mozilla/5.0 (in app %d)", i%2))
	}
	var all []verdict.Click
	for i := range 2000 {
		all = append(all, tap(i*330, of(int64(i+1)), by(agents[(i*7919)%len(agents)])))
	}
	for _, f := range verdict.Revise(all) {
		require.Equal(t, verdict.Human, f.Is)
	}
}

func BenchmarkRevise(b *testing.B) {
	var all []verdict.Click
	for i := range 50_000 {
		all = append(all, tap(i*3, of(int64(i%5000+1)), on(i%3+1), by(fmt.Sprintf("%s %d", iPhone, i%50)),
			from(fmt.Sprintf("198.51.%d.%d", i%7, i%200))))
	}
	for b.Loop() {
		verdict.Revise(all)
	}
}
