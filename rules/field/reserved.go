package field

import "slices"

// reserved are the names that audiences and texts know by themselves.
var reserved = []string{ //nolint:gochecknoglobals // never written
	"state", "zone", "first_name", "last_name", "phone", "zip", "carrier", "line_type", "list", "signup_method", "signup_at",
	"last_sent_at", "last_clicked_at", "last_converted_at", "send_count", "click_count", "conversion_count",
	"revenue_total", "revenue_average", "audience", "journey", "brand_name",
}

// Reserved reports whether name means something by itself, so that no custom field can
// have it.
func Reserved(name string) bool { return slices.Contains(reserved, name) }
