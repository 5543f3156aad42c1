package twilio

import (
	"context"

	"trackly/internal/fault"
)

// Login implements provider.Sender: it asks for the newest text.
func (a *adapter) Login(ctx context.Context) error {
	if a.base == nil {
		return fault.New(fault.Forbidden, "the list's provider address is not a web address")
	}
	_, err := a.page(ctx, "", cursor{})
	return err
}
