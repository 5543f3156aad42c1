package twilio

import (
	"context"
	"errors"
	"net/http"
	"regexp"

	"github.com/twilio/twilio-go/client"
	lookups "github.com/twilio/twilio-go/rest/lookups/v2"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// e164 keeps anything but a phone out of an address: twilio-go does not escape it.
var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// lineTypes are Twilio's words, as its page on Line Type Intelligence lists them. The
// carrier is null for all but mobile, landline and the two VoIPs.
var lineTypes = map[string]provider.LineType{
	"mobile": provider.LineMobile, "landline": provider.LineLandline, "fixedVoip": provider.LineVoIP, "nonFixedVoip": provider.LineVoIP,
	"tollFree": provider.LineTollFree, "personal": provider.LineOther, "premium": provider.LineOther, "sharedCost": provider.LineOther,
	"uan": provider.LineOther, "voicemail": provider.LineOther, "pager": provider.LineOther, "unknown": provider.LineUnknown, "": provider.LineUnknown,
}

// LookUp implements provider.Lookup with Lookup v2: GET /v2/PhoneNumbers/{phone} with
// Fields=line_type_intelligence, basic authentication with the account's SID and token.
// The answer has valid, and line_type_intelligence with type, carrier_name and error_code:
// 60601 for a Canadian phone without special approval, 60607 for a country Twilio cannot
// ask. It names no price. Source: twilio.com/docs/lookup/v2-api/line-type-intelligence and
// .../formatting-validation, read in November 2026.
func (a *adapter) LookUp(ctx context.Context, phone string) (provider.Line, error) {
	if a.lookups == nil {
		return provider.Line{}, fault.New(fault.Forbidden, "the list's provider address is not a web address")
	}
	if !e164.MatchString(phone) {
		return provider.Line{}, errNoPhone
	}
	p := &lookups.FetchPhoneNumberParams{}
	p.SetFields("line_type_intelligence")
	c := &call{adapter: a, ctx: ctx}
	got, err := lookups.NewApiService(&client.RequestHandler{Client: c}).FetchPhoneNumber(phone, p)
	if no, ok := errors.AsType[*wire.Refusal](err); ok {
		return provider.Line{}, lookUpFault(no)
	}
	if err != nil {
		return provider.Line{}, fault.Wrap(err, fault.Broken, "Twilio could not be asked for the phone")
	}
	return lineOf(got)
}

var errNoPhone = fault.New(fault.NotFound, "Twilio does not know this phone")

func lineOf(got *lookups.LookupResponse) (provider.Line, error) {
	info := got.LineTypeIntelligence
	switch {
	case got.PhoneNumber == nil: // any JSON object decodes
		return provider.Line{}, fault.New(fault.Broken, "Twilio's answer about a phone could not be read")
	case !got.Valid:
		return provider.Line{}, errNoPhone
	case info.ErrorCode != 0:
		return provider.Line{}, fault.New(fault.NotFound, "Twilio cannot look this phone up (code %d)", info.ErrorCode)
	}
	kind, known := lineTypes[info.Type]
	if !known {
		kind = provider.LineOther
	}
	return provider.Line{Type: kind, Carrier: info.CarrierName}, nil
}

// lookUpFault is what a refused look-up of a phone means.
func lookUpFault(r *wire.Refusal) error {
	switch {
	case r.Status == http.StatusNotFound && r.Code == "20404", r.Class() == provider.BadNumber:
		return fault.Wrap(r, fault.NotFound, "%s", errNoPhone.Message)
	case r.Class() == provider.AccountProblem:
		return fault.Wrap(r, fault.Forbidden, "Twilio does not let this account look phones up")
	case r.Class() == provider.RetrySoon:
		return fault.After(r.RetryAfter, "Twilio asks for patience")
	}
	return fault.Wrap(r, fault.Broken, "Twilio could not look the phone up")
}
