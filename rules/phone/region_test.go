package phone_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/rules/phone"
)

func TestOnlyCountriesWithANumberingPlanAreRegions(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]bool{"US": true, "gb": true, "PR": true, "": false, "XX": false, "USA": false, "001": false} {
		require.Equal(t, want, phone.IsRegion(region), region)
	}
}
