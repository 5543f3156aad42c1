package models_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

func TestASpareVariantIsNoArmOfTheTest(t *testing.T) {
	t.Parallel()
	r := models.Report{Variants: []models.VariantReport{
		{Variant: 1, Name: "A", Percent: 50, Metrics: models.Metrics{Sends: 10, Conversions: 4, Reversals: 1}},
		{Variant: 2, Name: "B", Percent: 50, Metrics: models.Metrics{Sends: 20}},
		{Variant: 3, Name: "Spare", Spare: true, Metrics: models.Metrics{Sends: 5}},
	}}
	arms := r.Arms()
	require.Len(t, arms, 2)
	require.Equal(t, []string{"A", "B"}, []string{arms[0].Name, arms[1].Name})
	require.EqualValues(t, 3, arms[0].Conversions, "what was taken back does not speak for it")
	require.EqualValues(t, 35, r.Total().Sends, "the total has the spare's too")
}
