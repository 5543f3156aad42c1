package conversion

import (
	"math/big"

	"trackly/internal/fault"
	"trackly/rules/price"
)

// Pays is what an offer pays for.
type Pays string

// The ways of paying.
const (
	ForAction Pays = "cpa"
	ForClick  Pays = "cpc"
	ForShare  Pays = "revshare"
)

// Terms are what an offer pays.
type Terms struct {
	Pays   Pays
	Payout price.Micros // of the account's currency, for an action
	Share  int          // of the amount, in hundredths of a percent
}

// Most is the largest amount and the largest earning: a billion units. A few events of a
// transaction, and all of an account, still add up in 63 bits.
const Most = 1_000_000_000 * price.Unit

// MostRate is the highest rate: a million units of the account's currency for one.
const MostRate = 1_000_000 * price.Unit

// whole is a share of everything.
const whole = 10_000

// Earned gives what an event earns by itself, in the account's currency: an action what was
// told, or the payout; a share that part of what was told; where clicks pay, nothing. Of a
// reversal it is what it takes back; one without an amount takes all, which only Book knows.
// rate is what one unit of the amount's currency is worth.
//
// The one rounding is at the end, to the nearest micro-unit, halves to the even one: so
// shares of many amounts neither grow nor shrink by it.
func Earned(t Terms, reverses bool, amount *price.Micros, rate price.Micros) (price.Micros, error) {
	switch {
	case amount != nil && *amount < 0:
		return 0, fault.New(fault.Invalid, "an amount is never negative: a refund tells what it takes back as a positive one")
	case amount != nil && *amount > Most:
		return 0, fault.New(fault.Invalid, "an amount is at most %s", Most)
	case rate < 1 || rate > MostRate:
		return 0, fault.New(fault.Invalid, "a rate is above 0 and at most %s", MostRate)
	case t.Pays == ForClick, amount == nil && (reverses || t.Pays == ForShare):
		return 0, nil
	case amount == nil:
		return t.Payout, nil
	}
	share := whole
	if t.Pays == ForShare {
		share = t.Share
	}
	product := big.NewInt(int64(*amount))
	product.Mul(product, big.NewInt(int64(rate)))
	product.Mul(product, big.NewInt(int64(share)))
	earned := halfEven(product, big.NewInt(int64(price.Unit)*whole))
	if !earned.IsInt64() || earned.Int64() > int64(Most) {
		return 0, fault.New(fault.Invalid, "at its rate of %s the amount is more than %s of the account's currency", rate, Most)
	}
	return price.Micros(earned.Int64()), nil
}

// halfEven divides numbers that are not negative.
func halfEven(n, by *big.Int) *big.Int {
	quotient, rest := new(big.Int).QuoRem(n, by, new(big.Int))
	switch rest.Lsh(rest, 1).Cmp(by) {
	case 1:
		quotient.Add(quotient, big.NewInt(1))
	case 0:
		quotient.Add(quotient, new(big.Int).And(quotient, big.NewInt(1)))
	}
	return quotient
}
