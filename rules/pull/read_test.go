package pull_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/price"
	"trackly/rules/pull"
)

var at = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// row is an approved one that pays 12.50 of a sale of 80.
func row(change func(*pull.Row)) pull.Row {
	r := pull.Row{ID: "1", Transaction: "s", Status: pull.Approved, At: at, Payout: "12.50", Sale: "80.00", Currency: "USD"}
	if change != nil {
		change(&r)
	}
	return r
}

func with(s pull.Status, payout string) pull.Row {
	return row(func(r *pull.Row) { r.Status, r.Payout = s, payout })
}

// sold is what the books hold of a sale of 12.50 that a pull told of.
func sold(change func(*pull.Booked)) pull.Booked {
	b := pull.Booked{Pulled: true, Sold: true, At: at, Amount: 12_500_000, Currency: "USD"}
	if change != nil {
		change(&b)
	}
	return b
}

func micros(m price.Micros) *price.Micros { return &m }

func TestRead(t *testing.T) {
	t.Parallel()
	var nothing pull.Booked
	lowered := sold(func(b *pull.Booked) { b.Refund = micros(2_500_000) })
	refunded := sold(func(b *pull.Booked) { b.Refund, b.Taken = micros(0), true })
	charged := sold(func(b *pull.Booked) { b.Taken = true })
	elsewhere := sold(func(b *pull.Booked) { b.Pulled, b.Amount = false, 0 })
	share := row(func(r *pull.Row) { r.Share = true })
	for name, tc := range map[string]struct {
		row    pull.Row
		booked pull.Booked
		means  pull.Meaning
		amount *price.Micros
	}{
		"approved":                              {row(nil), nothing, pull.Sells, micros(12_500_000)},
		"approved for nothing":                  {with(pull.Approved, "0"), nothing, pull.Sells, micros(0)},
		"a share is of the sale":                {share, nothing, pull.Sells, micros(80_000_000)},
		"no amount":                             {with(pull.Approved, ""), nothing, pull.Unreadable, nil},
		"no amount of what is booked":           {with(pull.Approved, "a lot"), sold(nil), pull.Unreadable, nil},
		"pending":                               {with(pull.Pending, "a lot"), nothing, pull.Waits, nil},
		"pending once more":                     {with(pull.Pending, "12.50"), sold(nil), pull.Waits, nil},
		"rejected before anybody told of it":    {with(pull.Rejected, "a lot"), nothing, pull.Never, nil},
		"rejected late":                         {with(pull.Rejected, "12.50"), sold(nil), pull.Refunds, nil},
		"rejected, and told of by a postback":   {with(pull.Rejected, "12.50"), elsewhere, pull.Refunds, nil},
		"rejected, with a part gone":            {with(pull.Rejected, "12.50"), lowered, pull.ChargesBack, nil},
		"rejected as booked":                    {with(pull.Rejected, "12.50"), refunded, pull.Known, nil},
		"rejected, and charged back before":     {with(pull.Rejected, "12.50"), charged, pull.Known, nil},
		"as booked":                             {row(nil), sold(nil), pull.Known, nil},
		"as a postback told, whatever it said":  {with(pull.Approved, "99"), elsewhere, pull.Known, nil},
		"lowered":                               {with(pull.Approved, "10.00"), sold(nil), pull.Refunds, micros(2_500_000)},
		"lowered as booked":                     {with(pull.Approved, "10.00"), lowered, pull.Known, nil},
		"lowered to nothing":                    {with(pull.Approved, "0"), sold(nil), pull.Refunds, micros(12_500_000)},
		"lowered without a currency":            {row(func(r *pull.Row) { r.Payout, r.Currency = "10.00", "" }), sold(nil), pull.Refunds, micros(2_500_000)},
		"lowered twice: there is one refund":    {with(pull.Approved, "9.00"), lowered, pull.Differs, nil},
		"lowered, and back at its first amount": {row(nil), lowered, pull.Differs, nil},
		"raised":                                {with(pull.Approved, "13.00"), sold(nil), pull.Differs, nil},
		"approved again after its rejection":    {row(nil), refunded, pull.Differs, nil},
		"approved again after a chargeback":     {row(nil), charged, pull.Differs, nil},
		"lower than what was charged back":      {with(pull.Approved, "10.00"), charged, pull.Differs, nil},
		"a word nobody knows":                   {with("paid", "12.50"), nothing, pull.Waits, nil},
		"with a currency where it had none":     {row(nil), sold(func(b *pull.Booked) { b.Currency = "" }), pull.Known, nil},
		"in another currency":                   {row(func(r *pull.Row) { r.Payout, r.Currency = "10.00", "EUR" }), sold(nil), pull.Differs, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := pull.Read(tc.row, tc.booked)
			require.Equal(t, pull.Answer{Means: tc.means, Amount: tc.amount}, got)
			require.Equal(t, tc.means == pull.Sells || tc.means == pull.Refunds || tc.means == pull.ChargesBack, got.Tells())
		})
	}
}

func TestNamesOfTransactions(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		row           pull.Row
		name, further string
	}{
		"the click's":                {pull.Row{ID: "1", Transaction: "s"}, "s", "s/1"},
		"of a goal":                  {pull.Row{ID: "1", Transaction: "s", Goal: "2"}, "s/goal:2", "s/goal:2/1"},
		"its own, where it has none": {pull.Row{ID: "1"}, "tune:1", "tune:1/1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.name, tc.row.Name())
			require.Equal(t, tc.further, tc.row.FurtherName())
		})
	}
}

func TestAnotherTimeIsAnotherConversion(t *testing.T) {
	t.Parallel()
	later := row(func(r *pull.Row) { r.At = at.Add(time.Minute) })
	require.True(t, later.Further(sold(nil)))
	require.False(t, later.Further(pull.Booked{}), "it is the first")
	require.False(t, later.Further(pull.Booked{Sold: true, At: at}), "a postback's clock is its own")
	require.False(t, row(nil).Further(sold(func(b *pull.Booked) { b.At = at.In(time.FixedZone("there", 3600)) })))
}

func TestReadingAgainTellsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Map(rapid.Int64Range(0, 50), func(n int64) string { return price.Micros(n * 1_000_000).String() })
		r := with(pull.Approved, amount.Draw(t, "payout"))
		first := pull.Read(r, pull.Booked{})
		require.Equal(t, pull.Sells, first.Means)
		books := r.Sold(*first.Amount)
		require.Equal(t, pull.Known, pull.Read(r, books).Means)
		require.False(t, r.Further(books))

		r.Payout = amount.Draw(t, "changed payout")
		r.Status = rapid.SampledFrom([]pull.Status{pull.Approved, pull.Pending, pull.Rejected}).Draw(t, "changed status")
		second := pull.Read(r, books)
		if second.Means == pull.Refunds {
			books.Refund, books.Taken = micros(0), second.Amount == nil || *second.Amount == books.Amount
			if second.Amount != nil {
				books.Refund = second.Amount
			}
		}
		require.False(t, pull.Read(r, books).Tells())
	})
}
