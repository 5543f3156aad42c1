package conversion_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/conversion"
	"trackly/rules/price"
)

var day = time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)

func pays(kind string, at int, earned price.Micros) conversion.Event {
	return conversion.Event{Kind: kind, At: day.AddDate(0, 0, at), Earned: earned}
}

func takes(kind string, at int, earned price.Micros) conversion.Event {
	return conversion.Event{Kind: kind, Reverses: true, At: day.AddDate(0, 0, at), Earned: earned}
}

func takesAll(kind string, at int) conversion.Event {
	return conversion.Event{Kind: kind, Reverses: true, At: day.AddDate(0, 0, at), Whole: true}
}

type line struct {
	kind    string
	booked  price.Micros
	counted int
	waiting bool
}

func TestBook(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		events []conversion.Event
		want   []line
	}{
		"nothing":                          {nil, nil},
		"a sale":                           {[]conversion.Event{pays("sale", 0, 10)}, []line{{"sale", 10, 1, false}}},
		"a sale told twice":                {[]conversion.Event{pays("sale", 0, 10), pays("sale", 0, 10)}, []line{{"sale", 10, 1, false}}},
		"a lead and its sale":              {[]conversion.Event{pays("sale", 1, 10), pays("lead", 0, 2)}, []line{{"lead", 2, 1, false}, {"sale", 10, 1, false}}},
		"a refund of all":                  {[]conversion.Event{takesAll("refund", 1), pays("sale", 0, 10)}, []line{{"sale", 10, 1, false}, {"refund", -10, -1, false}}},
		"a refund of the same amount":      {[]conversion.Event{pays("sale", 0, 10), takes("refund", 1, 10)}, []line{{"sale", 10, 1, false}, {"refund", -10, -1, false}}},
		"a refund of a part":               {[]conversion.Event{pays("sale", 0, 10), takes("refund", 1, 4)}, []line{{"sale", 10, 1, false}, {"refund", -4, 0, false}}},
		"a refund of more":                 {[]conversion.Event{pays("sale", 0, 10), takes("refund", 1, 40)}, []line{{"sale", 10, 1, false}, {"refund", -10, -1, false}}},
		"a refund of nothing":              {[]conversion.Event{pays("sale", 0, 10), takes("refund", 1, 0)}, []line{{"sale", 10, 1, false}, {"refund", 0, 0, false}}},
		"a refund before its sale":         {[]conversion.Event{takesAll("refund", 0), pays("sale", 1, 10)}, []line{{"sale", 10, 1, false}, {"refund", -10, -1, false}}},
		"a refund of nothing known":        {[]conversion.Event{takes("refund", 0, 4)}, []line{{"refund", 0, 0, true}}},
		"a refund, then a chargeback":      {[]conversion.Event{pays("sale", 0, 10), takesAll("chargeback", 2), takesAll("refund", 1)}, []line{{"sale", 10, 1, false}, {"refund", -10, -1, false}, {"chargeback", 0, 0, false}}},
		"a part, then the rest":            {[]conversion.Event{pays("sale", 0, 10), takes("refund", 1, 4), takesAll("chargeback", 2)}, []line{{"sale", 10, 1, false}, {"refund", -4, 0, false}, {"chargeback", -6, -1, false}}},
		"two parts that are too much":      {[]conversion.Event{pays("sale", 0, 10), takes("refund", 1, 7), takes("chargeback", 2, 7)}, []line{{"sale", 10, 1, false}, {"refund", -7, 0, false}, {"chargeback", -3, -1, false}}},
		"all, of a lead and a sale":        {[]conversion.Event{pays("lead", 0, 2), pays("sale", 1, 10), takesAll("refund", 3)}, []line{{"lead", 2, 1, false}, {"sale", 10, 1, false}, {"refund", -12, -1, false}}},
		"what earned nothing is reversed":  {[]conversion.Event{pays("install", 0, 0), takesAll("refund", 1)}, []line{{"install", 0, 1, false}, {"refund", 0, -1, false}}},
		"two refunds of the same kind":     {[]conversion.Event{pays("sale", 0, 10), takes("refund", 2, 1), takes("refund", 1, 4)}, []line{{"sale", 10, 1, false}, {"refund", -4, 0, false}}},
		"reversals of the same moment":     {[]conversion.Event{pays("sale", 0, 10), takes("refund", 1, 7), takes("chargeback", 1, 7)}, []line{{"sale", 10, 1, false}, {"chargeback", -7, 0, false}, {"refund", -3, -1, false}}},
		"a rebill after the refund counts": {[]conversion.Event{pays("sale", 0, 10), takes("refund", 1, 10), pays("rebill", 2, 10)}, []line{{"sale", 10, 1, false}, {"rebill", 10, 1, false}, {"refund", -10, 0, false}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []line
			for _, e := range conversion.Book(tc.events) {
				got = append(got, line{e.Kind, e.Booked, e.Counted, e.Waiting})
			}
			require.Equal(t, tc.want, got)
		})
	}
}

// events draws a transaction, also with tellings of one kind that contradict each other.
func events() *rapid.Generator[[]conversion.Event] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) conversion.Event {
		kind := rapid.SampledFrom([]string{"lead", "sale", "rebill", "install", "signup", "refund", "chargeback"}).Draw(t, "kind")
		reverses := kind == "refund" || kind == "chargeback"
		return conversion.Event{
			Kind: kind, Reverses: reverses, At: day.Add(time.Duration(rapid.IntRange(0, 4).Draw(t, "hour")) * time.Hour),
			Earned: price.Micros(rapid.Int64Range(0, 30).Draw(t, "earned")), Whole: reverses && rapid.Bool().Draw(t, "whole"),
		}
	}), 0, 8)
}

func TestAnyOrderAndAnyRepetitionGiveTheSameBooks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := events().Draw(t, "events")
		shuffled := rapid.Permutation(all).Draw(t, "another order")
		if len(all) > 0 {
			shuffled = append(shuffled, rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "told again")...)
		}
		require.Equal(t, conversion.Book(all), conversion.Book(shuffled))
	})
}

func TestNoMoreIsTakenBackThanWasEarned(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var left price.Micros
		pays, taken, whole := 0, 0, false
		for _, e := range conversion.Book(events().Draw(t, "events")) {
			left += e.Booked
			require.GreaterOrEqual(t, left, price.Micros(0))
			whole = whole || e.Reverses && e.Whole
			switch {
			case e.Waiting:
				require.Zero(t, pays)
				require.Zero(t, e.Booked)
				require.Zero(t, e.Counted)
			case e.Reverses:
				require.LessOrEqual(t, e.Booked, price.Micros(0))
				taken -= e.Counted
			default:
				require.Equal(t, 1, e.Counted)
				pays++
			}
		}
		require.LessOrEqual(t, taken, min(pays, 1), "a transaction is reversed once")
		if pays > 0 && whole {
			require.Zero(t, left)
			require.Equal(t, 1, taken)
		}
	})
}
