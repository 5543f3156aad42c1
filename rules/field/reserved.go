package field

// Reserved reports whether name is built in and so cannot be the name of a custom field:
// audiences and texts read by it what every contact has, or what the product counts. A
// field of such a name could never be asked for.
func Reserved(name string) bool {
	switch name {
	case "phone", "first_name", "last_name", "state", "zone", "zip", "carrier", "line_type", "list",
		"signup_method", "signup_at", "last_sent_at", "last_clicked_at", "last_converted_at",
		"send_count", "click_count", "conversion_count", "revenue_total", "revenue_average",
		"audience", "journey", "brand_name":
		return true
	}
	return false
}
