// Package segment counts what a carrier bills: the segments of a text. It knows the
// GSM-7 alphabet, UTF-16 and the boundaries that may not be cut. It does not know
// prices, it does not change a text, and a segment is never a slice of people.
package segment

import "unicode/utf8"

// Encoding is the alphabet a text travels in. One character outside GSM-7 moves the
// whole text to UCS-2.
type Encoding string

// The two encodings of a text (3GPP TS 23.038).
const (
	GSM7 Encoding = "GSM-7"
	UCS2 Encoding = "UCS-2"
)

// A text in one segment has the whole 140 octets; in several, each gives up 6 octets to
// the header that joins them (3GPP TS 23.040, 8-bit reference).
const (
	gsmSingle, gsmJoined   = 160, 153
	ucs2Single, ucs2Joined = 70, 67
)

// Count is what a text costs. It is a plain value, comparable with ==.
type Count struct {
	Encoding Encoding
	Units    int  // septets in GSM-7, UTF-16 code units in UCS-2
	Segments int  // at least 1, also for an empty text
	Forced   rune // the first character that forced UCS-2; 0 when the text is GSM-7
	ForcedAt int  // index of Forced, counted in characters from 0

	left int
}

// Left is the number of units that fit before one more segment is billed. A character
// of two units, or an emoji of several, may need more room than that.
func (c Count) Left() int { return c.left }

// Of counts a text the way Twilio's public calculator does, which is an upper bound for
// networks that cut inside an emoji. Bytes that are not UTF-8 count as one UCS-2
// character each. It is safe for concurrent use and allocates nothing.
func Of(text string) Count {
	septets, escapes := 0, 0
	for i := 0; i < len(text); i++ {
		var w int
		at := i
		if b := text[i]; b < utf8.RuneSelf {
			w = int(asciiSeptets[b] - '0')
		} else {
			r, size := utf8.DecodeRuneInString(text[i:])
			w = septetsOf(r)
			i += size - 1
		}
		if w == 0 {
			return unicode(text, at, septets-escapes)
		}
		septets += w
		escapes += w - 1
	}
	return gsm(text, septets, escapes)
}

// count fills in the segments: used is what the last of n joined segments holds.
func (c Count) count(single, joined, n, used int) Count {
	c.Segments, c.left = n, joined-used
	if c.Units <= single {
		c.Segments, c.left = 1, single-c.Units
	}
	return c
}
