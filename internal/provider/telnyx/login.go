package telnyx

import (
	"context"
	"net/http"

	"trackly/internal/fault"
)

// nobody is the id of a text that does not exist.
const nobody = "00000000-0000-0000-0000-000000000000"

// Login implements provider.Sender: it asks for a text that does not exist. Who may not
// ask is told so before that.
func (a *adapter) Login(ctx context.Context) error {
	if a.base == nil {
		return fault.New(fault.Forbidden, "the list's provider address is not a web address")
	}
	reply := a.call(ctx, http.MethodGet, "/v2/messages/"+nobody, nil)
	switch {
	case reply.Err != nil:
		return fault.Wrap(reply.Err, fault.Broken, "Telnyx could not be reached")
	case reply.Status == http.StatusNotFound, reply.OK():
		return nil
	}
	return refused(reply).Fault()
}
