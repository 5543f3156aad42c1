package experiment

import (
	"encoding/binary"
	"math/rand/v2"
)

// Assign gives the variant, from 1, of each of n members: random, exact, and the same for
// the same seed. The percentages must have passed Check. A byte a member is what a
// database can be sent, which would otherwise have to sort them all.
func Assign(n int64, percents []int, seed uint64) []byte {
	all := make([]byte, 0, max(n, 0))
	for i, size := range Sizes(n, percents) {
		for range size {
			all = append(all, byte(i+1))
		}
	}
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], seed)
	r := rand.New(rand.NewChaCha8(key)) //nolint:gosec // a shuffle keeps no secret
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}
