package activities

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/models"
	"trackly/rules/place"
	"trackly/rules/quiethours"
)

// For random contacts, wishes and clocks over two years: what the gate lets through and the
// flight still lets out is inside the contact's window at that moment, by the law alone too.
func TestNoMessageIsEverClaimedOutsideItsWindow(t *testing.T) {
	t.Parallel()
	hours, err := quiethours.Default()
	require.NoError(t, err)
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		q := someContact(t)
		policy := somePolicy(t)
		now := begin.Add(time.Duration(rapid.Int64Range(0, int64(2*365*24*time.Hour)).Draw(t, "now")))
		d := &Delivery{Hours: hours, Now: func() time.Time { return now }}
		g := gate{t: &trip{d: d, h: models.Handover{}}, now: now, policy: policy, places: map[whereabouts]opening{}}
		var j judged
		text, admitted := g.admit(q, &j)
		if !admitted {
			require.Len(t, j.decisions, 1, "what is held back has a reason")
			require.NotEmpty(t, j.decisions[0].Why)
			return
		}
		last := text.Until.Add(-hoursMargin)
		require.False(t, last.Before(now), "what is claimed can go out")
		sent := now.Add(time.Duration(rapid.Int64Range(0, int64(last.Sub(now))).Draw(t, "sent")))
		f := &flight{inactive: map[models.MessageID]string{}}
		require.Len(t, f.fit([]models.Text{text}, sent), 1)
		require.Empty(t, f.fit([]models.Text{text}, last.Add(time.Nanosecond)), "not a moment later")
		p := place.Of(place.Facts{Phone: q.Phone, Region: q.Region, PhoneZones: q.PhoneZones, Zone: q.Zone, State: q.State, Postal: q.Postal})
		for _, at := range []time.Time{now, sent, sent.Add(hoursMargin - time.Nanosecond)} {
			require.True(t, hours.Judge(p, policy, at).Open, "%s at %s", p.Key(), at)
			law := quiethours.Policy{UnknownZones: policy.UnknownZones}
			require.True(t, hours.Judge(p, law, at).Open, "the law, %s at %s", p.Key(), at)
		}
	})
}

func someContact(t *rapid.T) models.QueuedMessage {
	return models.QueuedMessage{
		ID: 1, Kind: rapid.SampledFrom([]models.Kind{models.KindCampaign, models.KindAPI}).Draw(t, "kind"),
		Phone: rapid.SampledFrom([]string{
			"+12125550123", "+18505550123", "+12085550123", "+19075550123", "+18085550123", "+16025550123", "+18005550123",
			"+12055550123", "+15045550123", "+14015550123", "+12145550123", "+14165550123", "+442079460958", "+33142685300",
		}).Draw(t, "phone"),
		Region:     rapid.SampledFrom([]string{"US", "US", "US", "CA", "GB", "FR", ""}).Draw(t, "region"),
		PhoneZones: rapid.SampledFrom([][]string{nil, {"America/New_York"}, {"America/Boise", "America/Los_Angeles"}, {"Europe/Paris"}}).Draw(t, "zones"),
		State:      rapid.SampledFrom([]string{"", "", "FL", "TX", "AL", "RI", "KY", "AZ", "HI", "nowhere"}).Draw(t, "state"),
		Zone:       rapid.SampledFrom([]string{"", "", "America/Chicago", "Pacific/Honolulu", "Mars/Olympus"}).Draw(t, "zone"),
		Postal:     rapid.SampledFrom([]string{"", "", "32501", "84536", "06390", "x"}).Draw(t, "postal"),
	}
}

func somePolicy(t *rapid.T) quiethours.Policy {
	p := quiethours.Policy{
		Strict:       rapid.Bool().Draw(t, "strict"),
		UnknownZones: rapid.SampledFrom([][]string{nil, {"America/New_York"}}).Draw(t, "unknown"),
	}
	if rapid.Bool().Draw(t, "hours") {
		p.From = rapid.IntRange(0, 1200).Draw(t, "from")
		p.To = rapid.IntRange(p.From+1, 1440).Draw(t, "to")
	}
	if rapid.Bool().Draw(t, "skip") {
		p.SkipDays = []time.Weekday{rapid.SampledFrom([]time.Weekday{time.Sunday, time.Wednesday}).Draw(t, "day")}
	}
	return p
}
