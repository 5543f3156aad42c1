package people

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// block is how many rows share one broken one: 60 in 10,000.
const block = 166

// maker makes rows in order.
type maker struct {
	phones pool
	random *rand.Rand
	broken int    // the broken row of this block
	last   number // of the last good row, for duplicates

	first, family, plan, source []string
}

func newMaker(phones pool) *maker {
	return &maker{
		phones: phones,
		random: rand.New(rand.NewPCG(555, 100)), //nolint:gosec // the same file every time
		first:  strings.Fields(firstNames), family: strings.Fields(lastNames),
		plan: strings.Fields(plans), source: strings.Fields(sources),
	}
}

// row makes row i. Row 0 is never broken: a duplicate needs something before it.
func (m *maker) row(i int) string {
	if i%block == 0 {
		m.broken = i + 1 + m.random.IntN(block-1)
	}
	n := m.phones.take(i)
	cells := append(m.person(n), consentDay(i))
	if i == m.broken {
		return m.breakRow(i/block, n, cells)
	}
	m.last = n
	return strings.Join(cells, ",")
}

func (m *maker) person(n number) []string {
	age := fmt.Sprint(18 + (m.random.IntN(67)+m.random.IntN(67))/2)
	if m.random.IntN(40) == 0 {
		age = "" // not everybody tells
	}
	return []string{
		m.written(n), m.pick(m.first), m.pick(m.family), n.state,
		m.pick(m.plan), m.pick(m.source), age,
	}
}

// consentDay is when the person of row i signed up, some day in 2025.
func consentDay(i int) string {
	return time.Date(2025, time.January, 1+i*37%365, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// written writes the number as one of the ways found in real files.
func (m *maker) written(n number) string {
	switch m.random.IntN(5) {
	case 0:
		return fmt.Sprintf("(%s) 555-%04d", n.area, n.line)
	case 1:
		return fmt.Sprintf("%s-555-%04d", n.area, n.line)
	default:
		return fmt.Sprintf("+1%s555%04d", n.area, n.line)
	}
}

// breakRow breaks the row in the way whose turn it is.
func (m *maker) breakRow(turn int, n number, cells []string) string {
	const phone, first, state = 0, 1, 3
	switch turn % 8 {
	case 0:
		cells[phone] = fmt.Sprintf("(123) 555-%04d", n.line) // no area code begins with 1
	case 1:
		cells[phone] = fmt.Sprintf("%s-555-%02d", n.area, n.line%100)
	case 2:
		cells[phone] = n.area + "-555-CALL"
	case 3:
		cells = cells[:len(cells)-2]
	case 4:
		cells[phone] = m.written(m.last)
		cells[state] = m.last.state
	case 5:
		cells[phone] = ""
	case 6:
		cells[state] = "XX"
	case 7:
		cells[first] = "Jos\xe9" // as Latin-1 writes it
	}
	return strings.Join(cells, ",")
}

func (m *maker) pick(words []string) string { return words[m.random.IntN(len(words))] }
