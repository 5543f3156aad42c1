package contactfile

import "strings"

// usStates is never written after the program started. Codes are those of the postal
// service: states, the district, territories and the three military ones.
var usStates = stateIndex()

func stateIndex() map[string]string {
	index := make(map[string]string, 140)
	for line := range strings.SplitSeq(stateList, ",") {
		code, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		index[code], index[strings.ToUpper(name)] = code, code
	}
	index["WASHINGTON DC"], index["WASHINGTON STATE"] = "DC", "WA"
	return index
}

const stateList = `AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut,
DE Delaware, DC District of Columbia, FL Florida, GA Georgia, HI Hawaii, ID Idaho, IL Illinois, IN Indiana,
IA Iowa, KS Kansas, KY Kentucky, LA Louisiana, ME Maine, MD Maryland, MA Massachusetts, MI Michigan,
MN Minnesota, MS Mississippi, MO Missouri, MT Montana, NE Nebraska, NV Nevada, NH New Hampshire,
NJ New Jersey, NM New Mexico, NY New York, NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma,
OR Oregon, PA Pennsylvania, RI Rhode Island, SC South Carolina, SD South Dakota, TN Tennessee, TX Texas,
UT Utah, VT Vermont, VA Virginia, WA Washington, WV West Virginia, WI Wisconsin, WY Wyoming,
AS American Samoa, GU Guam, MP Northern Mariana Islands, PR Puerto Rico, VI Virgin Islands,
AA Armed Forces Americas, AE Armed Forces Europe, AP Armed Forces Pacific`

// stateOf gives the two letters of a US state, from them or from its name.
func stateOf(s string) (code string, ok bool) {
	if code, ok = usStates[s]; ok {
		return code, true // the usual case, without making a new string
	}
	code, ok = usStates[strings.ToUpper(strings.Join(strings.Fields(strings.ReplaceAll(s, ".", "")), " "))]
	return code, ok
}
