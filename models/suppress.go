package models

// Number is a phone that somebody gave us, as rules/phone read it.
type Number struct {
	Phone  string // E.164
	Region string // ISO 3166 country of the number
	Zones  []string
}

// Suppressed is what an upload of suppressions changed.
type Suppressed struct {
	Added     int64 // suppressions that are new
	Standing  int64 // phones that were suppressed so before, or erased
	OptedOut  int64 // subscriptions that ended
	Skipped   int64 // queued messages that will not go out
	Campaigns []CampaignID
}
