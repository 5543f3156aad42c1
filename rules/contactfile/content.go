package contactfile

import (
	"strings"

	"trackly/rules/field"
	"trackly/rules/phone"
	"trackly/rules/place"
)

// look gives columns whose headers say nothing the meaning of what stands in them, and
// the others of them the type their values have. A column is taken for something only if
// it is the only one: which of two is meant, the uploader must say.
func look(columns []Column, samples [][]string, region string) {
	for i := range columns {
		columns[i].Samples = examples(samples[i])
	}
	if !has(columns, Phone) {
		promote(columns, samples, region)
	}
	for _, m := range []Meaning{Zone, State, Zip} {
		if !has(columns, m) {
			only(columns, samples, m, looksLike(m))
		}
	}
	days := datesOf(region)
	for i := range columns {
		if c := &columns[i]; c.Meaning == Ignored && c.Field != "" {
			c.Type = typeOf(samples[i], days)
		}
	}
}

// promote finds the phone without a header that says so: by what stands in the column,
// or else by a weak header which nothing contradicts.
func promote(columns []Column, samples [][]string, region string) {
	isPhone := func(s string) bool {
		_, err := phone.Parse(s, region)
		return err == nil
	}
	weak := columnsWhere(columns, func(i int) bool { return isWeakPhone(columns[i].Field) && mostly(samples[i], isPhone) })
	if len(weak) == 1 {
		columns[weak[0]].becomes(Phone, ByHeader)
		return
	}
	if only(columns, samples, Phone, func(all []string) bool { return mostly(all, isPhone) }) {
		return
	}
	for i := range columns {
		if isWeakPhone(columns[i].Field) && columns[i].Meaning == Ignored && len(samples[i]) == 0 {
			columns[i].becomes(Phone, ByHeader)
			return
		}
	}
}

// only gives m to the one column that looks like it.
func only(columns []Column, samples [][]string, m Meaning, like func([]string) bool) bool {
	alike := columnsWhere(columns, func(i int) bool { return like(samples[i]) })
	if len(alike) != 1 {
		return false
	}
	columns[alike[0]].becomes(m, ByContent)
	return true
}

// columnsWhere gives the columns nobody knows and of which is is true, at most two: that
// is one too many, and a file of a thousand columns of phones is not read to its end.
func columnsWhere(columns []Column, is func(i int) bool) (all []int) {
	for i, c := range columns {
		if c.Meaning == Ignored && c.Found == ByNothing && is(i) {
			all = append(all, i)
		}
		if len(all) == 2 {
			break
		}
	}
	return all
}

func (c *Column) becomes(m Meaning, by Found) {
	c.Meaning, c.Found, c.Field, c.Type = m, by, "", ""
}

// mostly reports whether is is true of at least four values in five.
func mostly(values []string, is func(string) bool) bool {
	wrong := 0
	for _, v := range values {
		if !is(v) {
			wrong++
		}
		if wrong*5 > len(values) {
			return false
		}
	}
	return len(values) > 0
}

func looksLike(m Meaning) func([]string) bool {
	switch m {
	case Zone:
		return func(values []string) bool { return mostly(values, isZone) }
	case State:
		return looksLikeStates
	default:
		return looksLikeZips
	}
}

// isZone asks for the zone data only where the name can be one: it is read from a disk.
func isZone(s string) bool {
	continent, _, _ := strings.Cut(s, "/")
	switch continent {
	case "America", "US", "Pacific", "Europe", "Asia", "Africa", "Australia", "Atlantic", "Indian", "Canada", "Antarctica", "Arctic":
		_, ok := place.Location(s)
		return ok
	}
	return false
}

// looksLikeStates wants three different ones: a column of OK, of IN and OUT, or of DE and
// CA speaks of other things.
func looksLikeStates(values []string) bool {
	different := make(map[string]bool)
	return mostly(values, func(s string) bool {
		code, ok := stateOf(s)
		if ok {
			different[code] = true
		}
		return ok
	}) && len(different) >= 3
}

// looksLikeZips wants a leading zero or a ZIP+4 among them: without one, five digits are
// as well the amount of a loan.
func looksLikeZips(values []string) bool {
	sure := false
	return mostly(values, func(s string) bool {
		if !isZip(s) {
			return false
		}
		sure = sure || s[0] == '0' || len(s) > 5
		return len(place.Of(place.Facts{Region: "US", Postal: s}).States) > 0
	}) && sure
}

// isZip knows 10001 and 10001-1234.
func isZip(s string) bool {
	five, four, plus := strings.Cut(s, "-")
	return len(five) == 5 && allDigits(five) && (!plus || len(four) == 4 && allDigits(four))
}

func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// typeOf guesses. Of a guess that is too narrow every later row is refused, so it is text
// unless every value seen is of the type. Zeros and ones alone are numbers: a two may
// come. Numbers with leading zeros, or of more digits than a number keeps, are codes.
func typeOf(values []string, days dates) field.Type {
	switch {
	case len(values) == 0:
		return field.Text
	case every(values, isWord):
		return field.Boolean
	case every(values, isPlainNumber):
		return field.Number
	case every(values, days.isDay):
		return field.Date
	}
	return field.Text
}

func every(values []string, is func(string) bool) bool {
	for _, v := range values {
		if !is(v) {
			return false
		}
	}
	return true
}

func isWord(s string) bool {
	_, err := field.Parse(field.Boolean, s)
	return err == nil && !allDigits(s)
}

func isPlainNumber(s string) bool {
	_, err := field.Parse(field.Number, s)
	digits := strings.TrimPrefix(s, "-")
	return err == nil && (len(digits) < 2 || digits[0] != '0' || digits[1] == '.')
}
