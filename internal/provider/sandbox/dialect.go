package sandbox

import "net/http"

// The providers whose wire formats are spoken here, as Record and Number name them.
const (
	Twilio  = "twilio"
	Infobip = "infobip"
	CM      = "cm"
	Telnyx  = "telnyx"
)

// dialect is one provider's way of speaking. What is accepted, refused or lost is
// decided elsewhere, the same for all; a dialect only puts it into words.
type dialect interface {
	throttled(w http.ResponseWriter)            // 429
	broken(w http.ResponseWriter, words string) // 500
	garbled(w http.ResponseWriter)              // the beginning of a success

	// failure is the code of a text that is lost for a reason of those in Options.
	failure(class string) int
	// announces reports whether the sender is told of a status at all.
	announces(t *text, status string) bool
	// bucket is how many statuses one webhook can carry.
	bucket() int
	// status is the webhook that tells of up to bucket texts; tries counts earlier ones.
	status(batch []*step, address string, tries int) parcel
	// inbound is the webhook of a person's text; answers is the reference of the last
	// text the person got from the number.
	inbound(n Number, r Reply, answers string, tries int) parcel
}

// speak gives the dialect of a provider; the empty one is Twilio.
func (s *Sandbox) speak(provider string) dialect {
	switch provider {
	case Infobip:
		return infobip{}
	case CM:
		return cm{}
	case Telnyx:
		return telnyx{key: s.telnyxKey}
	}
	return twilio{}
}

// newID makes an id of the form the provider gives its texts. It is unique over
// restarts.
func (s *Sandbox) newID(provider string) string {
	id := s.nextHex()
	if provider == Twilio {
		return "SM" + id
	}
	return dashed(id)
}

// dashed writes 32 hex digits as a UUID.
func dashed(id string) string {
	return id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
}
