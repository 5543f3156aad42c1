package phone

import (
	"errors"

	"github.com/nyaruka/phonenumbers"

	"trackly/internal/fault"
)

// worldwide is the region of numbers which belong to no country: freephone, satellites.
const worldwide = "001"

// longestE164 is the + and the fifteen digits of ITU-T E.164.
const longestE164 = 16

// explain says why the library could not read a number. Its own error is not kept: a
// later version may quote the number.
func explain(err error) error {
	switch {
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode):
		return fault.New(fault.Invalid, "the phone number has no country code we know")
	case errors.Is(err, phonenumbers.ErrTooShortAfterIDD), errors.Is(err, phonenumbers.ErrTooShortNSN):
		return tooShort()
	case errors.Is(err, phonenumbers.ErrNumTooLong):
		return tooLong()
	}
	return fault.New(fault.Invalid, "this is not a phone number")
}

func tooShort() error { return fault.New(fault.Invalid, "the phone number has too few digits") }
func tooLong() error  { return fault.New(fault.Invalid, "the phone number has too many digits") }

// textable refuses numbers which were read but cannot be texted.
func textable(n *phonenumbers.PhoneNumber) error {
	if n.GetExtension() != "" {
		return fault.New(fault.Invalid, "the phone number has an extension, which cannot be texted")
	}
	if phonenumbers.IsValidNumber(n) {
		return whole(n)
	}
	switch phonenumbers.IsPossibleNumberWithReason(n) {
	case phonenumbers.TOO_SHORT, phonenumbers.IS_POSSIBLE_LOCAL_ONLY:
		return tooShort()
	case phonenumbers.TOO_LONG:
		return tooLong()
	case phonenumbers.IS_POSSIBLE, phonenumbers.INVALID_COUNTRY_CODE, phonenumbers.INVALID_LENGTH:
	}
	return fault.New(fault.Invalid, "no such phone number can exist in its country's numbering plan")
}

func whole(n *phonenumbers.PhoneNumber) error {
	if r := phonenumbers.GetRegionCodeForNumber(n); r == "" || r == worldwide {
		return fault.New(fault.Invalid, "the phone number belongs to no country")
	}
	if len(phonenumbers.Format(n, phonenumbers.E164)) > longestE164 {
		return tooLong()
	}
	return nil
}
