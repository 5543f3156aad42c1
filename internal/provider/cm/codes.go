package cm

import (
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// unheard is the meaning of a refusal whose code is not in the table.
var unheard = provider.Meaning{Class: wire.UnheardOf, Sentence: "CM refused the text for a reason nobody knows here"}

// silent is the meaning of a failure without a code.
var silent = provider.Meaning{Class: wire.UnheardOf, Sentence: "The text was not delivered and no reason was given"}

// codes classes CM's error codes, whether they are of a request, of a text in it or of
// a report. CM changes what it reports for a cause, so this is data to amend.
var codes = map[string]provider.Meaning{
	"101": {Class: provider.AccountProblem, Sentence: "CM does not accept the product token"},
	"102": {Class: provider.AccountProblem, Sentence: "The CM account has no credit left"},
	"103": {Class: provider.AccountProblem, Sentence: "CM does not accept the product token"},
	"202": {Class: provider.AccountProblem, Sentence: "CM could not read the request"},
	"203": {Class: provider.AccountProblem, Sentence: "CM found no texts in the request"},
	"301": {Class: provider.AccountProblem, Sentence: "CM does not accept the sending number"},
	"302": {Class: provider.BadNumber, Sentence: "This is not a phone number"},
	"303": {Class: provider.BadNumber, Sentence: "This is not a phone number"},
	"304": {Class: provider.AccountProblem, Sentence: "CM does not accept the text: it is empty or too long"},
	"305": {Class: provider.AccountProblem, Sentence: "CM does not accept a field of the request"},
	"401": {Class: provider.Filtered, Sentence: "CM filtered the text as unwanted"},
	"402": {Class: provider.OptedOut, Sentence: "The phone is on the account's block list"},
	"403": {Class: provider.Filtered, Sentence: "CM rejected the text"},
}

// doubts are codes that say CM does not know either whether it took the text. It does
// not notice a text that comes twice, so such a text is not sent again.
var doubts = map[string]string{
	"500": "CM failed and does not say whether it took the text",
	"999": "CM does not say whether it took the text",
}

// Codes implements provider.Dialer.
func (Dialer) Codes() map[string]provider.Meaning { return codes }
