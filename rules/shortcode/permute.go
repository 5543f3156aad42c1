package shortcode

import (
	"crypto/aes"
	"encoding/binary"
)

const (
	half   = 21 // bits; two halves cover 62^7, a little under 2^42
	mask   = 1<<half - 1
	rounds = 10
)

// hide maps a number below 62^7 to another one. The permutation is of 2^42 numbers; one
// that lands beyond 62^7 is permuted again until it does not. That ends, because the
// walk is on a cycle which began below, and takes 1.25 steps on average.
func (c *Codec) hide(v uint64) uint64 {
	buf := c.buffer()
	defer c.blocks.Put(buf)
	for {
		if v = c.forward(v, buf); v < codes {
			return v
		}
	}
}

// show undoes hide: the same walk backwards.
func (c *Codec) show(v uint64) uint64 {
	buf := c.buffer()
	defer c.blocks.Put(buf)
	for {
		if v = c.backward(v, buf); v < codes {
			return v
		}
	}
}

func (c *Codec) buffer() *[aes.BlockSize]byte {
	if buf, ok := c.blocks.Get().(*[aes.BlockSize]byte); ok {
		return buf
	}
	return new([aes.BlockSize]byte)
}

// forward is a balanced Feistel network: whatever the round function, it can be undone.
func (c *Codec) forward(v uint64, buf *[aes.BlockSize]byte) uint64 {
	left, right := v>>half, v&mask
	for i := range uint64(rounds) {
		left, right = right, left^c.round(i, right, buf)
	}
	return left<<half | right
}

func (c *Codec) backward(v uint64, buf *[aes.BlockSize]byte) uint64 {
	left, right := v>>half, v&mask
	for i := range uint64(rounds) {
		left, right = right^c.round(rounds-1-i, left, buf), left
	}
	return left<<half | right
}

// round is AES of the round's number and one half, cut to 21 bits.
func (c *Codec) round(i, v uint64, buf *[aes.BlockSize]byte) uint64 {
	binary.BigEndian.PutUint64(buf[:8], i)
	binary.BigEndian.PutUint64(buf[8:], v)
	c.block.Encrypt(buf[:], buf[:])
	return binary.BigEndian.Uint64(buf[:8]) & mask
}
