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
		{offer.Demand{Cap: 10, Standing: 4, Clicks: 100, Converted: 10, Pending: 30}, 3, 3},
		{offer.Demand{Cap: 10, Standing: 4, Clicks: 100, Converted: 10, Pending: 31}, 4, 2},
		{offer.Demand{Cap: 10, Standing: 9, Clicks: 3, Converted: 1, Pending: 2}, 1, 0},
		{offer.Demand{Cap: 10, Clicks: 500, Pending: 500}, 0, 10},
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
			Pending: n.Draw(t, "pending"),
		}
		left := d.Left()
		require.GreaterOrEqual(t, left, 0)
		require.LessOrEqual(t, left, d.Cap)
		require.LessOrEqual(t, d.Expected(), d.Pending)
		more := d
		more.Pending++
		require.LessOrEqual(t, more.Left(), left)
		more.Standing++
		require.LessOrEqual(t, more.Left(), left)
		more.Cap++
		require.GreaterOrEqual(t, more.Left(), d.Left()-2)
	})
}
