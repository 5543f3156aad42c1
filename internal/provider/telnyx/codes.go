package telnyx

import "trackly/internal/provider"

// codes classes Telnyx's error codes, whether they come with the answer or with a
// webhook. Codes that may mean either of the two numbers write off no phone. Telnyx
// changes what it reports for a cause, so this is data to amend.
var codes = map[string]provider.Meaning{
	"10007": {Class: provider.RetrySoon, Sentence: "Telnyx had an unexpected error"},
	"10011": {Class: provider.RetrySoon, Sentence: "Telnyx is receiving too many requests at once"},
	"40011": {Class: provider.RetrySoon, Sentence: "The carrier's rate for this number is exceeded"},
	"40018": {Class: provider.RetrySoon, Sentence: "The carrier's rate for this campaign is exceeded"},
	"40318": {Class: provider.RetrySoon, Sentence: "The sending number's queue at Telnyx is full"},
	"40320": {Class: provider.RetrySoon, Sentence: "The sending number cannot be used yet"},

	"10001": {Class: provider.RetryLater, Sentence: "Telnyx calls one of the two numbers inactive"},
	"10002": {Class: provider.RetryLater, Sentence: "Telnyx calls one of the two numbers invalid"},
	"40004": {Class: provider.RetryLater, Sentence: "The carrier rejected the text and gave no reason"},
	"40005": {Class: provider.RetryLater, Sentence: "The text expired on its way to the phone"},
	"40006": {Class: provider.RetryLater, Sentence: "The phone's carrier could not be reached"},
	"40007": {Class: provider.RetryLater, Sentence: "The text went round in a loop"},
	"40008": {Class: provider.RetryLater, Sentence: "The carrier did not accept the text"},
	"40014": {Class: provider.RetryLater, Sentence: "The text expired before it could be sent"},

	"40016": {Class: provider.DeferToTomorrow, Sentence: "The carrier's cap for the day is reached"},

	"40001": {Class: provider.BadNumber, Sentence: "This is a landline, or no text can reach it"},
	"40012": {Class: provider.BadNumber, Sentence: "The carrier does not know this phone"},
	"40301": {Class: provider.BadNumber, Sentence: "This phone cannot receive texts of this kind"},
	"40310": {Class: provider.BadNumber, Sentence: "This is not a phone number"},
	"40319": {Class: provider.BadNumber, Sentence: "This phone cannot receive texts of this kind"},

	"40300": {Class: provider.OptedOut, Sentence: "The person replied STOP to this messaging profile"},

	"10003": {Class: provider.AccountProblem, Sentence: "Telnyx does not accept the callback address"},
	"10004": {Class: provider.AccountProblem, Sentence: "Telnyx misses something in the request"},
	"10005": {Class: provider.AccountProblem, Sentence: "Telnyx does not know what the list is set up with"},
	"10006": {Class: provider.AccountProblem, Sentence: "Telnyx does not know the messaging profile"},
	"10009": {Class: provider.AccountProblem, Sentence: "Telnyx does not accept the API key"},
	"10010": {Class: provider.AccountProblem, Sentence: "The API key may not send texts"},
	"10015": {Class: provider.AccountProblem, Sentence: "Telnyx could not read the request"},
	"10016": {Class: provider.AccountProblem, Sentence: "A number is not written with its country code"},
	"20002": {Class: provider.AccountProblem, Sentence: "The Telnyx API key has been revoked"},
	"20012": {Class: provider.AccountProblem, Sentence: "The Telnyx account is not active"},
	"20013": {Class: provider.AccountProblem, Sentence: "The Telnyx account is not active"},
	"20015": {Class: provider.AccountProblem, Sentence: "Texting is not switched on for the Telnyx account"},
	"20016": {Class: provider.AccountProblem, Sentence: "The Telnyx account is not verified"},
	"20017": {Class: provider.AccountProblem, Sentence: "The Telnyx account is not verified enough"},
	"20100": {Class: provider.AccountProblem, Sentence: "The Telnyx account has no money left"},
	"40010": {Class: provider.AccountProblem, Sentence: "The number is not registered for business texts (10DLC)"},
	"40013": {Class: provider.AccountProblem, Sentence: "The carrier does not accept the sending number"},
	"40100": {Class: provider.AccountProblem, Sentence: "The sending number cannot send texts"},
	"40150": {Class: provider.AccountProblem, Sentence: "The toll-free number is not registered for texts"},
	"40151": {Class: provider.AccountProblem, Sentence: "The sending number is still moving to Telnyx"},
	"40302": {Class: provider.AccountProblem, Sentence: "The text is too long for Telnyx"},
	"40304": {Class: provider.AccountProblem, Sentence: "Telnyx does not accept the contents of the request"},
	"40305": {Class: provider.AccountProblem, Sentence: "The sending number does not belong to the messaging profile"},
	"40306": {Class: provider.AccountProblem, Sentence: "The messaging profile has no sender name"},
	"40309": {Class: provider.AccountProblem, Sentence: "The messaging profile may not text this country"},
	"40311": {Class: provider.AccountProblem, Sentence: "The messaging profile's secret is wrong"},
	"40312": {Class: provider.AccountProblem, Sentence: "The messaging profile is switched off"},
	"40313": {Class: provider.AccountProblem, Sentence: "The messaging profile's secret is missing"},
	"40314": {Class: provider.AccountProblem, Sentence: "Texting is switched off for the Telnyx account"},
	"40315": {Class: provider.AccountProblem, Sentence: "Telnyx stopped the sending number: too few of its texts arrive"},
	"40316": {Class: provider.AccountProblem, Sentence: "Telnyx received no text to send"},
	"40321": {Class: provider.AccountProblem, Sentence: "The messaging profile has no number to send from"},
	"40328": {Class: provider.AccountProblem, Sentence: "The text is too long for Telnyx"},
	"40329": {Class: provider.AccountProblem, Sentence: "The toll-free number is not verified"},
	"40333": {Class: provider.AccountProblem, Sentence: "The messaging profile's spending limit is reached"},

	"40002": {Class: provider.Filtered, Sentence: "The carrier filtered the text as unwanted"},
	"40003": {Class: provider.Filtered, Sentence: "The carrier filtered the text and blocks the sending number"},
	"40009": {Class: provider.Filtered, Sentence: "The carrier does not accept what is in the text"},
	"40015": {Class: provider.Filtered, Sentence: "Telnyx filtered the text as unwanted"},
	"40017": {Class: provider.Filtered, Sentence: "The carrier filtered the text as unwanted"},
	"40322": {Class: provider.Filtered, Sentence: "Telnyx will not send this text"},
}

// Codes implements provider.Dialer.
func (Dialer) Codes() map[string]provider.Meaning { return codes }
