package contactfile

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"trackly/internal/fault"
	"trackly/rules/field"
	"trackly/rules/phone"
	"trackly/rules/place"
)

// row reads cells into a contact, or collects everything that speaks against it.
func (r *Reader) row(line int, cells []string) Row {
	row := Row{Line: line}
	if ragged(cells, len(r.columns)) {
		row.refuse("", "", RaggedRow, r.raggedSentence(len(cells)))
		return row
	}
	for i := range r.columns {
		if c := &r.columns[i]; c.Meaning != Ignored && c.Meaning != Phone {
			r.take(&row, i, plain(cells[i]))
		}
	}
	r.takePhone(&row, plain(cells[r.phoneAt]))
	r.checkState(&row)
	if size := row.Fields.Bytes(); size > field.MostBytes {
		row.refuse("", "", FieldsTooBig, fmt.Sprintf("The custom fields have %d bytes; at most %d are kept.", size, field.MostBytes))
	}
	if len(row.Refusals) == 0 {
		r.checkDuplicate(&row)
	}
	if len(row.Refusals) > 0 {
		row.Phone, row.Region, row.Zones = "", "", nil
	}
	return row
}

// plain takes away spaces, and the formula ="02134" by which spreadsheets are kept from
// making a number of a code.
func plain(cell string) string {
	cell = strings.TrimSpace(cell)
	if len(cell) > 3 && cell[0] == '=' && cell[1] == '"' && cell[len(cell)-1] == '"' {
		return strings.TrimSpace(cell[2 : len(cell)-1])
	}
	return cell
}

// raggedSentence suspects a file that ends in the middle of a row: then its last line has
// too few cells and no line end. That line alone is ordinary.
func (r *Reader) raggedSentence(cells int) string {
	said := fmt.Sprintf("The row has %d cells, the header has %d.", cells, len(r.columns))
	if cells < len(r.columns) && r.guard.endedInLine() && r.csv.InputOffset() == r.guard.passed {
		return said + " The file ends here without a line end: it is probably cut off."
	}
	return said
}

// ragged forgives empty cells too many: spreadsheets write them behind every row.
func ragged(cells []string, want int) bool {
	return len(cells) < want || !blank(cells[want:])
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// take keeps one cell. The phone waits until the other cells are known to be good.
func (r *Reader) take(row *Row, i int, value string) {
	if value == "" {
		return
	}
	c := &r.columns[i]
	value, ok := r.letters.read(value)
	if !ok {
		row.refuse(c.Header, value, BadEncoding, r.letters.complaint())
		return
	}
	switch c.Meaning {
	case FirstName:
		row.FirstName = row.short(c, value, maxNameChars)
	case LastName:
		row.LastName = row.short(c, value, maxNameChars)
	case State:
		row.State = row.short(c, value, maxStateChars)
	case Zip:
		row.Zip = row.short(c, value, maxZipChars)
	case Zone:
		row.takeZone(c, value)
	case Custom:
		r.takeField(row, i, value)
	case Phone, Ignored:
	default:
		r.takeConsent(row, i, value)
	}
}

// takeConsent keeps evidence. An address that is none would be worth nothing before a
// court, so the row is refused as for a wrong date; only the user agent, which some
// browsers write without end, is cut.
func (r *Reader) takeConsent(row *Row, i int, value string) {
	c := &r.columns[i]
	switch c.Meaning { //nolint:exhaustive // the others are read by take
	case ConsentedAt:
		r.takeDate(row, i, value)
	case ConsentIP:
		ip, err := netip.ParseAddr(value)
		if err != nil || ip.Zone() != "" {
			row.refuse(c.Header, value, BadValue, "This is no IP address; write it as 203.0.113.7.")
			return
		}
		row.Consent.IP = ip.String()
	case ConsentURL:
		row.Consent.PageURL = row.short(c, value, maxURLChars)
	case ConsentText:
		row.Consent.Disclosure = row.short(c, value, maxTextChars)
	case ConsentMethod:
		row.Consent.Method = row.short(c, value, maxWayChars)
	case ConsentUserAgent:
		row.Consent.UserAgent = cut(value, maxAgentChars)
	}
}

// takeField keeps a value of a custom field in its canonical form.
func (r *Reader) takeField(row *Row, i int, value string) {
	c := &r.columns[i]
	canonical, err := r.valueOf(i, value)
	if err != nil {
		row.refuse(c.Header, value, BadValue, "The value "+wordsOf(err)+".")
		return
	}
	if row.Fields == nil {
		row.Fields = make(field.Values, r.fields)
	}
	row.Fields[c.Field] = canonical
}

// valueOf reads dates as people write them; a time of day is dropped.
func (r *Reader) valueOf(i int, value string) (string, error) {
	t := r.columns[i].Type
	if t != field.Date {
		return field.Parse(t, value)
	}
	at, way, ok := r.dates.read(value, r.ways[i])
	if !ok {
		return "", fault.New(fault.Invalid, "is no date; write it as 2026-11-23")
	}
	r.ways[i] = way
	if way == 0 && len(value) == len(time.DateOnly) { // is canonical, and need not be written anew
		return value, nil
	}
	return at.Format(time.DateOnly), nil
}

func wordsOf(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Message
	}
	return "cannot be read"
}

func (row *Row) short(c *Column, value string, most int) string {
	if len(value) > most && utf8.RuneCountInString(value) > most {
		row.refuse(c.Header, value, TooLong, fmt.Sprintf("The cell has more than %d characters.", most))
		return ""
	}
	return value
}

// takeZone keeps a zone that quiet hours will know. As with states, a guess would be worse
// than a refusal.
func (row *Row) takeZone(c *Column, value string) {
	if _, ok := place.Location(value); !ok {
		row.refuse(c.Header, value, BadZone, "This is no time zone; write it as America/New_York.")
		return
	}
	row.Zone = value
}

// takeDate reads when somebody consented. Nobody consented to a text before 1990.
func (r *Reader) takeDate(row *Row, i int, value string) {
	at, way, ok := r.dates.read(value, r.ways[i])
	if !ok {
		at, ok = sinceEpoch(value)
	}
	if !ok || at.Year() < 1990 || at.Year() >= 2200 {
		row.refuse(r.columns[i].Header, value, BadConsentDate, "The date cannot be read; write it as 2026-11-23.")
		return
	}
	r.ways[i], row.Consent.At = way, at.UTC()
}

func (r *Reader) takePhone(row *Row, value string) {
	c := &r.columns[r.phoneAt]
	if value == "" {
		row.refuse(c.Header, value, EmptyPhone, "The phone number is empty.")
		return
	}
	value, ok := r.letters.read(value)
	if !ok {
		row.refuse(c.Header, value, BadEncoding, r.letters.complaint())
		return
	}
	n, err := phone.Parse(value, r.region)
	if err != nil {
		row.refuse(c.Header, value, BadPhone, sentence(err.Error()))
		return
	}
	row.Phone, row.Region, row.Zones = n.E164, n.Region, n.Zones
}

// checkState makes two letters of a US state. What a US phone's owner wrote there is
// used for quiet hours, so a guess is worse than a refusal.
func (r *Reader) checkState(row *Row) {
	if row.State == "" || row.Region != "US" {
		return
	}
	code, ok := stateOf(row.State)
	if !ok {
		row.refuse(r.columns[r.stateAt].Header, row.State, BadState, "This is no state of the US.")
		return
	}
	row.State = code
}

// checkDuplicate remembers phones as numbers: fifteen digits fit into 64 bits, so there
// are no collisions. A refused row does not count as seen.
func (r *Reader) checkDuplicate(row *Row) {
	digits, err := strconv.ParseUint(strings.TrimPrefix(row.Phone, "+"), 10, 64)
	if err != nil {
		row.refuse(r.columns[r.phoneAt].Header, row.Phone, BadPhone, "This is not a phone number.")
		return
	}
	if first, twice := r.firstSeen[digits]; twice {
		row.refuse(r.columns[r.phoneAt].Header, row.Phone, DuplicateInFile, fmt.Sprintf("The same phone number is in line %d.", first))
		return
	}
	r.firstSeen[digits] = uint32(min(row.Line, 1<<32-1)) //nolint:gosec // cannot overflow behind min
}

func (row *Row) refuse(header, value string, why Reason, message string) {
	row.Refusals = append(row.Refusals, Refusal{
		Line: row.Line, Column: header, Value: cut(value, maxShownValue), Reason: why, Message: message,
	})
}

// sentence makes a sentence of an error's words, which are ASCII.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }
