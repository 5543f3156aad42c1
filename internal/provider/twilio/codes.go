package twilio

import "trackly/internal/provider"

// unheardOf is the class of a code not in the table. The text was certainly not
// delivered, so trying again a few times is harmless; the other classes would write
// off a phone, stop a list or accuse a creative on no evidence.
const unheardOf = provider.RetryLater

// codes classes Twilio's error codes, whether they come with the answer or with a
// callback. Twilio changes what it reports for a cause, so this is data to amend.
var codes = map[string]provider.Meaning{
	"14107": {provider.RetrySoon, "Too many replies in a row between two numbers"},
	"20429": {provider.RetrySoon, "Twilio is receiving too many requests at once"},
	"21611": {provider.RetrySoon, "The sending number's queue at Twilio is full"},
	"30001": {provider.RetrySoon, "The sending number's queue at Twilio is full"},
	"30017": {provider.RetrySoon, "The carrier's network is congested"},
	"30022": {provider.RetrySoon, "The carrier's rate for this number is exceeded"},
	"30410": {provider.RetrySoon, "The carrier did not answer in time"},
	"63017": {provider.RetrySoon, "The channel's rate is exceeded"},
	"63018": {provider.RetrySoon, "The channel's rate is exceeded"},

	"30003": {provider.RetryLater, "The phone is switched off or out of reach"},
	"30008": {provider.RetryLater, "The carrier gave no reason"},
	"30036": {provider.RetryLater, "The text expired before it could be sent"},

	"30023": {provider.DeferToTomorrow, "The carrier's cap for the day is reached"},
	"30027": {provider.DeferToTomorrow, "The carrier's cap for the day is reached"},
	"63038": {provider.DeferToTomorrow, "The account's cap for the day is reached"},

	"21211": {provider.BadNumber, "This is not a phone number"},
	"21217": {provider.BadNumber, "This is not a phone number"},
	"21401": {provider.BadNumber, "This is not a phone number"},
	"21421": {provider.BadNumber, "This is not a phone number"},
	"21612": {provider.BadNumber, "This phone cannot be reached by text from this number"},
	"21614": {provider.BadNumber, "This is not a mobile number"},
	"30005": {provider.BadNumber, "The phone does not exist any more"},
	"30006": {provider.BadNumber, "This is a landline, or its carrier takes no texts"},
	"30011": {provider.BadNumber, "This phone cannot receive pictures"},

	"21610": {provider.OptedOut, "The person replied STOP to this number"},

	"20003": {provider.AccountProblem, "Twilio does not accept the account SID and token"},
	"20005": {provider.AccountProblem, "The Twilio account is not active"},
	"20404": {provider.AccountProblem, "Twilio does not know this account"},
	"21408": {provider.AccountProblem, "The Twilio account may not text this country"},
	"21601": {provider.AccountProblem, "The sending number cannot send texts"},
	"21602": {provider.AccountProblem, "Twilio received no text to send"},
	"21603": {provider.AccountProblem, "Twilio received no sending number"},
	"21604": {provider.AccountProblem, "Twilio received no phone to text"},
	"21606": {provider.AccountProblem, "The sending number does not belong to the account"},
	"21608": {provider.AccountProblem, "A Twilio trial account may only text verified phones"},
	"21609": {provider.AccountProblem, "Twilio does not accept the callback address"},
	"21617": {provider.AccountProblem, "The text is longer than 1,600 characters"},
	"21624": {provider.AccountProblem, "Twilio does not accept the validity period"},
	"21701": {provider.AccountProblem, "The messaging service does not exist"},
	"21702": {provider.AccountProblem, "The messaging service cannot be used"},
	"21703": {provider.AccountProblem, "The messaging service has no numbers"},
	"21704": {provider.AccountProblem, "The messaging service has no number for this phone"},
	"21705": {provider.AccountProblem, "The messaging service is not valid"},
	"21709": {provider.AccountProblem, "The messaging service cannot be used"},
	"21712": {provider.AccountProblem, "The number is not in the messaging service"},
	"30002": {provider.AccountProblem, "The Twilio account is suspended"},
	"30018": {provider.AccountProblem, "The destination requires the sender to be registered"},
	"30024": {provider.AccountProblem, "The sending number is not set up at the carrier"},
	"30032": {provider.AccountProblem, "The toll-free number is not verified"},
	"30034": {provider.AccountProblem, "The number is not registered for business texts (10DLC)"},
	"30125": {provider.AccountProblem, "The sending number is not registered"},
	"90010": {provider.AccountProblem, "The Twilio account is not active"},

	"21618": {provider.Filtered, "Twilio will not send this text"},
	"30004": {provider.Filtered, "The carrier blocked the text"},
	"30007": {provider.Filtered, "The carrier filtered the text as unwanted"},
	"30019": {provider.Filtered, "The text is too large for the carrier"},
}

// Codes implements provider.Dialer.
func (Dialer) Codes() map[string]provider.Meaning { return codes }
