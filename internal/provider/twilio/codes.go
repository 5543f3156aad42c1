package twilio

import "trackly/internal/provider"

// codes classes Twilio's error codes, whether they come with the answer or with a
// callback. Twilio changes what it reports for a cause, so this is data to amend.
var codes = map[string]provider.Meaning{
	"14107": {Class: provider.RetrySoon, Sentence: "Too many replies in a row between two numbers"},
	"20429": {Class: provider.RetrySoon, Sentence: "Twilio is receiving too many requests at once"},
	"21611": {Class: provider.RetrySoon, Sentence: "The sending number's queue at Twilio is full"},
	"30001": {Class: provider.RetrySoon, Sentence: "The sending number's queue at Twilio is full"},
	"30017": {Class: provider.RetrySoon, Sentence: "The carrier's network is congested"},
	"30022": {Class: provider.RetrySoon, Sentence: "The carrier's rate for this number is exceeded"},
	"30410": {Class: provider.RetrySoon, Sentence: "The carrier did not answer in time"},
	"63017": {Class: provider.RetrySoon, Sentence: "The channel's rate is exceeded"},
	"63018": {Class: provider.RetrySoon, Sentence: "The channel's rate is exceeded"},

	"30003": {Class: provider.RetryLater, Sentence: "The phone is switched off or out of reach"},
	"30008": {Class: provider.RetryLater, Sentence: "The carrier gave no reason"},
	"30036": {Class: provider.RetryLater, Sentence: "The text expired before it could be sent"},

	"30023": {Class: provider.DeferToTomorrow, Sentence: "The carrier's cap for the day is reached"},
	"30027": {Class: provider.DeferToTomorrow, Sentence: "The carrier's cap for the day is reached"},
	"63038": {Class: provider.DeferToTomorrow, Sentence: "The account's cap for the day is reached"},

	"21211": {Class: provider.BadNumber, Sentence: "This is not a phone number"},
	"21217": {Class: provider.BadNumber, Sentence: "This is not a phone number"},
	"21401": {Class: provider.BadNumber, Sentence: "This is not a phone number"},
	"21421": {Class: provider.BadNumber, Sentence: "This is not a phone number"},
	"21612": {Class: provider.BadNumber, Sentence: "This phone cannot be reached by text from this number"},
	"21614": {Class: provider.BadNumber, Sentence: "This is not a mobile number"},
	"30005": {Class: provider.BadNumber, Sentence: "The phone does not exist any more"},
	"30006": {Class: provider.BadNumber, Sentence: "This is a landline, or its carrier takes no texts"},
	"30011": {Class: provider.BadNumber, Sentence: "This phone cannot receive pictures"},

	"21610": {Class: provider.OptedOut, Sentence: "The person replied STOP to this number"},

	"20003": {Class: provider.AccountProblem, Sentence: "Twilio does not accept the account SID and token"},
	"20005": {Class: provider.AccountProblem, Sentence: "The Twilio account is not active"},
	"20404": {Class: provider.AccountProblem, Sentence: "Twilio does not know this account"},
	"21408": {Class: provider.AccountProblem, Sentence: "The Twilio account may not text this country"},
	"21601": {Class: provider.AccountProblem, Sentence: "The sending number cannot send texts"},
	"21602": {Class: provider.AccountProblem, Sentence: "Twilio received no text to send"},
	"21603": {Class: provider.AccountProblem, Sentence: "Twilio received no sending number"},
	"21604": {Class: provider.AccountProblem, Sentence: "Twilio received no phone to text"},
	"21606": {Class: provider.AccountProblem, Sentence: "The sending number does not belong to the account"},
	"21608": {Class: provider.AccountProblem, Sentence: "A Twilio trial account may only text verified phones"},
	"21609": {Class: provider.AccountProblem, Sentence: "Twilio does not accept the callback address"},
	"21617": {Class: provider.AccountProblem, Sentence: "The text is longer than 1,600 characters"},
	"21624": {Class: provider.AccountProblem, Sentence: "Twilio does not accept the validity period"},
	"21701": {Class: provider.AccountProblem, Sentence: "The messaging service does not exist"},
	"21702": {Class: provider.AccountProblem, Sentence: "The messaging service cannot be used"},
	"21703": {Class: provider.AccountProblem, Sentence: "The messaging service has no numbers"},
	"21704": {Class: provider.AccountProblem, Sentence: "The messaging service has no number for this phone"},
	"21705": {Class: provider.AccountProblem, Sentence: "The messaging service is not valid"},
	"21709": {Class: provider.AccountProblem, Sentence: "The messaging service cannot be used"},
	"21712": {Class: provider.AccountProblem, Sentence: "The number is not in the messaging service"},
	"30002": {Class: provider.AccountProblem, Sentence: "The Twilio account is suspended"},
	"30018": {Class: provider.AccountProblem, Sentence: "The destination requires the sender to be registered"},
	"30024": {Class: provider.AccountProblem, Sentence: "The sending number is not set up at the carrier"},
	"30032": {Class: provider.AccountProblem, Sentence: "The toll-free number is not verified"},
	"30034": {Class: provider.AccountProblem, Sentence: "The number is not registered for business texts (10DLC)"},
	"30125": {Class: provider.AccountProblem, Sentence: "The sending number is not registered"},
	"90010": {Class: provider.AccountProblem, Sentence: "The Twilio account is not active"},

	"21618": {Class: provider.Filtered, Sentence: "Twilio will not send this text"},
	"30004": {Class: provider.Filtered, Sentence: "The carrier blocked the text"},
	"30007": {Class: provider.Filtered, Sentence: "The carrier filtered the text as unwanted"},
	"30019": {Class: provider.Filtered, Sentence: "The text is too large for the carrier"},
}

// Codes implements provider.Dialer.
func (Dialer) Codes() map[string]provider.Meaning { return codes }
