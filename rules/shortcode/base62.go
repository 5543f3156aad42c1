package shortcode

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// spell writes a number below 62^7, most significant character first.
func spell(v uint64) (text [Length]byte) {
	for i := Length - 1; i >= 0; i-- {
		text[i] = alphabet[v%62]
		v /= 62
	}
	return text
}

// read undoes spell. Seven characters can never exceed 62^7 - 1.
func read(code string) (v uint64, ok bool) {
	if len(code) != Length {
		return 0, false
	}
	for i := range Length {
		d, ok := digit(code[i])
		if !ok {
			return 0, false
		}
		v = v*62 + d
	}
	return v, true
}

func digit(b byte) (uint64, bool) {
	switch {
	case '0' <= b && b <= '9':
		return uint64(b - '0'), true
	case 'A' <= b && b <= 'Z':
		return uint64(b-'A') + 10, true
	case 'a' <= b && b <= 'z':
		return uint64(b-'a') + 36, true
	}
	return 0, false
}
