package sandbox

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio signs webhooks with HMAC-SHA1
	"encoding/base64"
	"io"
	"net/url"
	"slices"
	"strconv"
)

func (twilio) failure(class string) int         { return twilioFailures[class] }
func (twilio) announces(_ *text, _ string) bool { return true }
func (twilio) bucket() int                      { return 1 }

func (twilio) status(batch []*step, address string, _ int) parcel {
	st := batch[0]
	t := st.text
	form := url.Values{
		"AccountSid": {t.Account}, "ApiVersion": {"2010-04-01"}, "From": {t.From}, "To": {t.To},
		"MessageSid": {t.SID}, "SmsSid": {t.SID}, "MessageStatus": {st.status}, "SmsStatus": {st.status},
	}
	if st.code != 0 {
		form.Set("ErrorCode", strconv.Itoa(st.code))
	}
	return twilioParcel(t.Token, address, form)
}

func (twilio) inbound(n Number, r Reply, _ string, _ int) parcel {
	return twilioParcel(n.Token, n.InboundURL, url.Values{
		"AccountSid": {n.AccountSID}, "ApiVersion": {"2010-04-01"}, "From": {r.Phone}, "To": {r.Number},
		"Body": {r.Body}, "MessageSid": {r.SID}, "SmsSid": {r.SID}, "SmsMessageSid": {r.SID},
		"NumMedia": {"0"}, "NumSegments": {"1"}, "SmsStatus": {"received"},
	})
}

func twilioParcel(token, address string, form url.Values) parcel {
	return parcel{
		address: address, body: form.Encode(), kind: "application/x-www-form-urlencoded", agent: "TwilioProxy/1.1",
		signed: map[string]string{"X-Twilio-Signature": sign(token, address, form)},
	}
}

// sign is Twilio's signature: the address, then every field's name and value in the
// order of names.
func sign(token, address string, form url.Values) string {
	keys := make([]string, 0, len(form))
	for k := range form {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	mac := hmac.New(sha1.New, []byte(token))
	_, _ = io.WriteString(mac, address) // a hash never fails
	for _, k := range keys {
		_, _ = io.WriteString(mac, k+form.Get(k))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
