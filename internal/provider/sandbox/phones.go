package sandbox

import "strings"

// international gives E.164 for a number written as digits alone or after 00, the way
// Infobip and CM do. Names and short codes stay as they are.
func international(raw string) string {
	digits := strings.TrimPrefix(raw, "00")
	if len(digits) < 7 || len(digits) > 15 || !isDigits(digits) {
		return raw
	}
	return "+" + digits
}

// plain writes a number without its plus, as Infobip does.
func plain(phone string) string { return strings.TrimPrefix(phone, "+") }

// zeroed writes a number with 00 for its plus, as CM does.
func zeroed(phone string) string {
	if digits, ok := strings.CutPrefix(phone, "+"); ok {
		return "00" + digits
	}
	return phone
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// trailingNumber is our id of a message in a reference that ends with it, such as 42 in
// "m42". 0 means there is none.
func trailingNumber(reference string) int64 {
	start := len(reference)
	for start > 0 && reference[start-1] >= '0' && reference[start-1] <= '9' {
		start--
	}
	digits := strings.TrimLeft(reference[start:], "0")
	if len(digits) > 18 { // would not fit: somebody else's kind of reference
		return 0
	}
	var n int64
	for i := range len(digits) {
		n = n*10 + int64(digits[i]-'0')
	}
	return n
}
