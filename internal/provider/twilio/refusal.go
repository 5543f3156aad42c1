package twilio

import (
	"encoding/json"
	"strconv"

	"trackly/internal/provider/wire"
)

func refused(reply wire.Reply) *wire.Refusal {
	var said struct {
		Code int `json:"code"`
	}
	r := &wire.Refusal{Who: who, Status: reply.Status, RetryAfter: reply.RetryAfter(), Codes: codes}
	if json.Unmarshal(reply.Body, &said) == nil && said.Code != 0 {
		r.Code = strconv.Itoa(said.Code)
	}
	return r
}
