package store_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/testkit"
	"trackly/models"
)

// A sale and its refund reach two processes at the same moment: neither may book without
// the other.
func TestTwoProcessesBookOneTransactionTogether(t *testing.T) {
	t.Parallel()
	url := testkit.Database(t)
	m := &market{world: addWorld(t, testkit.Open(t, url), 0)}
	m.offer = m.addOffer("cpa", 10*dollar)
	second := testkit.Open(t, url)
	for i := range 300 {
		id := fmt.Sprint("t", i)
		var both sync.WaitGroup
		tell := func(convert func() ([]models.Booking, error)) {
			both.Go(func() {
				if got, err := convert(); err != nil || got[0].Refused != nil {
					t.Errorf("%+v %v", got, err)
				}
			})
		}
		tell(func() ([]models.Booking, error) {
			return m.Convert(t.Context(), m.account, []models.Told{m.sale(id, nil)})
		})
		tell(func() ([]models.Booking, error) {
			return second.Convert(t.Context(), m.account, []models.Told{m.refund(id, nil)})
		})
		both.Wait()
	}
	require.Zero(t, m.count(`SELECT sum(booked) FROM conversions`))
	require.Zero(t, m.count(`SELECT count(*) FROM conversions WHERE state = 'waiting'`))
	m.balanced()
}
