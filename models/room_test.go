package models_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/rules/offer"
)

var evening = time.Date(2026, 3, 8, 3, 30, 0, 0, time.UTC) // the 7th in New York, whose clocks change in the night

func room(variant int, name string, change func(*models.OfferRoom)) models.OfferRoom {
	r := models.OfferRoom{Variant: variant, Name: name, Zone: "America/New_York", Open: true, Demand: offer.Demand{Cap: 10, Standing: 4}}
	if change != nil {
		change(&r)
	}
	return r
}

func fullUp(r *models.OfferRoom) { r.Standing = 10 }

func shut(r *models.OfferRoom) { r.Open = false }

func TestAnOfferSaysWhyItIsFull(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*models.OfferRoom)
		want   string
	}{
		"room":              {nil, ""},
		"no cap":            {func(r *models.OfferRoom) { r.Demand = offer.Demand{Standing: 99} }, ""},
		"paused or ended":   {shut, `offer "Shoes" takes no clicks: it is paused or has ended`},
		"paused, and a cap": {func(r *models.OfferRoom) { r.Open, r.Standing = false, 10 }, `offer "Shoes" takes no clicks: it is paused or has ended`},
		"all are in": {fullUp, `offer "Shoes" has no room for conversions until 2026-03-08 00:00 America/New_York: ` +
			`10 of 10 a day are in, and 0 more are expected; resume then, or raise its cap`},
		"the rest is on its way": {func(r *models.OfferRoom) { r.Clicks, r.Converted, r.Young = 100, 10, 60 }, `offer "Shoes" has no room for conversions until ` +
			`2026-03-08 00:00 America/New_York: 4 of 10 a day are in, and 6 more are expected; resume then, or raise its cap`},
		"a zone nobody knows": {func(r *models.OfferRoom) { r.Zone, r.Standing = "Mars/Olympus", 10 }, `offer "Shoes" has no room for conversions until tomorrow: ` +
			`10 of 10 a day are in, and 0 more are expected; resume then, or raise its cap`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, room(1, "Shoes", tc.change).Full(evening))
		})
	}
}

func TestACampaignHeedsItsOffersRoom(t *testing.T) {
	t.Parallel()
	const shoes, boots = `offer "Shoes" takes no clicks: it is paused or has ended`, `offer "Boots" takes no clicks: it is paused or has ended`
	type rooms = []models.OfferRoom
	swap := func(from int, name, why string) models.Swap {
		return models.Swap{From: from, To: 3, Why: `campaign "Sale" sends "C" instead of "` + name + `": ` + why}
	}
	for name, tc := range map[string]struct {
		does  models.OnFull
		spare bool
		rooms rooms
		halt  string
		swaps []models.Swap
	}{
		"nobody asked":                 {does: models.FullIgnored, rooms: rooms{room(1, "Shoes", shut)}},
		"an old campaign":              {does: "", rooms: rooms{room(1, "Shoes", shut)}},
		"no offers":                    {does: models.FullPauses},
		"room everywhere":              {does: models.FullPauses, rooms: rooms{room(1, "Shoes", nil), room(2, "Boots", nil)}},
		"one is full":                  {does: models.FullPauses, rooms: rooms{room(1, "Shoes", nil), room(2, "Boots", shut)}, halt: boots},
		"both are: the first says why": {does: models.FullPauses, rooms: rooms{room(2, "Boots", shut), room(1, "Shoes", shut)}, halt: shoes},
		"the first link that is full says why": {
			does: models.FullPauses, rooms: rooms{room(1, "Hats", nil), room(1, "Shoes", shut), room(1, "Boots", shut)}, halt: shoes,
		},
		"nothing to swap":                        {does: models.FullSwaps, spare: true, rooms: rooms{room(1, "Shoes", nil), room(2, "Boots", nil)}},
		"the spare is full, and nobody needs it": {does: models.FullSwaps, spare: true, rooms: rooms{room(1, "Shoes", nil), room(3, "Boots", shut)}},
		"one is swapped": {
			does: models.FullSwaps, spare: true, rooms: rooms{room(1, "Hats", nil), room(2, "Shoes", shut)}, swaps: []models.Swap{swap(2, "B", shoes)},
		},
		"both are swapped": {
			does: models.FullSwaps, spare: true, rooms: rooms{room(1, "Shoes", shut), room(2, "Boots", shut), room(3, "Hats", nil)},
			swaps: []models.Swap{swap(1, "A", shoes), swap(2, "B", boots)},
		},
		"the spare is full too": {
			does: models.FullSwaps, spare: true, rooms: rooms{room(2, "Shoes", shut), room(3, "Boots", shut)}, halt: shoes + "; and for the spare creative: " + boots,
		},
		"there is no spare": {does: models.FullSwaps, rooms: rooms{room(2, "Shoes", shut)}, halt: shoes},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := models.Campaign{Name: "Sale", OnFull: tc.does, Variants: []models.Variant{{Number: 1, Name: "A"}, {Number: 2, Name: "B"}}}
			if tc.spare {
				c.Variants = append(c.Variants, models.Variant{Number: 3, Name: "C", Spare: true})
			}
			halt, swaps := c.Heed(tc.rooms, evening)
			require.Equal(t, tc.halt, halt)
			require.Equal(t, tc.swaps, swaps)
		})
	}
}
