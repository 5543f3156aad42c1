package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/audience"
)

// frozen stores, launches and freezes a campaign of one variant.
func (w *world) frozen(change func(*models.Campaign)) models.Campaign {
	w.t.Helper()
	c, err := w.freezes(change)
	require.NoError(w.t, err)
	return c
}

func (w *world) freezes(change func(*models.Campaign)) (models.Campaign, error) {
	w.t.Helper()
	c := w.draft(change)
	if _, err := w.LaunchCampaign(w.t.Context(), w.account, c.ID, nil, noon); err != nil {
		return c, err
	}
	_, _, err := w.Freeze(w.t.Context(), w.account, c.ID, noon)
	require.NoError(w.t, err)
	return w.Campaign(w.t.Context(), w.account, c.ID)
}

func (w *world) draft(change func(*models.Campaign)) models.Campaign {
	w.t.Helper()
	ctx := w.t.Context()
	k, err := w.AddCreative(ctx, models.Once{}, models.Creative{
		ID: models.NewID[models.CreativeID](), AccountID: w.account, Name: "K", Body: "Hi", Status: models.CreativeActive,
	})
	require.NoError(w.t, err)
	c := models.Campaign{
		ID: models.NewID[models.CampaignID](), AccountID: w.account, ListID: w.list.ID, Name: "C", State: models.CampaignDraft, Late: models.LateWaits,
	}
	c.Variants = []models.Variant{{CampaignID: c.ID, Number: 1, Name: "A", CreativeID: k.ID, Percent: 100}}
	change(&c)
	c, err = w.AddCampaign(ctx, models.Once{}, c)
	require.NoError(w.t, err)
	return c
}

// kept keeps an audience.
func (w *world) kept(kind models.AudienceKind, f audience.Filter) models.AudienceID {
	w.t.Helper()
	a, err := w.AddAudience(w.t.Context(), models.Once{}, models.Audience{
		ID: models.NewID[models.AudienceID](), AccountID: w.account, Name: "N", Kind: kind, Filter: f,
	})
	require.NoError(w.t, err)
	return a.ID
}

// texted gives the phones of a campaign's messages, by list.
func (w *world) texted(c models.Campaign) map[models.ListID][]string {
	w.t.Helper()
	out := map[models.ListID][]string{}
	for _, list := range c.From() {
		all := w.text(`SELECT coalesce(string_agg(p.phone, ' ' ORDER BY p.phone), '') FROM messages m
			JOIN subscriptions s ON s.id = m.subscription_id JOIN contacts p ON p.id = s.contact_id
			JOIN batches b ON b.id = m.batch_id AND b.list_id = m.list_id AND b.campaign_id = m.campaign_id
			WHERE m.campaign_id = $1 AND m.list_id = $2 AND s.list_id = $2`, c.ID, list)
		out[list] = nil
		for len(all) > 0 {
			out[list], all = append(out[list], all[:len(phoneOf(0))]), all[min(len(all), len(phoneOf(0))+1):]
		}
	}
	return out
}

func phones(numbers ...int) (out []string) {
	for _, i := range numbers {
		out = append(out, phoneOf(i))
	}
	return out
}

//nolint:paralleltest // the steps build on each other
func TestFreezingSeveralLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	one, two := w.addList("One", nil), w.addList("Two", nil)
	p := people(8)
	one.load(p[0], p[1], p[2], p[3])
	two.load(p[2], p[3], p[4], p[5])
	one.stop(phoneOf(3)) // still on the second list

	t.Run("a person on several gets one text, from the first that may send it", func(t *testing.T) {
		both := one.frozen(func(c *models.Campaign) { c.Lists = []models.ListID{one.list.ID, two.list.ID} })
		require.Equal(t, []models.ListID{one.list.ID, two.list.ID}, both.Lists)
		require.Equal(t, map[models.ListID][]string{one.list.ID: phones(0, 1, 2), two.list.ID: phones(3, 4, 5)}, one.texted(both))
		turned := two.frozen(func(c *models.Campaign) { c.Lists = []models.ListID{two.list.ID, one.list.ID} })
		require.Equal(t, map[models.ListID][]string{one.list.ID: phones(0, 1), two.list.ID: phones(2, 3, 4, 5)}, one.texted(turned))
		require.EqualValues(t, 6, *turned.Planned)
		require.Equal(t, models.Progress{Planned: 6, Queued: 6}, one.progress(turned))

		planned, batches, err := one.Freeze(t.Context(), w.account, both.ID, noon)
		require.NoError(t, err, "twice changes nothing")
		require.EqualValues(t, 6, planned)
		require.Equal(t, 2, batches)
	})
	t.Run("a batch of a list is no batch of its single texts, and is handed over as the list's", func(t *testing.T) {
		both := one.frozen(func(c *models.Campaign) { c.Lists = []models.ListID{one.list.ID, two.list.ID} })
		require.Empty(t, two.open(two.outbox()).Numbers)
		waiting, err := one.OutboxesWaiting(t.Context(), time.Now().Add(time.Hour), 10)
		require.NoError(t, err)
		require.Empty(t, waiting)
		single := two.single(models.KindAPI, phoneOf(4))
		require.Equal(t, models.BatchID(single), two.takeOf(two.outbox(), 0, first).ID)

		b := one.takeOf(one.campaign(both), 1, first)
		require.Equal(t, two.list.ID, b.ListID)
		h, err := one.Handover(t.Context(), b.Source)
		require.NoError(t, err)
		require.Equal(t, two.list.ID, h.List.ID)
		require.Len(t, one.claim(b, first), 3)

		_, err = one.MoveList(t.Context(), w.account, one.list.ID, models.ListPaused, "carrier")
		require.NoError(t, err)
		r, err := one.RightsOf(t.Context(), b, first, nil)
		require.NoError(t, err)
		require.True(t, r.Sending, "the other list is not paused")
		_, err = one.MoveList(t.Context(), w.account, two.list.ID, models.ListPaused, "carrier")
		require.NoError(t, err)
		r, err = one.RightsOf(t.Context(), b, first, nil)
		require.NoError(t, err)
		require.False(t, r.Sending)
	})
}

//nolint:paralleltest // the last step needs the others' campaigns
func TestFreezingAudiences(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 9) // TX CA - TX CA - TX CA -
	other := w.addList("Other", nil)
	other.load(people(2)...)
	other.stop(phoneOf(1))
	state := func(s string) audience.Filter { return audience.Where("state", audience.Eq, s) }
	texas, california := w.kept(models.AudienceDynamic, state("TX")), w.kept(models.AudienceStatic, state("CA"))
	on := w.kept(models.AudienceDynamic, audience.Where("list", audience.Eq, string(other.list.ID)))
	w.load(testkit.Contact{Phone: phoneOf(20), State: "CA"}) // after the static one was made
	for name, tc := range map[string]struct {
		change func(*models.Campaign)
		want   []string
	}{
		"to include: any of them": {func(c *models.Campaign) { c.Include = []models.AudienceID{texas, california} }, phones(0, 1, 3, 4, 6, 7)},
		"and the filter too": {func(c *models.Campaign) {
			c.Include, c.Filter = []models.AudienceID{texas, california}, audience.Where("first_name", audience.In, "P0", "P4", "P5")
		}, phones(0, 4)},
		"to exclude": {func(c *models.Campaign) { c.Exclude = []models.AudienceID{california} }, phones(0, 2, 3, 5, 6, 8, 20)},
		"to exclude by another list of theirs, whatever their status there": {func(c *models.Campaign) { c.Exclude = []models.AudienceID{on} }, phones(2, 3, 4, 5, 6, 7, 8, 20)},
		"excluding wins": {func(c *models.Campaign) {
			c.Include, c.Exclude = []models.AudienceID{texas, california}, []models.AudienceID{on}
		}, phones(3, 4, 6, 7)},
		"nobody is left": {func(c *models.Campaign) { c.Include, c.Filter = []models.AudienceID{texas}, state("CA") }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := w.draft(tc.change)
			r, err := w.Reach(t.Context(), c, noon)
			require.NoError(t, err)
			require.EqualValues(t, len(tc.want), r.Contacts, "counted as it will be frozen")
			c = w.frozen(tc.change)
			require.Equal(t, tc.want, w.texted(c)[w.list.ID])
		})
	}
	t.Run("an audience that is needed cannot be deleted", func(t *testing.T) {
		w.draft(func(c *models.Campaign) { c.Exclude = []models.AudienceID{on} })
		require.Equal(t, fault.Conflict, fault.KindOf(w.DeleteAudience(t.Context(), w.account, on)))
	})
}

func TestFreezingByTheContactsClocks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1100)
	two := w.addList("Two", nil)
	two.load(testkit.Contact{Phone: phoneOf(2000)})
	// The last hundred are in Denver, ten may be in either, one is nowhere.
	w.exec(`UPDATE subscriptions SET at_zones = '{America/New_York}'`)
	w.exec(`UPDATE subscriptions SET at_zones = '{America/Denver}' WHERE id > (SELECT min(id) + 999 FROM subscriptions) AND list_id = $1`, w.list.ID)
	w.exec(`UPDATE subscriptions SET at_zones = '{America/New_York,America/Denver}' WHERE id < (SELECT min(id) + 10 FROM subscriptions)`)
	w.exec(`UPDATE subscriptions SET at_zones = '{}' WHERE id = (SELECT min(id) + 10 FROM subscriptions)`)
	local := func(c *models.Campaign) {
		c.Lists, c.LocalTime = []models.ListID{w.list.ID, two.list.ID}, "2026-05-05T09:00"
	}
	east, west := time.Date(2026, 5, 5, 13, 0, 0, 0, time.UTC), time.Date(2026, 5, 5, 15, 0, 0, 0, time.UTC)
	draft := w.draft(local)
	r, err := w.Reach(t.Context(), draft, noon)
	require.NoError(t, err)
	require.Equal(t, []models.ListReach{{ListID: w.list.ID, Contacts: 1100}, {ListID: two.list.ID, Contacts: 1}}, r.Lists)
	c := w.frozen(local)
	waves, err := w.Waves(t.Context(), w.account, c.ID)
	require.NoError(t, err)
	for _, got := range [][]models.Wave{r.Waves, waves} {
		require.Len(t, got, 2)
		require.True(t, got[0].At.Equal(east))
		require.EqualValues(t, 991, got[0].Contacts, "in New York, and the one nobody knows of where the account is")
		require.True(t, got[1].At.Equal(west))
		require.EqualValues(t, 110, got[1].Contacts, "of several zones the latest")
	}
	require.True(t, c.SendAt.Equal(time.Date(2026, 5, 4, 19, 0, 0, 0, time.UTC)), "it is frozen when the first clock on earth shows the time")
	require.Equal(t, "500 1 490 110", w.text(`SELECT string_agg(size::text, ' ' ORDER BY number) FROM batches WHERE campaign_id = $1`, c.ID),
		"wave after wave, and the lists take turns")
	require.Zero(t, w.count(`SELECT count(*) FROM batches WHERE campaign_id = $1 AND not_before IS DISTINCT FROM wave_at`, c.ID))
}

func TestAWaveWaitsForItsTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	w.exec(`UPDATE subscriptions SET at_zones = CASE WHEN id % 3 = 0 THEN '{America/New_York}' ELSE '{America/Denver}' END::text[]`)
	c := w.frozen(func(c *models.Campaign) { c.LocalTime = "2126-05-05T09:00" })
	o := w.open(w.campaign(c))
	require.Empty(t, o.Numbers)
	require.True(t, o.Next.Equal(time.Date(2126, 5, 5, 13, 0, 0, 0, time.UTC)), "%s", o.Next)

	w.exec(`UPDATE batches SET not_before = now() - interval '1 second' WHERE number = 0`)
	o = w.open(w.campaign(c))
	require.Equal(t, []int{0}, o.Numbers)
	require.True(t, o.Next.Equal(time.Date(2126, 5, 5, 15, 0, 0, 0, time.UTC)))
	require.Len(t, w.claim(w.take(c, first), first), 1)

	over := w.draft(func(c *models.Campaign) { c.LocalTime = "2026-05-03T23:59" })
	_, err := w.LaunchCampaign(t.Context(), w.account, over.ID, nil, noon)
	require.Equal(t, fault.Conflict, fault.KindOf(err), "it has passed on every clock")
	later := noon.Add(time.Hour)
	both := w.draft(func(c *models.Campaign) { c.LocalTime = "2126-05-05T09:00" })
	_, err = w.LaunchCampaign(t.Context(), w.account, both.ID, &later, noon)
	require.Equal(t, fault.Conflict, fault.KindOf(err), "two times to send")
	for range 2 {
		_, err = w.LaunchCampaign(t.Context(), w.account, both.ID, nil, noon)
		require.NoError(t, err, "and again")
	}
}

// What the crowd is, said once more without SQL: random lists, statuses and audiences.
func TestACrowdIsEachPersonOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	lists := []*world{w.addList("A", nil), w.addList("B", nil), w.addList("C", nil)}
	const n = 40
	for i, l := range lists {
		for k, p := range people(n) {
			if (k*(i+3)+k/3)%3 > 0 {
				p.State = []string{"TX", "CA", ""}[(k+i)%3]
				l.load(p)
			}
		}
		w.exec(`UPDATE subscriptions SET status = 'suppressed' WHERE list_id = $1 AND contact_id % 7 = $2`, l.list.ID, i)
	}
	texas := w.kept(models.AudienceDynamic, audience.Where("state", audience.Eq, "TX"))
	california := w.kept(models.AudienceDynamic, audience.Where("state", audience.Eq, "CA"))
	for order := range 6 {
		c := w.frozen(func(c *models.Campaign) {
			c.Lists = []models.ListID{lists[order%3].list.ID, lists[(order+1+order/3)%3].list.ID}
			c.ListID = c.Lists[0]
			switch order % 3 {
			case 1:
				c.Include = []models.AudienceID{texas}
			case 2:
				c.Exclude = []models.AudienceID{california}
			}
		})
		// In words: of a person's active subscriptions on the lists that are included, the one on
		// the first list; nobody any of whose subscriptions is excluded.
		var want int64
		for contact := range w.count(`SELECT max(id) FROM contacts`) + 1 {
			var list string
			for _, l := range c.Lists {
				on := w.text(`SELECT coalesce((SELECT status || ' ' || state FROM subscriptions WHERE list_id = $1 AND contact_id = $2), '')`, l, contact)
				if list == "" && len(on) >= 6 && on[:6] == "active" && (order%3 != 1 || on == "active TX") {
					list = string(l)
				}
			}
			if order%3 == 2 && w.count(`SELECT count(*) FROM subscriptions WHERE contact_id = $1 AND state = 'CA'`, contact) > 0 {
				list = ""
			}
			got := w.text(`SELECT coalesce((SELECT string_agg(m.list_id::text, ' ') FROM messages m JOIN subscriptions s ON s.id = m.subscription_id
				WHERE m.campaign_id = $1 AND s.contact_id = $2), '')`, c.ID, contact)
			require.Equal(t, list, got, "order %d, contact %d", order, contact)
			if list != "" {
				want++
			}
		}
		require.Equal(t, want, *c.Planned)
		require.Positive(t, want)
	}
}
