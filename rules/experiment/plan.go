package experiment

import "math"

// golden is the fraction that is worst approximated by others, so multiples of it fill a
// circle evenly at every moment and not only at the end.
const golden = 0.6180339887498949

// nearby is how many strides on either side of the golden one are looked at.
const nearby = 64

// Plan assigns each of N positions to a variant. It is plain data, so that SQL can
// compute the same: q = (pos * Stride + Offset) mod N, and the variant is the number of
// Bounds not above q. Positions should not follow anything a variant could profit
// from, such as the age of a subscription: neighbours alternate in a regular pattern.
type Plan struct {
	N      int64   // members
	Stride int64   // has no divisor in common with N, hence every q comes once
	Offset int64   // from 0 to N-1, from the seed
	Bounds []int64 // cumulative sizes; the last one is N
}

// NewPlan splits n members over percentages which have passed Check. The same arguments
// give the same plan on every machine. Any start of the positions is close to the
// wanted split for n up to 3*10^9. Beyond that the stride shrinks, because the product
// in q must fit 63 bits, and the split is exact only as a whole, up to 10^18.
func NewPlan(n int64, percents []int, seed uint64) Plan {
	n = max(n, 0)
	p := Plan{N: n, Stride: stride(n), Bounds: Sizes(n, percents)}
	for i := 1; i < len(p.Bounds); i++ {
		p.Bounds[i] += p.Bounds[i-1]
	}
	if n > 0 {
		p.Offset = int64(mix(seed) % uint64(n))
	}
	return p
}

// Variant gives the variant of a position, counted from 0. Positions outside 0 to N-1
// wrap round; an empty plan answers 0.
func (p Plan) Variant(pos int64) int {
	if p.N <= 0 {
		return 0
	}
	pos = (pos%p.N + p.N) % p.N
	q := (pos*p.Stride + p.Offset) % p.N
	for i, b := range p.Bounds {
		if q < b {
			return i
		}
	}
	return max(len(p.Bounds)-1, 0)
}

// stride picks, near the golden one, the stride whose multiples are spread most evenly.
func stride(n int64) int64 {
	if n < 3 {
		return 1
	}
	limit := min(n-1, math.MaxInt64/n-1)
	middle := min(int64(math.Round(float64(n)*golden)), limit)
	best, least := int64(1), int64(math.MaxInt64)
	for s := max(1, middle-nearby); s <= min(limit, middle+nearby); s++ {
		if r, ok := roughness(s, n); ok && r < least {
			best, least = s, r
		}
	}
	return best
}

// roughness is the sum of the partial quotients of s/n, which bounds how far any start
// of the multiples of s is from an even spread. ok is false when s and n have a common
// divisor.
func roughness(s, n int64) (sum int64, ok bool) {
	for s != 0 {
		sum += n / s
		s, n = n%s, s
	}
	return sum, n == 1
}

// mix is one step of SplitMix64: seeds that differ in a bit give unrelated offsets.
func mix(seed uint64) uint64 {
	z := seed + 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
