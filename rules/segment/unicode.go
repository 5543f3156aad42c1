package segment

import (
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// unicode counts a text whose character at byte i, after runes others, is not in GSM-7.
// Below 71 units nothing is cut, so nobody needs to know where the characters a reader
// sees begin and end.
func unicode(text string, i, runes int) Count {
	c := Count{Encoding: UCS2, ForcedAt: runes, Units: runes}
	c.Forced, _ = utf8.DecodeRuneInString(text[i:])
	for _, r := range text[i:] {
		c.Units += unitsOf(r)
	}
	n, used := 1, c.Units
	if c.Units > ucs2Single {
		n, used = cutClusters(text)
	}
	return c.count(ucs2Single, ucs2Joined, n, used)
}

// unitsOf is 2 for a surrogate pair.
func unitsOf(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

// cutter is a text on its way into joined segments.
type cutter struct{ n, used int }

// add puts units that may not be parted into the segment that has room for them.
func (c *cutter) add(units int) {
	if c.used+units > ucs2Joined {
		c.n, c.used = c.n+1, 0
	}
	c.used += units
}

// cutClusters keeps together what a reader sees as one character: a flag, a family, a
// letter with its accents. Only the cluster at the end of a segment is looked up.
func cutClusters(text string) (n, used int) {
	c := cutter{n: 1}
	for {
		size, units := run(text, ucs2Joined-c.used)
		c.add(units)
		if text = text[size:]; text == "" {
			return c.n, c.used
		}
		cluster, rest, _, _ := uniseg.FirstGraphemeClusterInString(text, -1)
		c.addCluster(cluster)
		text = rest
	}
}

// run is the longest start of a text that fits into room units and certainly ends
// between two clusters.
func run(text string, room int) (size, units int) {
	sum, before := 0, true
	for i, r := range text {
		now := alone(r)
		if before && now {
			size, units = i, sum
		}
		if sum += unitsOf(r); sum > room {
			return size, units
		}
		before = now
	}
	return len(text), sum
}

// addCluster falls back to whole surrogate pairs when a cluster is longer than a
// segment: it has to be cut somewhere.
func (c *cutter) addCluster(cluster string) {
	units := 0
	for _, r := range cluster {
		units += unitsOf(r)
	}
	if units <= ucs2Joined {
		c.add(units)
		return
	}
	for _, r := range cluster {
		c.add(unitsOf(r))
	}
}

// alone is true for characters that never join a neighbour which is alone too, so that
// ordinary text does without the costly look-up of its clusters. CR and LF are alone:
// carriers treat them as two. Left out of the ranges: combining marks, joiners, skin
// tones, the letters of flags.
func alone(r rune) bool {
	switch {
	case r < 0x300:
		return r != 0xAD
	case r < 0x2010:
		return 0x3A3 <= r && r <= 0x482 || 0x48A <= r && r <= 0x52F // Greek, Cyrillic
	case r < 0x3040:
		return r <= 0x2027 || 0x2030 <= r && r <= 0x205E || 0x20A0 <= r && r <= 0x20C0 || // punctuation, money
			0x2100 <= r && r <= 0x2BFF || 0x3000 <= r && r <= 0x3029
	case r < 0x1F000:
		return 0x3041 <= r && r <= 0x3096 || 0x30A1 <= r && r <= 0x30FF || 0x4E00 <= r && r <= 0x9FFF
	}
	return 0x1F300 <= r && r <= 0x1F3FA || 0x1F400 <= r && r <= 0x1F64F || 0x1F900 <= r && r <= 0x1F9FF
}
