package telnyx

import (
	"bytes"
	"encoding/json"
	"regexp"

	"trackly/internal/provider/wire"
)

// shape is what every code of Telnyx's looks like. Anything else is not kept: it could
// quote a phone.
var shape = regexp.MustCompile(`^[0-9]{3,6}$`)

// complaint is one entry of an errors list. Telnyx's own words are not read: they quote
// phones.
type complaint struct {
	Code code `json:"code"`
}

// code is a string in Telnyx's JSON, and a number in that of some of its stand-ins.
type code string

// UnmarshalJSON implements json.Unmarshaler.
func (c *code) UnmarshalJSON(raw []byte) error {
	if raw = bytes.Trim(raw, `"`); shape.Match(raw) {
		*c = code(raw)
	}
	return nil
}

// codeOf is the first code Telnyx gives, empty when there is none.
func codeOf(errors []complaint) string {
	for _, e := range errors {
		if e.Code != "" {
			return string(e.Code)
		}
	}
	return ""
}

func refused(reply wire.Reply) *wire.Refusal {
	var said struct {
		Errors []complaint `json:"errors"`
	}
	r := &wire.Refusal{Who: who, Status: reply.Status, RetryAfter: reply.RetryAfter(), Codes: codes}
	if json.Unmarshal(reply.Body, &said) == nil {
		r.Code = codeOf(said.Errors)
	}
	return r
}
