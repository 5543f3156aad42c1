package phone

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// IsRegion reports whether numbers can be read as somebody in this ISO country would dial
// them: in any other, every number without a + is refused.
func IsRegion(region string) bool {
	return phonenumbers.GetCountryCodeForRegion(strings.ToUpper(region)) != 0
}
