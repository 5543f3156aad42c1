package activities

import (
	"context"
	"strings"

	"trackly/internal/fault"
	"trackly/internal/handover"
	"trackly/internal/provider"
	"trackly/models"
)

// checkStore is what Checks needs from the store, and nothing else.
type checkStore interface {
	WebhookRoute(ctx context.Context, id models.RouteID) (models.List, models.Route, models.Credentials, error)
	Message(ctx context.Context, account models.AccountID, id models.MessageID) (models.Message, error)
	PassStep(ctx context.Context, account models.AccountID, id models.RouteID, steps ...models.CheckStep) error
	FailCheck(ctx context.Context, account models.AccountID, id models.RouteID, test models.MessageID, problem string) error
}

// Checks finds out whether a route's provider account works.
type Checks struct {
	Store     checkStore
	Starter   starter
	Providers provider.Registry
	Door      handover.Door
}

// CheckInput names a route and the test text queued for it.
type CheckInput struct {
	AccountID models.AccountID
	ListID    models.ListID
	RouteID   models.RouteID
	MessageID models.MessageID
}

// GiveUpInput says why a check ends before its test text was heard of; no problem means
// that its time is over.
type GiveUpInput struct {
	CheckInput
	Problem string
}

// CheckResult says how far the check is. Problem is what a person has to mend.
type CheckResult struct {
	Done    bool
	Problem string
}

// Login asks the provider something harmless that needs the credentials, and lets the
// test text go when that works. A second run does the same again.
func (c *Checks) Login(ctx context.Context, in CheckInput) (CheckResult, error) {
	_, r, creds, err := c.Store.WebhookRoute(ctx, in.RouteID)
	if err != nil {
		return CheckResult{}, err
	}
	dialer, err := c.Providers.Dialer(r.Provider)
	if err != nil {
		return CheckResult{}, err
	}
	switch err := dialer.Dial(c.Door.AccountOf(r, creds)).Login(ctx); {
	case err != nil && (fault.KindOf(err) == fault.Throttled || fault.KindOf(err) == fault.Broken):
		return CheckResult{}, err // tried again: nothing was learnt
	case err != nil:
		return c.fail(ctx, in, "the credentials do not work: "+err.Error())
	}
	if err := c.Store.PassStep(ctx, in.AccountID, in.RouteID, models.StepCredentials); err != nil {
		return CheckResult{}, err
	}
	return CheckResult{}, c.nudge(ctx, in)
}

func (c *Checks) nudge(ctx context.Context, in CheckInput) error {
	return c.Starter.NudgeOutbox(ctx, models.Source{AccountID: in.AccountID, ListID: in.ListID})
}

// Look reads what became of the test text. Only the provider's callback says that a text
// was delivered or not, so that is the proof that callbacks arrive.
func (c *Checks) Look(ctx context.Context, in CheckInput) (CheckResult, error) {
	m, err := c.Store.Message(ctx, in.AccountID, in.MessageID)
	if err != nil {
		return CheckResult{}, err
	}
	switch m.State {
	case models.MessageDelivered, models.MessageUndelivered:
		if err := c.Store.PassStep(ctx, in.AccountID, in.RouteID, models.StepText, models.StepWebhook); err != nil {
			return CheckResult{}, err
		}
		return CheckResult{Done: true}, c.nudge(ctx, in) // other texts may have waited for this
	case models.MessageSent:
		return CheckResult{}, c.Store.PassStep(ctx, in.AccountID, in.RouteID, models.StepText)
	case models.MessageFailed, models.MessageSkipped:
		why := strings.Join(strings.Fields(m.Reason+" "+m.ProviderCode+" "+m.ProviderText), " ")
		return c.fail(ctx, in, "the test text did not go out: "+why)
	case models.MessageQueued, models.MessageClaimed, models.MessageUnknown:
	}
	return CheckResult{}, nil
}

// GiveUp ends a check that waited long enough, for the reason given or for what is
// missing of the test text.
func (c *Checks) GiveUp(ctx context.Context, in GiveUpInput) (CheckResult, error) {
	if in.Problem != "" {
		return c.fail(ctx, in.CheckInput, in.Problem)
	}
	res, err := c.Look(ctx, in.CheckInput)
	if err != nil || res.Done {
		return res, err
	}
	m, err := c.Store.Message(ctx, in.AccountID, in.MessageID)
	if err != nil {
		return CheckResult{}, err
	}
	problem := "the test text is still " + string(m.State) + ": is the list paused, or the provider out of reach?"
	switch m.State { //nolint:exhaustive // the others
	case models.MessageSent:
		problem = "the provider took the test text, and its callback never came: can it reach this server's public URL?"
	case models.MessageUnknown:
		problem = "the provider's answer to the test text never came, and neither did its callback"
	}
	return c.fail(ctx, in.CheckInput, problem)
}

func (c *Checks) fail(ctx context.Context, in CheckInput, problem string) (CheckResult, error) {
	return CheckResult{Done: true, Problem: problem}, c.Store.FailCheck(ctx, in.AccountID, in.RouteID, in.MessageID, problem)
}
