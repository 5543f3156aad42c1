package phone

import "slices"

// quick answers for US numbers in plain shapes without the numbering library, which
// costs a hundred allocations a number: too slow for a file of a million. It gives the
// library's answer or none; area codes whose answer depends on more than the area code
// are not in its table.
func quick(s, region string) (Number, bool) {
	digits, ok := plain(s, region == "US")
	if !ok {
		return Number{}, false
	}
	zones := areas[area(digits)]
	if zones == nil {
		return Number{}, false
	}
	return Number{E164: "+1" + string(digits[:]), Region: "US", Zones: slices.Clone(zones)}, true
}

// plain takes the ten digits out of [+1|1][ .-](NPA)[ .-]NXX[ .-]1234. Without the plus
// such digits mean a US number only to somebody who dials from there (home).
func plain(s string, home bool) (digits [10]byte, ok bool) {
	c := cursor{rest: s}
	switch {
	case c.take('+'):
		if !c.take('1') {
			return digits, false
		}
	case !home:
		return digits, false
	default:
		c.take('1')
	}
	c.separator()
	bracket := c.take('(')
	c.digits(digits[:3])
	if bracket && !c.take(')') {
		return digits, false
	}
	c.separator()
	c.digits(digits[3:6])
	c.separator()
	c.digits(digits[6:])
	return digits, !c.failed && c.rest == "" && digits[0] >= '2' && digits[3] >= '2'
}

func area(digits [10]byte) int {
	return int(digits[0]-'0')*100 + int(digits[1]-'0')*10 + int(digits[2]-'0')
}

// cursor eats a string from the left and remembers whether something was missing.
type cursor struct {
	rest   string
	failed bool
}

func (c *cursor) take(b byte) bool {
	if c.rest == "" || c.rest[0] != b {
		return false
	}
	c.rest = c.rest[1:]
	return true
}

func (c *cursor) separator() {
	if c.rest != "" && (c.rest[0] == ' ' || c.rest[0] == '-' || c.rest[0] == '.') {
		c.rest = c.rest[1:]
	}
}

func (c *cursor) digits(to []byte) {
	if len(c.rest) < len(to) {
		c.failed = true
		return
	}
	for i := range to {
		to[i] = c.rest[i]
		c.failed = c.failed || !isDigit(to[i])
	}
	c.rest = c.rest[len(to):]
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }
