package store

import (
	"strings"

	"trackly/models"
	"trackly/rules/contactfile"
	"trackly/rules/field"
	"trackly/rules/place"
)

// rowsOf names the table in which an import's rows wait. The id is one of ours, and what
// is no hexadecimal digit is left out all the same: the name becomes part of statements.
func rowsOf(id models.ImportID) string {
	return "import_rows_" + strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'f' {
			return r
		}
		return -1
	}, string(id))
}

func rowColumns() []string {
	return []string{
		"number", "line", "phone", "region", "zones", "first_name", "last_name", "state", "zone", "postal", "at_state", "at_zones", "fields",
		"phone_hash", "consented_at", "consent_ip", "consent_url", "consent_text", "consent_method", "consent_agent",
		"column_name", "value", "reason", "message",
	}
}

// rowOf writes one row as it waits to be merged.
func (s *Store) rowOf(number int64, r contactfile.Row, types field.Set) []any {
	if len(r.Refusals) > 0 {
		why := refusalOf(r.Refusals)
		return []any{
			number, int64(r.Line), "", "",
			[]string{},
			"", "", "", "", "", "",
			[]string{},
			emptyFields,
			nil, nil, "", "", "", "", "", why.Column, why.Value, why.Reason, why.Message,
		}
	}
	state, zones := whereabouts(place.Facts{
		Phone: r.Phone, Region: r.Region, PhoneZones: r.Zones, Zone: r.Zone, State: r.State, Postal: r.Zip,
	})
	var at any
	if !r.Consent.At.IsZero() {
		at = r.Consent.At
	}
	return []any{
		number, int64(r.Line), r.Phone, r.Region, orEmpty(r.Zones), r.FirstName, r.LastName, r.State, r.Zone, r.Zip, state, zones,
		encoded(r.Fields, types), s.phoneHash(r.Phone), at, r.Consent.IP, r.Consent.PageURL, r.Consent.Disclosure, r.Consent.Method,
		r.Consent.UserAgent, "", "", "", "",
	}
}

var emptyFields = []byte("{}") //nolint:gochecknoglobals // a constant in all but name

func encoded(v field.Values, types field.Set) []byte {
	if len(v) == 0 {
		return emptyFields
	}
	return v.Encode(types)
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// whereabouts is where a contact is, as audiences ask for it: the state if it is one, and
// every zone that may be.
func whereabouts(f place.Facts) (state string, zones []string) {
	p := place.Of(f)
	if len(p.States) == 1 {
		state = p.States[0]
	}
	return state, orEmpty(p.Zones)
}

// refusalOf makes one refusal of all there is against a row: the first reason counts,
// every sentence is told.
func refusalOf(all []contactfile.Refusal) models.Refusal {
	told := make([]string, len(all))
	for i, r := range all {
		told[i] = r.Message
	}
	return models.Refusal{
		Column: all[0].Column, Value: all[0].Value, Reason: string(all[0].Reason), Message: strings.Join(told, " "),
	}
}
