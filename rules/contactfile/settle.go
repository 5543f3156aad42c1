package contactfile

import (
	"fmt"
	"slices"

	"trackly/internal/fault"
	"trackly/rules/field"
)

// Settle decides what becomes of every column: found is what Propose found, o.Columns
// what the user makes of it (nil: nothing else), and with o.NewFields every column nobody
// knows becomes a custom field, unless the user's column has no Field or is ByUser. Every
// complaint comes at once, each at its columns[i].
//
// What it gives can be kept and be Options.Columns of the Reader.
func (o Options) Settle(found []Column) ([]Column, error) {
	settled, err := o.settle(found)
	if err != nil || o.Columns == nil {
		return settled, err
	}
	for i := range settled {
		c, was, want := &settled[i], found[i], o.Columns[i]
		c.Samples = was.Samples
		switch {
		case want.Meaning != was.Meaning, c.Meaning == Custom && want.Meaning == Custom && (c.Field != was.Field || c.Type != was.Type):
			c.Found = ByUser
		case c.Found == ByNothing:
			c.Found = was.Found
		}
	}
	return settled, nil
}

// settle leaves Found as it is.
func (o Options) settle(found []Column) ([]Column, error) {
	var bad fault.Problems
	columns := slices.Clone(found)
	if o.Columns != nil {
		columns = slices.Clone(o.Columns)
		if !fits(&bad, columns, found) {
			return nil, bad.Err("the mapping")
		}
	}
	for i := range columns {
		c := &columns[i]
		if o.NewFields && c.Meaning == Ignored && c.Field != "" && c.Found == ByNothing {
			c.Meaning = Custom
		}
		if c.Meaning == Custom {
			checkField(&bad, i, c, found[i].Type, o.Known)
		} else {
			checkMeaning(&bad, i, c)
		}
	}
	checkColumns(&bad, columns, o.Known)
	return columns, bad.Err("the file")
}

// fits complains about a mapping that was made for another file.
func fits(bad *fault.Problems, columns, found []Column) bool {
	if len(columns) != len(found) {
		bad.Add("columns", "has %d columns; the file has %d", len(columns), len(found))
		return false
	}
	for i := range columns {
		if trimmed(columns[i].Header) != found[i].Header {
			bad.Add(at(i), "is for the header %q; in the file it is %q", shown(columns[i].Header), shown(found[i].Header))
		}
		columns[i].Header = found[i].Header
	}
	return true
}

func at(i int) string { return fmt.Sprintf("columns[%d]", i) }

func checkMeaning(bad *fault.Problems, i int, c *Column) {
	if !slices.Contains(Meanings(), c.Meaning) {
		bad.Add(at(i), "has no meaning that exists; it is one of %v", Meanings())
	}
	if c.Meaning != Ignored {
		c.Field, c.Type = "", ""
	}
}

// checkField gives a custom field its type: the account's, else the user's, else the one
// its values look like.
func checkField(bad *fault.Problems, i int, c *Column, guessed field.Type, known field.Set) {
	t, defined := known[c.Field]
	switch {
	case field.Reserved(c.Field):
		bad.Add(at(i), "cannot become the field %q: that name is built in", shown(c.Field))
		return
	case !field.IsName(c.Field):
		bad.Add(at(i), "needs the name of a field: small letters, digits and _, at most 64, a letter first")
		return
	case defined && c.Type != "" && c.Type != t:
		bad.Add(at(i), "cannot be %s: the account has the field %q as %s", c.Type, c.Field, t)
	case c.Type != "" && !slices.Contains(field.Types(), c.Type):
		bad.Add(at(i), "has no type that exists; it is one of %v", field.Types())
	}
	switch {
	case defined:
		c.Type = t
	case c.Type == "" && guessed != "":
		c.Type = guessed
	case c.Type == "":
		c.Type = field.Text
	}
}
