package merge

import "strings"

// Dress puts a list's brand before a rendered text ("Acme: text") and its opt-out line on
// a line of its own behind it. Nothing is said twice: a text that begins with the brand
// and a colon, or already holds the opt-out line, keeps it in its place, in any case of
// letters. An empty brand or line adds nothing.
func Dress(text, brand, optOutLine string, prepend, appendLine bool) string {
	if head := brand + ":"; prepend && brand != "" && !startsWith(text, head) {
		text = head + " " + text
	}
	if appendLine && optOutLine != "" && !strings.Contains(strings.ToLower(text), strings.ToLower(optOutLine)) {
		text += "\n" + optOutLine
	}
	return text
}

func startsWith(text, head string) bool {
	return len(text) >= len(head) && strings.EqualFold(text[:len(head)], head)
}
