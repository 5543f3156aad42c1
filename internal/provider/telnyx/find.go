package telnyx

import (
	"context"
	"net/http"
	"regexp"

	"trackly/internal/fault"
	"trackly/internal/provider"
)

// identifier is what Telnyx's ids look like; they go into a path.
var identifier = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

// Find implements provider.Sender for texts whose Telnyx id is known. There is no way
// to ask by phone, so it never proves absence: all else is an error.
func (a *adapter) Find(ctx context.Context, q provider.Query) (provider.Finding, error) {
	switch {
	case a.base == nil:
		return provider.Finding{}, fault.New(fault.Invalid, "the list's provider address is not a web address")
	case !identifier.MatchString(q.ProviderID):
		return provider.Finding{}, fault.New(fault.Invalid, "Telnyx can only be asked for a text by its own id")
	}
	reply := a.call(ctx, http.MethodGet, "/v2/messages/"+q.ProviderID, nil)
	switch {
	case reply.Err != nil:
		return provider.Finding{}, fault.Wrap(reply.Err, fault.Broken, "Telnyx could not be asked for the text")
	case reply.Status == http.StatusNotFound:
		return provider.Finding{}, fault.New(fault.Broken, "Telnyx keeps the text no more, or not yet")
	case !reply.OK():
		return provider.Finding{}, refused(reply).Fault()
	}
	msg, ok := messageIn(reply.Body)
	if !ok || msg.ID != q.ProviderID || len(msg.To) == 0 {
		return provider.Finding{}, fault.New(fault.Broken, "Telnyx's answer could not be read")
	}
	return provider.Finding{Found: true, Report: report(0, msg.ID, msg.To[0].Status, codeOf(msg.Errors))}, nil
}
