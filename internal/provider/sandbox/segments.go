package sandbox

import "strings"

// The GSM 03.38 alphabet, and the characters that take an escape and so two units.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "\f^{}\\[~]|€"
)

// segments counts what a carrier would bill. It is written apart from the product's
// own count on purpose: num_segments is a second opinion.
func segments(body string) int {
	alone, joined, width := 160, 153, gsmWidth
	if !isGSM(body) {
		alone, joined, width = 70, 67, utf16Width
	}
	units, used, parts := 0, 0, 1
	for _, r := range body {
		w := width(r)
		units += w
		if used+w > joined {
			parts, used = parts+1, 0
		}
		used += w
	}
	if units <= alone {
		return 1
	}
	return parts
}

func isGSM(body string) bool {
	for _, r := range body {
		if r >= 'a' && r <= 'z' || r == ' ' {
			continue
		}
		if !strings.ContainsRune(gsmBasic, r) && !strings.ContainsRune(gsmExtended, r) {
			return false
		}
	}
	return true
}

func gsmWidth(r rune) int {
	if strings.ContainsRune(gsmExtended, r) {
		return 2
	}
	return 1
}

func utf16Width(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}
