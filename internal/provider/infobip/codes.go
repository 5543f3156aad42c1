package infobip

import (
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// unheard is the meaning of a refusal whose code is not in the table.
var unheard = provider.Meaning{Class: wire.UnheardOf, Sentence: "Infobip refused the text for a reason nobody knows here"}

// codes classes what Infobip says: the statuses that are not good news, the reasons of
// reports, and the codes of refused requests. The ids of statuses and reasons overlap,
// so they are named apart. Infobip changes what it reports for a cause, so this is data
// to amend.
var codes = map[string]provider.Meaning{
	"E401":              {Class: provider.AccountProblem, Sentence: "Infobip does not accept the API key"},
	"E403":              {Class: provider.AccountProblem, Sentence: "The API key may not send texts"},
	"E404":              {Class: provider.AccountProblem, Sentence: "Infobip does not know this address"},
	"E429":              {Class: provider.RetrySoon, Sentence: "Infobip is receiving too many requests at once"},
	"UNAUTHORIZED":      {Class: provider.AccountProblem, Sentence: "Infobip does not accept the API key"},
	"FORBIDDEN":         {Class: provider.AccountProblem, Sentence: "The API key may not send texts"},
	"TOO_MANY_REQUESTS": {Class: provider.RetrySoon, Sentence: "Infobip is receiving too many requests at once"},

	"status-4":   {Class: provider.Filtered, Sentence: "The carrier rejected the text"},
	"status-6":   {Class: provider.BadNumber, Sentence: "This phone's network cannot be reached from the account"},
	"status-8":   {Class: provider.BadNumber, Sentence: "This is not a phone number"},
	"status-9":   {Class: provider.RetryLater, Sentence: "The phone was not reached"},
	"status-10":  {Class: provider.OptedOut, Sentence: "The phone is on a do-not-disturb register"},
	"status-11":  {Class: provider.AccountProblem, Sentence: "The sending number is not registered"},
	"status-12":  {Class: provider.AccountProblem, Sentence: "The Infobip account has no credit left"},
	"status-13":  {Class: provider.AccountProblem, Sentence: "The sending number is blocked"},
	"status-14":  {Class: provider.OptedOut, Sentence: "The phone is on the account's block list"},
	"status-15":  {Class: provider.RetryLater, Sentence: "The text expired before it could be delivered"},
	"status-17":  {Class: provider.AccountProblem, Sentence: "The Infobip account's prepaid package has expired"},
	"status-18":  {Class: provider.AccountProblem, Sentence: "The Infobip account may only text registered phones"},
	"status-19":  {Class: provider.AccountProblem, Sentence: "The Infobip account has no route for this text"},
	"status-20":  {Class: provider.RetryLater, Sentence: "Infobip takes no more texts to this phone within the hour"},
	"status-21":  {Class: provider.RetrySoon, Sentence: "Infobip has a fault and asks to be tried again"},
	"status-25":  {Class: provider.AccountProblem, Sentence: "The text is too long"},
	"status-31":  {Class: provider.RetryLater, Sentence: "The text could not be sent on to the carrier"},
	"status-51":  {Class: provider.BadNumber, Sentence: "Infobip received no phone to text"},
	"status-52":  {Class: provider.BadNumber, Sentence: "This is not a phone number"},
	"status-87":  {Class: provider.Filtered, Sentence: "Infobip takes the traffic for fraud and blocked the text"},
	"status-100": {Class: provider.AccountProblem, Sentence: "The Infobip account is set up wrongly"},

	"error-1":   {Class: provider.BadNumber, Sentence: "The phone does not exist any more"},
	"error-5":   {Class: provider.RetryLater, Sentence: "The carrier does not know the phone at present"},
	"error-6":   {Class: provider.RetryLater, Sentence: "The phone is switched off or out of reach"},
	"error-9":   {Class: provider.BadNumber, Sentence: "The carrier refuses this phone"},
	"error-11":  {Class: provider.BadNumber, Sentence: "The phone's contract has no texts"},
	"error-13":  {Class: provider.RetryLater, Sentence: "The phone is barred at present"},
	"error-27":  {Class: provider.RetryLater, Sentence: "The phone is switched off or out of reach"},
	"error-31":  {Class: provider.RetryLater, Sentence: "The phone was busy"},
	"error-32":  {Class: provider.RetryLater, Sentence: "The carrier could not deliver the text"},
	"error-34":  {Class: provider.RetryLater, Sentence: "The carrier's network failed"},
	"error-256": {Class: provider.RetryLater, Sentence: "The phone's inbox is full"},
	"error-351": {Class: provider.RetryLater, Sentence: "The carrier did not accept the phone's number"},
	"error-352": {Class: provider.BadNumber, Sentence: "The carrier does not know this phone number"},
	"error-541": {Class: provider.RetrySoon, Sentence: "The carrier's rate for this number is exceeded"},
	"error-542": {Class: provider.DeferToTomorrow, Sentence: "The carrier's cap for the day is reached"},
	"error-565": {Class: provider.BadNumber, Sentence: "The phone's carrier takes no texts from short codes"},
	"error-572": {Class: provider.AccountProblem, Sentence: "The campaign is not registered for business texts (10DLC)"},
	"error-573": {Class: provider.OptedOut, Sentence: "The person blocked this number"},
	"error-581": {Class: provider.AccountProblem, Sentence: "The account has no credit left at the carrier"},
	"error-594": {Class: provider.AccountProblem, Sentence: "The campaign is not registered for business texts (10DLC)"},
	"error-603": {Class: provider.OptedOut, Sentence: "The person replied STOP to this number"},
	"error-607": {Class: provider.Filtered, Sentence: "The carrier filtered the text as unwanted"},
	"error-629": {Class: provider.BadNumber, Sentence: "This phone cannot receive texts"},
}

// Codes implements provider.Dialer.
func (Dialer) Codes() map[string]provider.Meaning { return codes }
