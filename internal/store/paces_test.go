package store_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/rules/pace"
)

// order asks for places for texts of so many segments each.
func (w *world) order(l pace.Limit, segments ...int) pace.Order {
	return pace.Order{Account: string(w.account), List: string(w.list.ID), Limit: l, Zone: "America/New_York", Segments: segments}
}

func ones(n int) []int { return slices.Repeat([]int{1}, n) }

func (w *world) reserve(o pace.Order) pace.Places {
	w.t.Helper()
	p, err := w.Reserve(w.t.Context(), o)
	require.NoError(w.t, err)
	return p
}

// spot is a text's place by the database's clock, and how long it takes up.
type spot struct {
	at   time.Time
	cost time.Duration
	late bool // the line was empty by then: whoever asked, asked too late to follow the one before
}

// crowd reserves from eight goroutines at once until each placed so many texts, and gives
// all places in the order of time.
func crowd(t *testing.T, each int, cost func(segments int) time.Duration, orderOf func(worker int) (*world, pace.Order)) []spot {
	t.Helper()
	var mu sync.Mutex
	var all []spot
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			w, o := orderOf(i)
			for left := each; left > 0; {
				o.Segments = o.Segments[:min(len(o.Segments), left)]
				g, now, err := w.ReserveAt(t.Context(), o)
				if err != nil {
					t.Error(err)
					return
				}
				if len(g.Offsets) == 0 {
					time.Sleep(g.Again.Sub(now))
					continue
				}
				if !o.Hurried && g.Start.Sub(now) > pace.Horizon {
					t.Errorf("a place %s ahead", g.Start.Sub(now))
				}
				mu.Lock()
				for k, off := range g.Offsets {
					all = append(all, spot{at: g.Start.Add(off), cost: cost(o.Segments[k]), late: k == 0 && !g.Start.After(now)})
				}
				mu.Unlock()
				left -= len(g.Offsets)
			}
		})
	}
	wg.Wait()
	slices.SortFunc(all, func(a, b spot) int { return a.at.Compare(b.at) })
	require.Len(t, all, 8*each)
	return all
}

// rounding is what is lost where a place is kept in microseconds.
const rounding = 2 * time.Microsecond

func requireApart(t *testing.T, all []spot) {
	t.Helper()
	for i := 1; i < len(all); i++ {
		require.GreaterOrEqual(t, all[i].at.Sub(all[i-1].at), all[i-1].cost-rounding, "places %d and %d", i-1, i)
	}
}

func requireNoGap(t *testing.T, all []spot) {
	t.Helper()
	for i := 1; i < len(all); i++ {
		if all[i].late { // a machine that is slow leaves gaps, and not the pace
			continue
		}
		require.LessOrEqual(t, all[i].at.Sub(all[i-1].at), all[i-1].cost+rounding, "places %d and %d", i-1, i)
	}
}

func TestAListKeepsItsPaceHoweverManyReserve(t *testing.T) {
	t.Parallel()
	perMessage := func(int) time.Duration { return 2 * time.Millisecond }
	t.Run("campaigns never go faster, nor place far ahead", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		all := crowd(t, 150, perMessage, func(int) (*world, pace.Order) {
			return w, w.order(pace.Limit{MessagesPerSecond: 500}, ones(40)...)
		})
		requireApart(t, all)
	})
	t.Run("while there is demand no time is left empty", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		all := crowd(t, 600, perMessage, func(int) (*world, pace.Order) {
			o := w.order(pace.Limit{MessagesPerSecond: 500}, ones(60)...)
			o.Hurried = true // as nobody waits, there is always demand
			return w, o
		})
		requireApart(t, all)
		requireNoGap(t, all)
	})
	t.Run("long texts take more of it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		perSegment := func(n int) time.Duration { return time.Duration(n) * 4 * time.Millisecond }
		all := crowd(t, 60, perSegment, func(int) (*world, pace.Order) {
			o := w.order(pace.Limit{MessagesPerSecond: 1000, SegmentsPerSecond: 250}, 1, 3, 2, 1, 4)
			o.Hurried = true
			return w, o
		})
		requireApart(t, all)
		requireNoGap(t, all)
	})
	t.Run("lists of one provider account share its pace", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		other := w.addList("Other", nil)
		require.NoError(t, w.SetPaceGroup(t.Context(), w.account, "main", pace.Limit{MessagesPerSecond: 100}))
		require.NoError(t, w.SetPaceGroup(t.Context(), w.account, "main", pace.Limit{MessagesPerSecond: 500}))
		groups, err := w.PaceGroups(t.Context(), w.account)
		require.NoError(t, err)
		require.Equal(t, map[string]pace.Limit{"main": {MessagesPerSecond: 500}}, groups)
		all := crowd(t, 100, perMessage, func(i int) (*world, pace.Order) {
			v := []*world{w, other}[i%2]
			o := v.order(pace.Limit{MessagesPerSecond: 5000}, ones(25)...)
			o.Group, o.Hurried = "main", true
			return v, o
		})
		requireApart(t, all)
		requireNoGap(t, all)
	})
	t.Run("lists without a group, and other accounts, do not hold each other up", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		slow := pace.Limit{MessagesPerSecond: 1}
		stranger := addWorld(t, w.Store, 0)
		for _, v := range []*world{w, w.addList("Other", nil), stranger} {
			o := v.order(slow, 1, 1)
			o.Group = "a group nobody gave a pace"
			p := v.reserve(o)
			require.Zero(t, p.Start)
			require.Len(t, p.Offsets, 1, "a second's worth")
		}
	})
	t.Run("no pace, no waiting", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		for range 3 {
			p := w.reserve(w.order(pace.Limit{}, ones(500)...))
			require.Zero(t, p.Start)
			require.Equal(t, make([]time.Duration, 500), p.Offsets)
		}
	})
}

func TestWhatHurriesOvertakesACampaign(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	l := pace.Limit{MessagesPerSecond: 1}
	require.Len(t, w.reserve(w.order(l, ones(500)...)).Offsets, 1, "a campaign places a second's worth")
	p := w.reserve(w.order(l, ones(499)...))
	require.Empty(t, p.Offsets, "and then waits")
	require.Positive(t, p.Again)
	o := w.order(l, 1)
	o.Hurried = true
	p = w.reserve(o)
	require.Len(t, p.Offsets, 1)
	require.LessOrEqual(t, p.Start, pace.Horizon+pace.Quantum)
	require.Empty(t, w.reserve(w.order(l, 1)).Offsets)
}

func TestSlowDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	other := w.addList("Other", nil)
	require.NoError(t, w.SlowDown(t.Context(), w.account, w.list.ID, time.Minute))
	require.NoError(t, w.SlowDown(t.Context(), w.account, w.list.ID, time.Second), "a shorter one does not shorten it")
	for _, l := range []pace.Limit{{}, {MessagesPerSecond: 10}} {
		p := w.reserve(w.order(l, 1))
		require.Empty(t, p.Offsets)
		require.InDelta(t, 60, p.Again.Seconds(), 20)
		require.Len(t, other.reserve(other.order(l, 1)).Offsets, 1)
		o := w.order(l, 1)
		o.Hurried = true
		p = w.reserve(o)
		require.InDelta(t, 60, max(p.Start, p.Again).Seconds(), 20, "what hurries is not sent into a wall either")
	}
}

// A day's cap is counted from midnight to midnight where the account is.
func TestADaysCap(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "Africa/Cairo"} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			where, err := time.LoadLocation(zone)
			require.NoError(t, err)
			w := newWorld(t, 0)
			o := w.order(pace.Limit{MessagesPerDay: 5}, ones(3)...)
			o.Zone = zone
			require.Len(t, w.reserve(o).Offsets, 3)
			require.Len(t, w.reserve(o).Offsets, 2)
			now := time.Now().In(where)
			p := w.reserve(o)
			require.Empty(t, p.Offsets)
			midnight := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, where)
			require.WithinDuration(t, midnight, now.Add(p.Again), 20*time.Second)
			o.Hurried = true
			require.Empty(t, w.reserve(o).Offsets, "a cap is a cap for what hurries too")
			w.exec(`UPDATE paces SET day = day - 1`) // a day goes by
			require.Len(t, w.reserve(o).Offsets, 3)
			require.EqualValues(t, 3, w.count(`SELECT used FROM paces`))
		})
	}
	t.Run("it is another day in another zone", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		o := w.order(pace.Limit{MessagesPerDay: 1}, 1)
		o.Zone = "Pacific/Kiritimati"
		require.Len(t, w.reserve(o).Offsets, 1)
		o.Zone = "Pacific/Pago_Pago" // 25 hours behind: never the same date
		require.Len(t, w.reserve(o).Offsets, 1)
	})
	t.Run("a group has one too", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		other := w.addList("Other", nil)
		require.NoError(t, w.SetPaceGroup(t.Context(), w.account, "main", pace.Limit{MessagesPerDay: 3}))
		o := w.order(pace.Limit{}, 1, 1)
		o.Group = "main"
		require.Len(t, w.reserve(o).Offsets, 2)
		o.List = string(other.list.ID)
		require.Len(t, w.reserve(o).Offsets, 1)
		p := w.reserve(o)
		require.Empty(t, p.Offsets)
		require.Positive(t, p.Again)
		require.EqualValues(t, 1, w.count(`SELECT used FROM paces WHERE owner = $1`, "list/"+string(other.list.ID)))
	})
	t.Run("many at once never exceed it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		o := w.order(pace.Limit{MessagesPerDay: 101}, ones(7)...)
		var mu sync.Mutex
		total := 0
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for {
					p, err := w.Reserve(t.Context(), o)
					if err != nil {
						t.Error(err)
					}
					if len(p.Offsets) == 0 {
						return
					}
					mu.Lock()
					total += len(p.Offsets)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		require.Equal(t, 101, total)
	})
}

func TestPaceGroupsAreTheAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	other := addWorld(t, w.Store, 0)
	require.NoError(t, w.SetPaceGroup(t.Context(), w.account, "a", pace.Limit{MessagesPerDay: 9, SegmentsPerSecond: 1.5}))
	groups, err := other.PaceGroups(t.Context(), other.account)
	require.NoError(t, err)
	require.Empty(t, groups)
	groups, err = w.PaceGroups(t.Context(), w.account)
	require.NoError(t, err)
	require.Equal(t, pace.Limit{MessagesPerDay: 9, SegmentsPerSecond: 1.5}, groups["a"])
	w.change(func(l *models.List) { l.MessagesPerSecond, l.SegmentsPerSecond, l.MessagesPerDay = 2.5, 3, 7 })
	require.Equal(t, pace.Limit{MessagesPerSecond: 2.5, SegmentsPerSecond: 3, MessagesPerDay: 7}, w.list.Pace())
}
