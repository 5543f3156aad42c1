package verdict

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

// Click is a request as Revise needs to know it.
type Click struct {
	At         time.Time
	Address    netip.Addr // invalid when it is not known, or shortened
	Message    int64
	Contact    int64 // 0: nobody knows whose
	Link       int
	UserAgent  string
	HandedOver time.Time // when the message was; zero: nobody knows
	Own        Is        // what the request alone says
	OwnReason  Reason
}

// Finding is what is believed of a click.
type Finding struct {
	Is  Is
	Why Reason
}

// Each number below has to let real people pass. A carrier hides thousands of phones behind
// one address, and a reverse proxy that nobody told us of hides all: what many people do
// from one address says nothing by itself.
const (
	// soonAfter: a text takes a second or more to the phone, and its owner to look at it. A
	// carrier's scanner follows the link while the text passes through.
	soonAfter = 3 * time.Second
	// soonBefore: the hand-over is noted when its answer is written down, so that a scanner
	// may be earlier. Much earlier, the note was late (an answer that was asked for again).
	soonBefore = 2 * time.Second
	// linksWithin: nobody goes back to the text and taps another link in a second.
	linksWithin = time.Second
	// machineWithin: scanners ask with HEAD, or by their name, and at once again with a
	// browser's name. A person who happens to be behind the same address does so for the same
	// message only if the scanner is on the phone, and then it asks again within hours.
	machineWithin = 10 * time.Second
	// lookWithin: previews and prefetches come from the person's own phone, at the address
	// from which the person taps a little later. Only what comes with them is doubtful.
	lookWithin = time.Second
	// burstPeople within burstWithin: two people a second from one address, while a million
	// texts an hour with one tap in ten make one every three seconds at each of a carrier's
	// hundred addresses.
	burstPeople = 20
	burstWithin = 10 * time.Second
	// walkPeople within Reach: a scanner at the pace of a slow list.
	walkPeople = 40
	// alike of those, in percent, must have the same user agent. The most frequent one among
	// phones has a third of them: that 19 of any 20 people share it happens once in ten
	// million times.
	alike = 95
)

// Reach is how far apart in time two clicks can be of which one says something about the
// other.
const Reach = time.Minute

// Late is how much later than its own time a click may be stored, and clocks may differ.
const Late = 30 * time.Second

// Span says which clicks a pass has to read, and which of them to judge anew, when an
// earlier pass has seen all until this time: whoever is judged has all that is within
// Reach, and is judged once more after the last of that can have come.
func Span(seen time.Time) (read, judge time.Time) {
	judge = seen.Add(-Reach - Late)
	return judge.Add(-Reach), judge
}

// Revise says what to believe of each click now that others are known. It looks at what
// the requests alone say and at nothing it has said before, so the order of the clicks and
// the number of passes make no difference. What is a machine's by itself stays so.
func Revise(window []Click) []Finding {
	r := revision{clicks: window, found: make([]evidence, len(window))}
	messages, places := map[visit][]int{}, map[netip.Prefix][]int{}
	for _, i := range r.inOrder() {
		c := &window[i]
		r.soon(i)
		where, ok := placeOf(c.Address)
		if !ok {
			continue
		}
		v := visit{where, c.Message}
		messages[v] = append(messages[v], i)
		if c.Own != Bot {
			places[where] = append(places[where], i)
		}
	}
	for _, all := range messages {
		r.links(all)
		r.machines(all)
	}
	for _, all := range places {
		r.crowd(all, burstWithin, burstPeople, isBurst)
		r.crowd(all, Reach, walkPeople, isWalk)
	}
	return r.findings()
}

// visit is a message followed from one place.
type visit struct {
	place   netip.Prefix
	message int64
}

// shared is where carriers put phones that share an address; seen from outside, it is some
// proxy of ours.
var shared = netip.MustParsePrefix("100.64.0.0/10") //nolint:gochecknoglobals // RFC 6598

// placeOf is the address, or of IPv6 the network that a phone or a household has to
// itself. From within our own networks it is a proxy's, and says nothing.
func placeOf(a netip.Addr) (netip.Prefix, bool) {
	a = a.Unmap().WithZone("")
	if !a.IsValid() || !a.IsGlobalUnicast() || a.IsPrivate() || shared.Contains(a) {
		return netip.Prefix{}, false
	}
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	return p, err == nil
}

// inOrder gives the places of the clicks by time; of the same moment, machines first.
func (r *revision) inOrder() []int {
	order := make([]int, len(r.clicks))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := &r.clicks[i], &r.clicks[j]
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(rank(a), rank(b)))
	})
	return order
}

func rank(c *Click) int {
	if c.Own == Bot {
		return 0
	}
	return 1
}
