package cm

import (
	"context"
	"encoding/json"
	"net/http"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// CM's complaints of a request that has no texts. It reads the token before the texts; if
// it once does not, the test text of a list's check finds a wrong token all the same.
const (
	malformed = 202
	noTexts   = 203
)

// Login implements provider.Sender: CM has nothing to ask, so it hands over no texts.
func (a *adapter) Login(ctx context.Context) error {
	if a.url == nil {
		return fault.New(fault.Forbidden, "the list's provider address is not a web address")
	}
	body := a.frame.append(nil, nil)
	reply := wire.Call{Method: http.MethodPost, URL: a.url, Header: a.header, Body: body}.Do(ctx, a.http)
	if reply.Err != nil {
		return fault.Wrap(reply.Err, fault.Broken, "CM could not be reached")
	}
	var said answer
	if json.Unmarshal(reply.Body, &said) != nil || said.ErrorCode == nil {
		return fault.New(fault.Broken, "CM's answer could not be read")
	}
	switch got := meaningOf(*said.ErrorCode); {
	case *said.ErrorCode == noTexts, *said.ErrorCode == malformed, *said.ErrorCode == allTaken:
		return nil
	case got.Class == provider.AccountProblem:
		return fault.New(fault.Forbidden, "%s", got.Text)
	default:
		return fault.New(fault.Broken, "CM did not say whether it knows the account (code %s)", got.Code)
	}
}
