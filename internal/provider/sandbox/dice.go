package sandbox

import (
	"time"
)

// dice answers "does it happen to this one?" the same way every time: by hashing, so
// that a run can be repeated and a phone keeps its fate.
type dice uint64

// roll is a number in [0, 100) for this kind of event and this subject.
func (d dice) roll(kind, subject string) float64 {
	h := uint64(14695981039346656037) ^ uint64(d)*0x9E3779B97F4A7C15
	for _, s := range [...]string{kind, "\x00", subject} {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
	}
	return percentOf(mix(h))
}

// rollN is roll for a subject that is a count.
func (d dice) rollN(kind string, n uint64) float64 {
	h := uint64(14695981039346656037) ^ uint64(d)*0x9E3779B97F4A7C15 ^ mix(n)
	for i := range len(kind) {
		h = (h ^ uint64(kind[i])) * 1099511628211
	}
	return percentOf(mix(h))
}

// between picks a duration evenly from low to high.
func (d dice) between(kind, subject string, low, high time.Duration) time.Duration {
	if high <= low {
		return low
	}
	return low + time.Duration(d.roll(kind, subject)/100*float64(high-low))
}

func percentOf(h uint64) float64 { return float64(h>>11) / (1 << 53) * 100 }

// mix is the finalizer of splitmix64. FNV alone leaves neighbouring phones with
// neighbouring fates.
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xBF58476D1CE4E5B9
	h = (h ^ h>>27) * 0x94D049BB133111EB
	return h ^ h>>31
}
