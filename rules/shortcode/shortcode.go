// Package shortcode turns a message and the number of a link in it into the seven
// characters of a short link, and back. A code says nothing to a stranger: without the
// key the neighbours of a code cannot be named. It is not a table of links and not a
// signature: every well-formed code decodes to some message, which may not exist.
package shortcode

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"sync"

	"trackly/internal/fault"
)

// The limits of what a code can carry.
const (
	Length       = 7
	MaxLink      = 8
	MaxMessageID = codes/MaxLink - 1 // 440,201,825,775
	minKey       = 16
)

// codes is 62^7, the number of different codes.
const codes = 62 * 62 * 62 * 62 * 62 * 62 * 62

// purpose separates this use of the key from any other. Changing it, or anything else
// below, breaks every link ever sent.
const purpose = "trackly shortcode v1"

// Codec makes and reads codes under one key. It is safe for concurrent use and prints
// without its key.
type Codec struct {
	block  cipher.Block
	blocks sync.Pool // of *[aes.BlockSize]byte, which would escape at every round
}

// New takes a key of at least 16 bytes. The error is Invalid and does not hold the key.
func New(key []byte) (*Codec, error) {
	if len(key) < minKey {
		return nil, fault.New(fault.Invalid, "the key of the short codes needs at least %d bytes", minKey)
	}
	derived, err := hkdf.Key(sha256.New, key, nil, purpose, 16)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the key of the short codes could not be derived")
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the cipher of the short codes could not be made")
	}
	return &Codec{block: block, blocks: sync.Pool{New: func() any { return new([aes.BlockSize]byte) }}}, nil
}

// Encode gives the code of a link, counted from 1 to MaxLink, in a message with an id
// from 0 to MaxMessageID. Anything else is Invalid.
func (c *Codec) Encode(messageID int64, link int) (string, error) {
	if messageID < 0 || messageID > MaxMessageID {
		return "", fault.New(fault.Invalid, "message %d is beyond what a short code can carry", messageID)
	}
	if link < 1 || link > MaxLink {
		return "", fault.New(fault.Invalid, "link %d is not between 1 and %d", link, MaxLink)
	}
	text := spell(c.hide(uint64(messageID)*MaxLink + uint64(link-1)))
	return string(text[:]), nil
}

// Decode reads a code. ok is false when it is not seven letters and digits; case counts.
func (c *Codec) Decode(code string) (messageID int64, link int, ok bool) {
	v, ok := read(code)
	if !ok {
		return 0, 0, false
	}
	v = c.show(v)
	return int64(v / MaxLink), int(v%MaxLink) + 1, true //nolint:gosec // v has 42 bits
}

// String stands in for the codec in prints and logs.
func (*Codec) String() string { return "shortcode.Codec(secret)" }

// GoString is String for %#v.
func (c *Codec) GoString() string { return c.String() }
