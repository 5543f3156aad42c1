package network

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"trackly/internal/fault"
)

// answer is what TUNE wraps everything in. It answers 200 to what it refuses, too.
type answer struct {
	Response struct {
		Status       int             `json:"status"`
		Data         json.RawMessage `json:"data"`
		Errors       json.RawMessage `json:"errors"`
		ErrorMessage json.RawMessage `json:"errorMessage"`
	} `json:"response"`
}

type report struct {
	PageCount word            `json:"pageCount"`
	Data      json.RawMessage `json:"data"`
}

type row struct {
	Stat              map[string]word `json:"Stat"`
	ConversionsMobile map[string]word `json:"ConversionsMobile"`
}

// word is a text, whichever of its JSON forms PHP chose for it.
type word string

// UnmarshalJSON implements json.Unmarshaler.
func (w *word) UnmarshalJSON(raw []byte) error {
	switch raw[0] {
	case '"':
		var s string
		err := json.Unmarshal(raw, &s)
		*w = word(strings.TrimSpace(s))
		return err
	case '{', '[', 'n':
		*w = ""
	default:
		*w = word(raw)
	}
	return nil
}

// Read takes TUNE's answer about a page apart.
func Read(raw []byte, zone *time.Location, page int) (Page, error) {
	var got answer
	if err := json.Unmarshal(raw, &got); err != nil {
		return Page{}, fault.New(fault.Broken, "the network's answer is not TUNE's JSON")
	}
	if got.Response.Status != 1 {
		return Page{}, refusal(string(got.Response.ErrorMessage) + " " + string(got.Response.Errors))
	}
	if empty(got.Response.Data) {
		return Page{}, nil
	}
	var r report
	if err := json.Unmarshal(got.Response.Data, &r); err != nil {
		return Page{}, fault.New(fault.Broken, "the network's report is not TUNE's JSON")
	}
	rows, err := rowsOf(r.Data)
	if err != nil {
		return Page{}, err
	}
	p := Page{More: len(rows) >= PageSize || number(r.PageCount) > page}
	for _, raw := range rows {
		if c, ok := conversionOf(raw, zone); ok {
			p.Rows = append(p.Rows, c)
		} else {
			p.Bad++
		}
	}
	p.More = p.More && len(rows) > 0
	return p, nil
}

// refusal classes TUNE's own words, which are not kept: they may quote the key.
func refusal(words string) error {
	words = strings.ToLower(words)
	has := func(any ...string) bool {
		return slices.ContainsFunc(any, func(s string) bool { return strings.Contains(words, s) })
	}
	switch {
	case has("rate limit", "too many"):
		return fault.After(window, "the network asks for patience")
	case has("api_key", "api key", "apikey", "authenticat", "authoriz", "credential", "networkid", "network id", "access denied", "not active"):
		return fault.New(fault.Forbidden, "the network refuses the API key")
	case has("internal", "timeout", "timed out", "temporar", "try again"):
		return fault.New(fault.Broken, "the network fails")
	}
	return fault.New(fault.Invalid, "the network refuses to tell its conversions")
}

// empty is how PHP writes that there is nothing: an array, an object, null or false.
func empty(raw json.RawMessage) bool {
	switch s := string(bytes.TrimSpace(raw)); s {
	case "", "[]", "{}", "null", "false", `""`:
		return true
	}
	return false
}

// rowsOf takes a list, or an object by the rows' ids.
func rowsOf(raw json.RawMessage) ([]json.RawMessage, error) {
	if empty(raw) {
		return nil, nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		return list, nil
	}
	var byID map[string]json.RawMessage
	if err := json.Unmarshal(raw, &byID); err != nil {
		return nil, fault.New(fault.Broken, "the network's report is not TUNE's JSON")
	}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		list = append(list, byID[id])
	}
	return list, nil
}

func conversionOf(raw json.RawMessage, zone *time.Location) (Conversion, bool) {
	var r row
	if json.Unmarshal(raw, &r) != nil {
		return Conversion{}, false
	}
	s := func(name string) string { return string(r.Stat[name]) }
	c := Conversion{
		ID: s("id"), Offer: s("offer_id"), Transaction: s("ad_id"), Goal: s("goal_id"), Payout: s("payout"), Sale: s("sale_amount"),
		Currency: strings.ToUpper(s("currency")), Status: Status(strings.ToLower(s("conversion_status"))),
		Subs: []string{
			s("affiliate_info1"), s("affiliate_info2"), s("affiliate_info3"), s("affiliate_info4"), s("affiliate_info5"),
			string(r.ConversionsMobile["affiliate_click_id"]), s("source"),
		},
	}
	if c.Goal == "0" {
		c.Goal = ""
	}
	var err error
	c.At, err = time.ParseInLocation(time.DateTime, s("datetime"), zone)
	known := c.Status == Approved || c.Status == Pending || c.Status == Rejected
	return c, err == nil && known && c.Offer != "" && c.ID+c.Transaction != "" && len(c.ID)+len(c.Transaction)+len(c.Goal) < 200
}

// number reads a small number; anything else is none.
func number(w word) (n int) {
	for _, c := range w {
		if c < '0' || c > '9' || n > 1<<20 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}
