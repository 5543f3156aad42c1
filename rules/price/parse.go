package price

import (
	"math"
	"math/big"
	"strings"

	"trackly/internal/fault"
)

// maxAmount is how long an amount may be: twice what any amount needs.
const maxAmount = 40

// Parse reads what String writes, and any other plain decimal: "12.5", "12", ".50",
// "-3.00". It refuses what it would have to guess or to round: commas, currency signs,
// exponents and digits beyond the sixth decimal that are not 0. The error is Invalid.
func Parse(text string) (Micros, error) {
	refuse := func(why string) (Micros, error) { return 0, fault.New(fault.Invalid, "%s", why) }
	digits, negative := strings.CutPrefix(text, "-")
	whole, decimals, pointed := strings.Cut(digits, ".")
	switch {
	case len(text) > maxAmount:
		return refuse("is too long for an amount")
	case whole == "" && decimals == "", pointed && decimals == "", !onlyDigits(whole), !onlyDigits(decimals):
		return refuse("must be a plain decimal such as 12.50")
	}
	if decimals = strings.TrimRight(decimals, "0"); len(decimals) > 6 {
		return refuse("has more than six decimals")
	}
	n, ok := new(big.Int).SetString("0"+whole+decimals+strings.Repeat("0", 6-len(decimals)), 10)
	if !ok {
		return refuse("must be a plain decimal such as 12.50")
	}
	if negative {
		n.Neg(n)
	}
	if !n.IsInt64() {
		return refuse("is beyond " + Micros(math.MaxInt64).String())
	}
	return Micros(n.Int64()), nil
}

func onlyDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }
