package contactfile

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"trackly/rules/phone"
	"trackly/rules/place"
)

// row reads cells into a contact, or collects everything that speaks against it.
func (r *Reader) row(line int, cells []string) Row {
	row := Row{Line: line}
	if ragged(cells, len(r.columns)) {
		row.refuse(Column{}, "", RaggedRow, fmt.Sprintf("The row has %d cells, the header has %d.", len(cells), len(r.columns)))
		return row
	}
	for i, c := range r.columns {
		row.take(c, strings.TrimSpace(cells[i]))
	}
	r.takePhone(&row, strings.TrimSpace(cells[r.at[Phone]]))
	r.checkState(&row)
	if size := fieldBytes(row.Fields); size > maxFieldBytes {
		row.refuse(Column{}, "", FieldsTooBig, fmt.Sprintf("The custom fields have %d bytes; at most %d are kept.", size, maxFieldBytes))
	}
	if len(row.Refusals) == 0 {
		r.checkDuplicate(&row)
	}
	if len(row.Refusals) > 0 {
		row.Phone, row.Region = "", ""
	}
	return row
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
func (row *Row) take(c Column, value string) {
	if value == "" || c.Meaning == Ignored || c.Meaning == Phone {
		return
	}
	if !utf8.ValidString(value) {
		row.refuse(c, value, BadEncoding, "The cell is not UTF-8; save the file as CSV UTF-8.")
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
	case ConsentedAt:
		row.takeDate(c, value)
	case Custom:
		row.setField(c.Field, value)
	case Phone, Ignored:
	}
}

func (row *Row) setField(name, value string) {
	if row.Fields == nil {
		row.Fields = make(map[string]string, 8)
	}
	row.Fields[name] = value
}

func (row *Row) short(c Column, value string, most int) string {
	if len(value) > most && utf8.RuneCountInString(value) > most {
		row.refuse(c, value, TooLong, fmt.Sprintf("The cell has more than %d characters.", most))
		return ""
	}
	return value
}

// takeZone keeps a zone that quiet hours will know. As with states, a guess would be worse
// than a refusal.
func (row *Row) takeZone(c Column, value string) {
	if _, ok := place.Location(value); !ok {
		row.refuse(c, value, BadZone, "This is no time zone; write it as America/New_York.")
		return
	}
	row.Zone = value
}

func (row *Row) takeDate(c Column, value string) {
	at, ok := dateOf(value)
	if !ok {
		row.refuse(c, value, BadConsentDate, "The date cannot be read; write it as 2026-11-23.")
		return
	}
	row.ConsentedAt = at
}

func (r *Reader) takePhone(row *Row, value string) {
	c := r.columns[r.at[Phone]]
	if value == "" {
		row.refuse(c, value, EmptyPhone, "The phone number is empty.")
		return
	}
	if !utf8.ValidString(value) {
		row.refuse(c, value, BadEncoding, "The cell is not UTF-8; save the file as CSV UTF-8.")
		return
	}
	n, err := phone.Parse(value, r.region)
	if err != nil {
		row.refuse(c, value, BadPhone, sentence(err.Error()))
		return
	}
	row.Phone, row.Region = n.E164, n.Region
}

// checkState makes two letters of a US state. What a US phone's owner wrote there is
// used for quiet hours, so a guess is worse than a refusal.
func (r *Reader) checkState(row *Row) {
	if row.State == "" || row.Region != "US" {
		return
	}
	code, ok := stateOf(row.State)
	if !ok {
		row.refuse(r.columns[r.at[State]], row.State, BadState, "This is no state of the US.")
		return
	}
	row.State = code
}

// checkDuplicate remembers phones as numbers: fifteen digits fit into 64 bits, so there
// are no collisions. A refused row does not count as seen.
func (r *Reader) checkDuplicate(row *Row) {
	digits, err := strconv.ParseUint(strings.TrimPrefix(row.Phone, "+"), 10, 64)
	if err != nil {
		row.refuse(r.columns[r.at[Phone]], row.Phone, BadPhone, "This is not a phone number.")
		return
	}
	if first, twice := r.firstSeen[digits]; twice {
		row.refuse(r.columns[r.at[Phone]], row.Phone, DuplicateInFile, fmt.Sprintf("The same phone number is in line %d.", first))
		return
	}
	r.firstSeen[digits] = uint32(min(row.Line, 1<<32-1)) //nolint:gosec // cannot overflow behind min
}

func (row *Row) refuse(c Column, value string, why Reason, message string) {
	row.Refusals = append(row.Refusals, Refusal{
		Line: row.Line, Column: c.Header, Value: cut(value, maxShownValue), Reason: why, Message: message,
	})
}

func fieldBytes(fields map[string]string) int {
	n := 0
	for name, value := range fields {
		n += len(name) + len(value)
	}
	return n
}

// sentence makes a sentence of an error's words, which are ASCII.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }
