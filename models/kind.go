package models

import "time"

// Kind says why a message is sent, and so which checks it is spared.
type Kind string

// The kinds of messages.
const (
	KindCampaign     Kind = "campaign"
	KindAPI          Kind = "api"          // a single text asked for by API
	KindReply        Kind = "reply"        // a person's answer to what somebody wrote
	KindConfirmation Kind = "confirmation" // the one answer to a STOP
	KindHelp         Kind = "help"         // the answer to HELP
	KindPasscode     Kind = "passcode"     // a one-time code
	KindTest         Kind = "test"         // the text of a list's check
)

// ConfirmationLife is how long after a STOP its confirmation may still go out (47 CFR
// 64.1200(a)(12)).
const ConfirmationLife = 5 * time.Minute

// AnyHour reports whether quiet hours do not hold: somebody is waiting for this text.
func (k Kind) AnyHour() bool { return k != KindCampaign && k != KindAPI }

// Uncapped reports whether frequency and state caps do not hold, for the same reason.
func (k Kind) Uncapped() bool { return k.AnyHour() }

// Hurried reports whether the message overtakes campaigns in the queue of its list.
func (k Kind) Hurried() bool { return k != KindCampaign }
