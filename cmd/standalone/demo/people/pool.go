package people

import "fmt"

// Numbers ending 555-0100 to 555-0199 are reserved for fiction in every area code. A file
// that needs more goes on with 555-0200 and up: those are not reserved, but hardly any was
// ever given to anybody. They are for measuring imports and for nothing that sends.
const (
	fictionFirst, fictionLast = 100, 199
	lineLast                  = 9999
	directory                 = 1212 // 555-1212 is directory assistance
	national                  = 4334 // 555-4334 was assigned nationwide
)

// number is a phone that nobody has, and where it would be.
type number struct {
	area, state string
	line        int
}

// pool hands out different numbers, scattered over the country.
type pool struct {
	areas  []number // line not set
	lines  []int    // fiction first
	size   int
	stride int
}

func newPool(rows int) (pool, error) {
	p := pool{areas: areaCodes(), lines: lines()}
	most := len(p.areas) * len(p.lines)
	if rows < 0 || rows > most {
		return pool{}, fmt.Errorf("rows must be 0 to %d, not %d", most, rows)
	}
	p.size = max(rows, len(p.areas)*(fictionLast-fictionFirst+1))
	p.stride = 7919
	for gcd(p.stride, p.size) != 1 {
		p.stride++
	}
	return p, nil
}

func lines() []int {
	var all []int
	for n := fictionFirst; n <= lineLast; n++ {
		if n != directory && n != national {
			all = append(all, n)
		}
	}
	return all
}

// take gives the i-th number. The stride is coprime to the size, so none comes twice.
func (p pool) take(i int) number {
	k := i * p.stride % p.size
	n := p.areas[k%len(p.areas)]
	n.line = p.lines[k/len(p.areas)]
	return n
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
