package testkit

import (
	"time"

	"trackly/models"
)

// SendingList is a list of the account with one route whose check is passed. Its
// credentials are for the caller to choose.
func SendingList(account models.AccountID, provider, phone, baseURL string) models.List {
	at := time.Now()
	l := models.List{
		ID: models.NewID[models.ListID](), AccountID: account, Name: "L", Brand: "Acme", Phone: phone,
		PrependBrand: true, OptOutLine: "Reply STOP to opt out", State: models.ListActive,
		AnswersStop: models.AnsweredByProvider, AnswersHelp: models.AnsweredByProvider,
	}
	l.Routes = []models.Route{{
		ID: models.NewID[models.RouteID](), AccountID: account, ListID: l.ID, Rank: 1, Provider: provider, Phone: phone,
		SID: "AC1", BaseURL: baseURL, State: models.RouteUp, CredentialsAt: &at, TextAt: &at, WebhookAt: &at,
	}}
	return l
}
