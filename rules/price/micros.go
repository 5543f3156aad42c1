// Package price computes what segments cost, exactly and in whole numbers. It counts no
// segments, keeps no ledger, charges nobody and knows no tax.
package price

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
)

// Micros is an amount in millionths of a currency's unit: 4500 is $0.0045. The currency
// is known from where the amount stands. Sums of Micros are exact, unlike floats.
type Micros int64

// Unit is one whole unit of the currency.
const Unit Micros = 1_000_000

// String writes the amount exactly, with two to six decimals and without a currency:
// "19.99", "0.0045", "-3.00".
func (m Micros) String() string {
	sign, abs := "", uint64(m) //nolint:gosec // the sign is taken off below
	if m < 0 {
		sign, abs = "-", -abs
	}
	decimals := strings.TrimRight(fmt.Sprintf("%06d", abs%uint64(Unit)), "0")
	return fmt.Sprintf("%s%d.%s", sign, abs/uint64(Unit), decimals+strings.Repeat("0", max(0, 2-len(decimals))))
}

// Units gives the amount as a fraction of the unit, for rates and estimates: it is no
// longer exact, and nothing may be booked from it.
func (m Micros) Units() float64 { return float64(m) / float64(Unit) }

// times multiplies amounts from 0. A product beyond 63 bits sticks at the largest amount:
// a budget must refuse it, which a negative number would not do.
func (m Micros) times(n int64) Micros {
	hi, lo := bits.Mul64(uint64(m), uint64(n)) //nolint:gosec // neither is negative
	if hi != 0 || lo > math.MaxInt64 {
		return math.MaxInt64
	}
	return Micros(lo)
}

// plus adds amounts from 0 and sticks like times.
func (m Micros) plus(n Micros) Micros {
	if m > math.MaxInt64-n {
		return math.MaxInt64
	}
	return m + n
}
