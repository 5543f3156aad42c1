package main

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRoundsAlternateAndTheMedianIsKept(t *testing.T) {
	t.Parallel()
	var order []string
	from := func(name string, values ...float64) func(context.Context) (float64, error) {
		i := 0
		return func(context.Context) (float64, error) {
			order = append(order, name)
			i++
			return values[i-1], nil
		}
	}
	r, err := alternate(t.Context(), 3, from("a", 10, 90, 30), from("b", 3, 1, 2))
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "a", "b", "a", "b"}, order)
	require.InDelta(t, 15, r.Ratio, 0)
	require.InDelta(t, 2.5, median([]float64{4, 1, 3, 2}), 0)
}

func TestAFailedBaselineSaysSo(t *testing.T) {
	t.Parallel()
	fine := func(context.Context) (float64, error) { return 1, nil }
	_, err := alternate(t.Context(), 1, fine, func(context.Context) (float64, error) { return 0, errors.New("down") })
	require.EqualError(t, err, "baseline: down")
}

func TestAnUnknownFigureIsRefused(t *testing.T) {
	t.Parallel()
	_, err := chosen("campaign,speed")
	require.EqualError(t, err, `no figure is called "speed"`)
	kept, err := chosen("callbacks,segments")
	require.NoError(t, err)
	require.Equal(t, "callbacks", kept[0].name)
	require.Len(t, kept, 2)
	kept, err = chosen("batch_providers")
	require.NoError(t, err)
	require.Len(t, kept, 4, "two for each provider that takes many texts a request")
}
