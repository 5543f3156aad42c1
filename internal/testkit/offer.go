package testkit

import (
	"crypto/sha256"

	"trackly/models"
)

// Offer is an active offer of the account, kept by exec, which runs SQL on a test's
// database.
func Offer(exec func(sql string, args ...any), account models.AccountID, change func(*models.Offer)) models.Offer {
	o := models.Offer{
		ID: models.NewID[models.OfferID](), AccountID: account, Name: "O", URL: "https://offer.example/a", Network: models.NetworkNone,
		PayoutType: models.PaysAction, WindowDays: 30, Zone: "America/New_York", Status: models.OfferActive,
	}
	if change != nil {
		change(&o)
	}
	hash := sha256.Sum256([]byte(o.ID))
	exec(`INSERT INTO offers (id, account_id, name, url, network, external_id, payout_type, payout, share, window_days, click_cap, conversion_cap,
		zone, fallback_offer_id, fallback_url, status, ends_at, secret_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		o.ID, o.AccountID, o.Name, o.URL, o.Network, o.ExternalID, o.PayoutType, int64(o.Payout), o.Share, o.WindowDays, o.ClickCap, o.ConversionCap,
		o.Zone, o.FallbackOfferID, o.FallbackURL, o.Status, o.EndsAt, hash[:])
	return o
}
