package field

import "strings"

// builtIn are the names by which audiences and texts read what every contact has, or what
// the product counts. A custom field of such a name could never be asked for.
const builtIn = "state zone first_name last_name phone zip carrier line_type list signup_method signup_at " +
	"last_sent_at last_clicked_at last_converted_at send_count click_count conversion_count " +
	"revenue_total revenue_average audience journey brand_name"

// Reserved reports whether name is built in and so cannot be the name of a custom field.
func Reserved(name string) bool {
	return name != "" && strings.Contains(" "+builtIn+" ", " "+name+" ")
}
