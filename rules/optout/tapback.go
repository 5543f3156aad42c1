package optout

import "strings"

// Phones without a common messenger write a reaction as a text that repeats ours, and
// ours says STOP. These are the openings by iMessage and Google Messages in the six
// languages; a quotation follows each.
func tapbacks() []string {
	return []string{
		"liked ", "loved ", "disliked ", "laughed at ", "emphasized ", "emphasised ", "questioned ", "reacted ", "removed a ", "removed an ", "replied ", "hearted ",
		"le gusto ", "le encanto ", "le gustó ", "le encantó ", "no le gustó ", "no le gusto ", "se rio de ", "se rió de ", "exclamó por ", "exclamo por ", "preguntó por ", "pregunto por ", "reaccionó ", "reacciono ", "me gusta ", "me encanta ", "enfatizó ", "destacó ", "eliminó ", "quitó ",
		"a aimé ", "a aime ", "a adoré ", "a adore ", "n’a pas aimé ", "n'a pas aimé ", "a ri ", "a rigolé ", "a exclamé ", "s’est exclamé", "s'est exclamé", "a mis un point ", "a réagi ", "a reagi ", "a souligné ", "a retiré ", "a supprimé ",
		"curtiu ", "amou ", "adorou ", "gostou ", "não curtiu ", "nao curtiu ", "não gostou ", "riu ", "deu ênfase ", "enfatizou ", "questionou ", "perguntou ", "reagiu ", "removeu ",
		"gefällt ", "gefallt ", "gefällt mir ", "gefiel ", "hat ", "mag ", "liebt ", "lachte ", "hervorgehoben ", "reagierte ", "gefällt nicht ",
		"vond ", "vindt ", "vindt leuk ", "leuk ", "hield van ", "lachte om ", "benadrukte ", "vroeg ", "reageerde ", "heeft ",
	}
}

// behind are the words that close a reaction after the quotation.
func behindTapback() map[string]bool {
	return set("reagiert", "leuk", "geliked", "geliebt", "markiert", "gelacht", "hervorgehoben", "mooi", "grappig", "gereageerd", "nicht", "niet", "mit", "met")
}

const (
	openQuotes  = "“„«\"‟＂「『"
	closeQuotes = "”“»\"〞＂」』«„"
)

// ownWords gives what the person wrote without reactions and quotations, and whether
// there were any. A quotation that is the whole text, or that a single word stands in, is
// a manner of writing and stays.
func ownWords(text string) (own string, cut bool) {
	if rest, ok := cutTapback(text); ok {
		return rest, true
	}
	own, cut = cutLines(text)
	if rest, ok := cutQuotes(own); ok {
		return rest, true
	}
	return own, cut
}

// cutTapback takes away a reaction. What is behind the last closing quote is the
// person's; a reaction to a long text often has none.
func cutTapback(text string) (string, bool) {
	lower := strings.ToLower(strings.TrimLeft(text, " \t\r\n\u00a0\u200a\u200b\u200c\u200d\u2060\ufeff\u2009"))
	at := strings.IndexAny(lower, openQuotes)
	if at < 0 {
		return "", reactsToPicture(lower)
	}
	// A reaction says in a few words what it is to: a comma would be the person talking.
	if at > 60 || strings.ContainsAny(lower[:at], ",;.!?\n") || !opensTapback(lower) {
		return "", false
	}
	end := strings.LastIndexAny(lower, closeQuotes)
	if end <= at {
		return "", true
	}
	_, size := decodeQuote(lower[end:])
	rest := lower[end+size:]
	if onlyBehind(rest) {
		return "", true
	}
	return rest, true
}

func opensTapback(lower string) bool {
	for _, t := range tapbackList() {
		if strings.HasPrefix(lower, t) {
			return true
		}
	}
	// Google Messages: an emoji, then "to" and the quotation.
	head, _, _ := strings.Cut(lower, " ")
	if head == "" || head[0] < 0x80 {
		return false
	}
	rest := strings.TrimLeft(lower[len(head):], " \u200a\u200b\u2009")
	for _, to := range []string{"to ", "a ", "à ", "zu ", "auf ", "op ", "em ", "para "} {
		if strings.HasPrefix(rest, to) {
			return true
		}
	}
	return false
}

func reactsToPicture(lower string) bool {
	for _, t := range []string{"liked ", "loved ", "disliked ", "laughed at ", "emphasized ", "emphasised ", "questioned "} {
		if rest, ok := strings.CutPrefix(lower, t); ok {
			rest = strings.Trim(rest, " .!\r\n\t")
			switch rest {
			case "an image", "a photo", "an attachment", "a message", "a video", "a movie", "a link", "an audio message", "a sticker":
				return true
			}
		}
	}
	return false
}

func onlyBehind(rest string) bool {
	known := lists().behind
	for _, w := range normal(rest) {
		if !known[w.text] {
			return false
		}
	}
	return true
}

func tapbackList() []string { return lists().tapbacks }
