package phone

const dots = "•••"

// Mask hides the middle of a phone number for screens: "+1212•••0123". At least three
// digits are always hidden, so a short number shows less of itself. It never fails; what
// is not a phone number is hidden the same way.
func Mask(e164 string) string {
	r := []rune(e164)
	tail := min(4, max(0, (len(r)-3)/2))
	head := min(5, max(0, len(r)-3-tail))
	return string(r[:head]) + dots + string(r[len(r)-tail:])
}
