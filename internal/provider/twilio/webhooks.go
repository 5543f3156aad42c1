package twilio

import (
	"net/url"
	"unicode/utf8"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

const (
	// maxBody is the longest text Twilio carries, in characters.
	maxBody = 1600
	// maxName bounds ids and addresses; Twilio's ids have 34 characters.
	maxName = 64
)

// Status implements provider.Webhooks. Twilio adds fields without notice, so fields it
// does not know are signed for and otherwise ignored.
func (a *adapter) Status(w provider.Webhook) ([]provider.Report, error) {
	form, err := a.verified(w)
	if err != nil {
		return nil, err
	}
	id, err := wire.MessageIn(w.URL)
	if err != nil {
		return nil, err
	}
	sid, word := first(form, "MessageSid", "SmsSid"), first(form, "MessageStatus", "SmsStatus")
	var bad fault.Problems
	name(&bad, "MessageSid", sid)
	name(&bad, "MessageStatus", word)
	if err := bad.Err("the status callback"); err != nil {
		return nil, err
	}
	return []provider.Report{report(id, sid, word, first(form, "ErrorCode"))}, nil
}

// Inbound implements provider.Webhooks. A picture message has an empty Body and is a
// text all the same.
func (a *adapter) Inbound(w provider.Webhook) ([]provider.Inbound, error) {
	form, err := a.verified(w)
	if err != nil {
		return nil, err
	}
	in := provider.Inbound{
		ProviderID: first(form, "MessageSid", "SmsSid"),
		From:       first(form, "From"), To: first(form, "To"), Body: first(form, "Body"),
	}
	var bad fault.Problems
	name(&bad, "MessageSid", in.ProviderID)
	name(&bad, "From", in.From)
	name(&bad, "To", in.To)
	if !utf8.ValidString(in.Body) || utf8.RuneCountInString(in.Body) > maxBody {
		bad.Add("Body", "is not a text of at most %d characters", maxBody)
	}
	if err := bad.Err("the inbound text"); err != nil {
		return nil, err
	}
	return []provider.Inbound{in}, nil
}

// verified reads the form and checks the signature over the address as configured and
// the first value of every field, compared in constant time. The query belongs to the
// signed address and is left alone.
func (a *adapter) verified(w provider.Webhook) (url.Values, error) {
	form, err := url.ParseQuery(string(w.Body))
	if err != nil {
		return nil, fault.New(fault.Invalid, "the request body is not a form")
	}
	signature := w.Header.Get("X-Twilio-Signature")
	fields := make(map[string]string, len(form))
	for k, v := range form {
		if len(v) > 0 {
			fields[k] = v[0]
		}
	}
	if signature == "" || !a.validator.Validate(w.URL, fields, signature) {
		return nil, fault.New(fault.Forbidden, "the webhook's signature is wrong")
	}
	return form, nil
}

func name(bad *fault.Problems, field, value string) {
	if value == "" || len(value) > maxName {
		bad.Add(field, "is missing or longer than %d bytes", maxName)
	}
}

// first gives the first value of the first name that has one: Twilio posts old and new
// names side by side.
func first(form map[string][]string, names ...string) string {
	for _, n := range names {
		if v := form[n]; len(v) > 0 && v[0] != "" {
			return v[0]
		}
	}
	return ""
}
