package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
)

// secretOffer is an offer of an account, stored with a secret.
func (w *world) secretOffer(change func(o *models.Offer)) (models.Offer, string) {
	w.t.Helper()
	secret := models.NewOfferSecret()
	o := models.Offer{
		ID: models.NewID[models.OfferID](), AccountID: w.account, Name: "O", URL: "https://o.example/?s={click_id}", Network: models.NetworkNone,
		PayoutType: models.PaysAction, Payout: 10_000_000, WindowDays: 30, Zone: "America/New_York", Status: models.OfferActive,
		SecretHash: models.HashOfferSecret(secret),
	}
	if change != nil {
		change(&o)
	}
	require.NoError(w.t, o.Check())
	o, err := w.AddOffer(w.t.Context(), models.Once{}, o)
	require.NoError(w.t, err)
	return o, secret
}

func TestASecretProvesItsOfferAndTheOldOneNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	o, secret := w.secretOffer(nil)
	w.secretOffer(nil)
	got, err := w.OfferBySecret(t.Context(), models.HashOfferSecret(secret))
	require.NoError(t, err)
	require.Equal(t, o, got)
	next := models.NewOfferSecret()
	_, err = w.ChangeOffer(t.Context(), w.account, o.ID, "me", func(o *models.Offer) error {
		o.SecretHash, o.Status = models.HashOfferSecret(next), models.OfferArchived
		return nil
	})
	require.NoError(t, err)
	_, err = w.OfferBySecret(t.Context(), models.HashOfferSecret(secret))
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	got, err = w.OfferBySecret(t.Context(), models.HashOfferSecret(next))
	require.NoError(t, err, "conversions of an archived offer still come in")
	require.Equal(t, o.ID, got.ID)
}

func TestChangesAtOnceAreAllKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	o, _ := w.secretOffer(nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := w.ChangeOffer(t.Context(), w.account, o.ID, "me", func(o *models.Offer) error {
				o.ClickCap++
				return nil
			})
			require.NoError(t, err)
		})
	}
	wg.Wait()
	got, err := w.Offer(t.Context(), w.account, o.ID)
	require.NoError(t, err)
	require.Equal(t, 8, got.ClickCap)
	changes, err := w.OfferChanges(t.Context(), w.account, o.ID, 0, 100)
	require.NoError(t, err)
	require.Len(t, changes, 8)
	for i, c := range changes {
		require.Equal(t, map[string][2]any{"click_cap": {float64(i), float64(i + 1)}}, c.Changes)
	}
}

func TestARefusedChangeChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	o, _ := w.secretOffer(nil)
	foreign, _ := addWorld(t, w.Store, 0).secretOffer(nil)
	for name, change := range map[string]func(o *models.Offer) error{
		"by the caller":       func(o *models.Offer) error { o.Name = "x"; return fault.New(fault.Invalid, "no") },
		"a foreign fallback":  func(o *models.Offer) error { o.FallbackOfferID = &foreign.ID; return nil },
		"nothing was changed": func(*models.Offer) error { return nil },
	} {
		_, err := w.ChangeOffer(t.Context(), w.account, o.ID, "me", change)
		if name != "nothing was changed" {
			require.Equal(t, fault.Invalid, fault.KindOf(err), name)
		}
	}
	got, err := w.Offer(t.Context(), w.account, o.ID)
	require.NoError(t, err)
	require.Equal(t, o, got)
	changes, err := w.OfferChanges(t.Context(), w.account, o.ID, 0, 100)
	require.NoError(t, err)
	require.Empty(t, changes)
}

func TestTheUseOfAnOfferIsThatOfItsOwnDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	o, _ := w.secretOffer(func(o *models.Offer) { o.Zone = "Pacific/Auckland" })
	use, err := w.OfferUse(t.Context(), w.account, o.ID, noon)
	require.NoError(t, err)
	require.Equal(t, models.OfferUse{Day: time.Date(2026, 5, 5, 0, 0, 0, 0, time.UTC)}, use, "it is tomorrow there")
	_, err = w.OfferUse(t.Context(), addWorld(t, w.Store, 0).account, o.ID, noon)
	require.Equal(t, fault.NotFound, fault.KindOf(err))
}
