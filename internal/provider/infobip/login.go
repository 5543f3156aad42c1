package infobip

import (
	"context"
	"net/http"
	"net/url"

	"trackly/internal/fault"
)

// Login implements provider.Sender: it asks the logs for a text that does not exist.
func (a *adapter) Login(ctx context.Context) error {
	if a.base == nil {
		return fault.New(fault.Forbidden, "the list's provider address is not a web address")
	}
	reply := a.call(http.MethodGet, logsPath, url.Values{"messageId": {"0"}}, nil).Do(ctx, a.http)
	switch {
	case reply.Err != nil:
		return fault.Wrap(reply.Err, fault.Broken, "Infobip could not be reached")
	case !reply.OK():
		return refused(reply).Fault()
	}
	return nil
}
