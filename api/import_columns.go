package api

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/contactfile"
	"trackly/rules/field"
)

// keptColumns are columns as they are stored: without samples, which are people's data
// and would outlive their erasure.
func keptColumns(columns []contactfile.Column) []models.ImportColumn {
	kept := make([]models.ImportColumn, len(columns))
	for i, c := range columns {
		kept[i] = models.ImportColumn{Header: c.Header, Meaning: string(c.Meaning), Field: c.Field, Type: string(c.Type), Found: string(c.Found)}
	}
	return kept
}

// foundColumns are an import's columns as they were found. What only new_fields made a
// field of is taken back: this start may ask for something else.
func foundColumns(imp models.Import) []contactfile.Column {
	found := make([]contactfile.Column, len(imp.Columns))
	for i, c := range imp.Columns {
		found[i] = contactfile.Column{
			Header: c.Header, Meaning: contactfile.Meaning(c.Meaning), Field: c.Field, Type: field.Type(c.Type), Found: contactfile.Found(c.Found),
		}
		if found[i].Meaning == contactfile.Custom && found[i].Found == contactfile.ByNothing {
			found[i].Meaning = contactfile.Ignored
		}
	}
	return found
}

// columnJSON corrects one column.
type columnJSON struct {
	Header  string `json:"header" doc:"As in the file. Of columns with the same header the first one, then the second one."`
	Meaning string `json:"meaning" enum:"phone,first_name,last_name,state,zip,zone,consented_at,consent_ip,consent_url,consent_text,consent_method,consent_user_agent,custom,ignored" doc:"What its values are."`
	Field   string `json:"field,omitempty" doc:"With custom: the field's name; left out: made of the header."`
	Type    string `json:"type,omitempty" enum:"text,number,boolean,date" doc:"With custom: the field's type; left out: the one it has, or the one its values look like."`
}

// mapped are the columns with what the user says about some of them, for the store to
// settle; nil: as they were found. Everything that cannot be is complained of, at its
// place in the request where the user spoke of it.
func mapped(imp models.Import, o models.ImportOptions, known field.Set, said []columnJSON) ([]models.ImportColumn, error) {
	found, places := foundColumns(imp), map[int]int{} // column of the file -> place in the request
	with := contactfile.Options{Region: o.Region, Known: known, NewFields: o.NewFields}
	if len(said) > 0 || !slices.Equal(keptColumns(found), imp.Columns) {
		var bad fault.Problems
		with.Columns = corrected(&bad, found, said, places)
		if err := bad.Err("the mapping"); err != nil {
			return nil, err
		}
	}
	_, err := with.Settle(found)
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		for i := range f.Problems {
			f.Problems[i] = placed(f.Problems[i], found, places)
		}
	}
	if err != nil || with.Columns == nil {
		return nil, err
	}
	return keptColumns(with.Columns), nil
}

func corrected(bad *fault.Problems, found []contactfile.Column, said []columnJSON, places map[int]int) []contactfile.Column {
	columns := slices.Clone(found)
	for j, c := range said {
		i := unsaid(found, places, c.Header)
		if i < 0 {
			bad.Add(fmt.Sprintf("columns[%d].header", j), "is no header of the file, or is named twice")
			continue
		}
		places[i] = j
		to := &columns[i]
		to.Meaning, to.Found = contactfile.Meaning(c.Meaning), contactfile.ByUser
		if c.Field != "" {
			to.Field = c.Field
		}
		if to.Meaning == contactfile.Custom || to.Meaning == contactfile.Ignored {
			to.Type = field.Type(c.Type)
		}
	}
	return columns
}

// unsaid is the first column with this header that the user has not spoken of yet.
func unsaid(found []contactfile.Column, places map[int]int, header string) int {
	for i, c := range found {
		if _, said := places[i]; !said && c.Header == strings.TrimSpace(header) {
			return i
		}
	}
	return -1
}

// placed moves a complaint about column i of the file to where the client can mend it.
func placed(p fault.Problem, found []contactfile.Column, places map[int]int) fault.Problem {
	number, ok := strings.CutPrefix(p.Where, "columns[")
	i, err := strconv.Atoi(strings.TrimSuffix(number, "]"))
	if !ok || err != nil || i >= len(found) {
		return p
	}
	if j, said := places[i]; said {
		return fault.Problem{Where: fmt.Sprintf("columns[%d]", j), Message: p.Message}
	}
	return fault.Problem{Where: "columns", Message: fmt.Sprintf("%q: %s", found[i].Header, p.Message)}
}
