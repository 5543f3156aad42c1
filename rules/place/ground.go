package place

import "strings"

// ground is what one fact leaves over.
type ground struct {
	country string
	states  []string
	zones   []string
}

func (g ground) known() bool { return len(g.zones) > 0 }

// within reports whether g may lie in the one state s.
func (g ground) within(s ground) bool {
	for _, state := range g.states {
		if len(s.states) == 1 && state == s.states[0] {
			return true
		}
	}
	return false
}

// northAmerican reports whether states and ZIP codes mean something for this contact: its
// number belongs to the United States or Canada, or to nobody we know.
func northAmerican(f Facts) bool {
	return plan(f.Region) != "" || f.Region == "" && (f.Phone == "" || strings.HasPrefix(f.Phone, "+1"))
}

// plan gives the country whose law follows a number's region; the territories have codes
// of their own and live under federal law.
func plan(region string) string {
	switch region = strings.ToUpper(region); region {
	case "US", "CA":
		return region
	case "PR", "VI", "GU", "MP", "AS":
		return "US"
	}
	return ""
}

// areaOf gives the ground of the area code. A code newer than our table has the zones the
// number came with and no state. Toll-free numbers come with every zone of the plan,
// which tells as little as none.
func areaOf(f Facts) (ground, bool) {
	code, ok := areaCode(f.Phone)
	if !ok {
		return ground{}, false
	}
	if g, ok := data().areas[code]; ok {
		return g, true
	}
	if country := plan(f.Region); country != "" && len(f.PhoneZones) <= mostZones {
		return ground{country: country, zones: f.PhoneZones}, len(f.PhoneZones) > 0
	}
	return ground{}, false
}

// mostZones of one area code is four, in the Canadian north; numbers which are not
// geographic have more than forty.
const mostZones = 6

func areaCode(phone string) (string, bool) {
	if len(phone) != 12 || !strings.HasPrefix(phone, "+1") || strings.Trim(phone[1:], "0123456789") != "" {
		return "", false
	}
	return phone[2:5], true
}

// stateGround reads two letters or a name. No code means both a state and a province.
func stateGround(s string) ground {
	s = strings.ToUpper(strings.TrimSpace(s))
	t := data()
	if code, ok := t.names[s]; ok {
		s = code
	}
	return t.states[s].ground
}

// postalGround reads the longest beginning that is known.
func postalGround(s string) ground {
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	if !zip(s) && !canadian(s) {
		return ground{}
	}
	t := data()
	for n := min(len(s), longestPrefix); n > 0; n-- {
		if g, ok := t.postal[s[:n]]; ok {
			return g
		}
	}
	return ground{}
}

// zip is 12345 or 12345-6789, with or without the dash.
func zip(s string) bool {
	if len(s) == 10 && s[5] == '-' {
		s = s[:5] + s[6:]
	}
	return (len(s) == 5 || len(s) == 9) && strings.Trim(s, "0123456789") == ""
}

// canadian is A1A1A1, or its first half, which is all that many forms ask for.
func canadian(s string) bool {
	if len(s) != 6 && len(s) != 3 {
		return false
	}
	for i := range len(s) {
		letter := s[i] >= 'A' && s[i] <= 'Z'
		digit := s[i] >= '0' && s[i] <= '9'
		if i%2 == 0 && !letter || i%2 == 1 && !digit {
			return false
		}
	}
	return true
}
