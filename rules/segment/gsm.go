package segment

// asciiSeptets says how many septets an ASCII character takes in GSM-7: 0 for those
// that are not in the alphabet, 2 for those that need the escape. A constant string,
// because nothing can write to it. Sixteen characters a row, from NUL to DEL.
const asciiSeptets = "" +
	"0000000000102100" + // LF, FF behind the escape, CR
	"0000000000000000" + // the escape itself is not a character
	"1111111111111111" +
	"1111111111111111" +
	"1111111111111111" +
	"1111111111122221" + // [ \ ] ^
	"0111111111111111" + // no backtick
	"1111111111122220" // { | } ~

// septetsOf is asciiSeptets for everything above ASCII. Lower-case ç is not there: the
// alphabet has the capital only.
func septetsOf(r rune) int {
	switch r {
	case '£', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', 'Ø', 'ø', 'Å', 'å',
		'Δ', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ',
		'Æ', 'æ', 'ß', 'É', '¤', '¡', 'Ä', 'Ö', 'Ñ', 'Ü', '§', '¿', 'ä', 'ö', 'ñ', 'ü', 'à':
		return 1
	case '€':
		return 2
	}
	return 0
}

// gsm cuts a text whose characters are all in the alphabet.
func gsm(text string, septets, escapes int) Count {
	c := Count{Encoding: GSM7, Units: septets}
	n := max(1, (septets+gsmJoined-1)/gsmJoined)
	used := septets - (n-1)*gsmJoined
	if septets > gsmSingle && escapes > 0 {
		n, used = cutEscapes(text)
	}
	return c.count(gsmSingle, gsmJoined, n, used)
}

// cutEscapes walks the text because an escape and its character never straddle two
// segments: the pair moves over whole and leaves a septet empty.
func cutEscapes(text string) (n, used int) {
	n = 1
	for _, r := range text {
		w := 1
		if r == '€' || r < 128 && asciiSeptets[r] == '2' {
			w = 2
		}
		if used+w > gsmJoined {
			n, used = n+1, 0
		}
		used += w
	}
	return n, used
}
