package models

// ReasonSentence explains a message's reason to a user. The reasons are ours, or the class
// of a provider's refusal. It is empty for a word nobody knows.
func ReasonSentence(reason string) string { return reasonSentences[reason] }

var reasonSentences = map[string]string{
	ReasonOptedOut:      "The person said STOP, to this number or in a scope that covers this list, so nothing more is sent to them.",
	ReasonNotActive:     "The subscription is suppressed or invalid: only active contacts are texted.",
	ReasonCancelled:     "The campaign was cancelled before this message was handed over.",
	ReasonEmptyText:     "The text was empty for this contact.",
	ReasonNeverAccepted: "It was handed over several times, and the provider has no record of it.",
	ReasonQuietHours:    "It did not fit into the hours in which this contact may be texted, and the campaign drops what does not fit; or there is no such hour for weeks.",
	ReasonFrequency:     "This contact got another text so recently that the frequency cap of the list or of the account forbids one more.",
	ReasonStateCap:      "This contact got as many texts in 24 hours as the law of their state allows.",
	ReasonTooLate:       "A confirmation may go out within five minutes of the STOP only.",
	ReasonCheckFailed:   "The check of the provider account failed or was begun anew, so its test text did not go out.",

	"retry_soon":        "The provider was too busy to take it.",
	"retry_later":       "The phone was not reachable, or the provider gave no reason that would not pass.",
	"defer_to_tomorrow": "A cap of the carrier or of the provider account for the day is reached.",
	"bad_number":        "This phone can never be texted: it does not exist, or it is a landline.",
	"account_problem":   "The provider account has a problem that a person must mend.",
	"filtered":          "The provider or the carrier dislikes the text.",
	"unanswered":        "The provider's answer never came, so nobody knows whether it was accepted.",
	"undelivered":       "The carrier did not deliver it and gave no reason.",
	"failed":            "The provider gave it up and gave no reason.",
}
