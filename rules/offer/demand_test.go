package offer_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/offer"
)

func TestRoomIsWhatTheCapLeavesAfterWhatIsOnItsWay(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		d              offer.Demand
		expected, left int
	}{
		{offer.Demand{Cap: 10}, 0, 10},
		{offer.Demand{Cap: 10, Standing: 4, Clicks: 100, Converted: 10, Young: 30}, 3, 3},
		{offer.Demand{Cap: 10, Standing: 4, Clicks: 100, Converted: 10, Young: 31}, 4, 2},
		{offer.Demand{Cap: 10, Standing: 9, Clicks: 3, Converted: 1, Young: 2}, 1, 0},
		{offer.Demand{Cap: 10, Young: 500}, 0, 10},
		{offer.Demand{Cap: 10, Clicks: 500, Young: 500}, 0, 10},
		{offer.Demand{Cap: 100, Young: 40, YoungConverted: 10}, 8, 92}, // a new offer has no other rate
		{offer.Demand{Cap: 100, Clicks: 100, Converted: 10, Young: 40, YoungConverted: 10}, 8, 92},
		{offer.Demand{Cap: 1000, Clicks: 1000, Converted: 100, Young: 9000}, 900, 100}, // a burst of minutes ago
		{offer.Demand{Cap: 10, Young: 3, YoungConverted: 9}, 0, 10},
		{offer.Demand{Cap: 10, Standing: 12}, 0, 0},
		{offer.Demand{Cap: 10, Standing: -3}, 0, 10},
	} {
		require.Equal(t, tc.expected, tc.d.Expected(), "%+v", tc.d)
		require.Equal(t, tc.left, tc.d.Left(), "%+v", tc.d)
	}
}

func TestMoreDemandNeverLeavesMoreRoom(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 10_000)
		d := offer.Demand{
			Cap: n.Draw(t, "cap"), Standing: n.Draw(t, "standing"), Clicks: n.Draw(t, "clicks"), Converted: n.Draw(t, "converted"),
			Young: n.Draw(t, "young"), YoungConverted: n.Draw(t, "young converted"),
		}
		left := d.Left()
		require.GreaterOrEqual(t, left, 0)
		require.LessOrEqual(t, left, d.Cap)
		require.LessOrEqual(t, d.Expected(), d.Young)
		more := d
		more.Young++
		require.LessOrEqual(t, more.Left(), left)
		more.Standing++
		require.LessOrEqual(t, more.Left(), left)
		more.Cap++
		require.GreaterOrEqual(t, more.Left(), d.Left()-2)
	})
}
