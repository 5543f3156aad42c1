package sandbox

import (
	"net/http"
	"strings"
)

// tollFree are the area codes whose calls the called party pays for.
const tollFree = "800 833 844 855 866 877 888"

// LineOf is what a look-up says of a phone, in Twilio's words: mostly a mobile of one of
// the American networks. A phone keeps its line.
func (s *Sandbox) LineOf(phone string) (kind, carrier string) {
	if strings.HasPrefix(phone, "+1") && len(phone) > 5 && strings.Contains(tollFree, phone[2:5]) {
		return "tollFree", ""
	}
	switch roll := s.dice.roll("line", phone); {
	case roll < 86:
		networks := []string{"Verizon Wireless", "AT&T Wireless", "T-Mobile USA, Inc.", "US Cellular"}
		shares := []float64{38, 68, 97, 100}
		pick := s.dice.roll("network", phone)
		for i, below := range shares {
			if pick < below {
				return "mobile", networks[i]
			}
		}
		return "mobile", networks[0]
	case roll < 93:
		return "landline", "Lumen"
	case roll < 95:
		return "fixedVoip", "Comcast"
	case roll < 98:
		return "nonFixedVoip", "Twilio - SMS/MMS-SVR"
	case roll < 99:
		return "personal", ""
	}
	return "unknown", ""
}

// lookUpTwilio handles GET /v2/PhoneNumbers/{phone}, with the faults of a request to send.
func (s *Sandbox) lookUpTwilio(w http.ResponseWriter, r *http.Request) {
	in, _, ok := s.begin(Twilio, w, r, formLimit)
	if !ok {
		return
	}
	sid, _, _ := r.BasicAuth()
	r.SetPathValue("account", sid)
	if _, ok := s.loginTwilio(w, r); !ok || in.failsBefore() {
		return
	}
	fields := r.URL.Query().Get("Fields")
	if fields != "" && fields != "line_type_intelligence" {
		twilioError(w, http.StatusBadRequest, 20001, "The sandbox knows line_type_intelligence only")
		return
	}
	phone := r.PathValue("phone")
	s.tally.lookups.Add(1)
	if in.failsAfter() {
		return
	}
	valid := phoneForm.MatchString(phone)
	b := appendField(nil, `{"calling_country_code":null,"country_code":null,"phone_number":`, phone)
	b = append(b, `,"national_format":null,"valid":`...)
	if !valid {
		writeJSON(w, http.StatusOK, append(b, `false,"validation_errors":["NOT_A_NUMBER"],"line_type_intelligence":null}`...))
		return
	}
	b = append(b, `true,"validation_errors":[],"caller_name":null,"line_type_intelligence":`...)
	if fields == "" {
		writeJSON(w, http.StatusOK, append(b, `null}`...))
		return
	}
	kind, carrier := s.LineOf(phone)
	b = appendField(b, `{"type":`, kind)
	b = append(b, `,"mobile_country_code":null,"mobile_network_code":null,"error_code":null,"carrier_name":`...)
	if carrier == "" {
		b = append(b, `null}`...)
	} else {
		b = append(appendString(b, carrier), '}')
	}
	writeJSON(w, http.StatusOK, append(appendField(b, `,"url":`, "https://lookups.twilio.com/v2/PhoneNumbers/"+phone), '}'))
}
