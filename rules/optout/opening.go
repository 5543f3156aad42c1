package optout

import "strings"

// strongWords hardly ever stand in a text that is not about ending something.
func strongWords() []string {
	return []string{
		"stop", "stopall", "unsubscribe", "unsub", "optout", "unenroll", "arretez", "arrete", "stopp", "afmelden", "abmelden",
		"uitschrijven", "abbestellen", "desabonner", "desinscrire",
		"desuscribir", "desuscribirme", "descadastrar", "desinscrever", "desinscription", "desabonnement", "stoppez", "afmelding",
		"abmeldung", "desist", "stop2end",
	}
}

// weakWords are keywords that are ordinary words too.
func weakWords() []string {
	return []string{
		"end", "cancel", "quit", "remove", "revoke", "cease", "halt", "baja", "alto", "parar", "pare", "paren", "parem", "cancelar",
		"detener", "basta", "arret", "arreter", "annuler", "resilier", "sair",
		"remover", "chega", "kundigen", "kuendigen", "austragen", "stoppen", "aufhoren", "beenden", "ophouden", "opzeggen",
		"stopzetten", "deregister", "widerrufen", "ende", "einde",
		"detengan", "stopper", "salir", "eliminar", "loschen", "loeschen", "fin", "fim", "schluss", "terminar", "widerruf", "desativar", "beeindigen",
	}
}

// politeWords neither add to a keyword nor take away from it.
func politeWords() []string {
	return []string{
		"please", "kindly", "thanks", "thank", "thx", "ty", "ok", "okay", "hey", "hi", "hello", "yo", "no", "now", "just", "sir",
		"maam", "lol", "omg", "ugh", "wtf", "already", "dear", "team", "guys", "bro", "man",
		"damn", "dammit", "asap", "immediately", "today", "thankyou", "jesus", "god", "fucking", "favor", "por", "gracias", "hola",
		"bonjour", "svp", "merci", "sil", "te", "vous", "plait", "obrigado", "obrigada", "oi", "ola",
		"bitte", "danke", "hallo", "sofort", "aub", "alsjeblieft", "alstublieft", "bedankt", "ajb", "graag", "direct", "nu",
		"jetzt", "ya", "ahora", "maintenant", "agora", "hoi", "and", "so", "but", "oh",
	}
}

// leadingWords may also stand before a strong word: "I said stop", "would you stop".
func leadingWords() []string {
	return append(politeWords(), "i", "said", "say", "want", "wanna", "wish", "would", "like", "need", "to", "you", "can", "could", "will", "u", "id", "must", "me", "this", "yes", "y", "it", "all", "again", "gonna", "have", "shit", "fuck", "hell",
		"quiero", "deseo", "je", "veux", "voudrais", "quero", "ich", "will", "mochte", "mich", "ik", "wil", "me", "het", "mij", "desejo", "souhaite", "wir", "ci")
}

// weakRests are all that may follow a weak word in a demand: CANCEL THIS, REMOVE NUMBER.
func weakRests() []string {
	return append(politeWords(), "me", "us", "this", "it", "all", "everything", "my", "the", "these", "them", "your", "those", "subscription", "subscriptions", "texts", "text", "messages", "message", "sms", "alerts",
		"notifications", "number", "promos", "spam", "marketing", "of", "from", "list", "forever", "service", "consent",
		"permission", "enrollment", "texting", "messaging", "stop", "end", "quit", "cancel", "unsubscribe", "remove",
		"suscripcion", "mensajes", "mi", "los", "la", "esto", "todo", "de", "del", "lista", "labonnement", "abonnement", "mon",
		"les", "ca", "inscricao", "mensagens", "as", "isso", "tudo", "meu", "numero",
		"abo", "das", "meine", "sms", "nachrichten", "alles", "mijn", "dit", "berichten", "met", "ermee", "mee", "a", "estos", "sus", "envio")
}

func laterWords() []string {
	return []string{"later", "maybe", "someday", "sometime", "tomorrow", "eventually", "worrying", "playing", "lying", "kidding", "being", "messing", "joking", "laughing"}
}

func negationWords() []string {
	return []string{"dont", "not", "never", "didnt", "cant", "wont", "doesnt", "nicht", "niet", "nao", "wouldnt", "shouldnt", "cannot"}
}

// gluedWords are written together with STOP by hasty thumbs.
func gluedWords() []string {
	return []string{"please", "pls", "plz", "now", "it", "this", "texting", "text", "texts", "txt", "txts", "me", "that", "spam", "sending", "messaging", "messages", "msg", "the", "sms", "calling", "just", "bitch", "immediately", "everything"}
}

// mostRest is the longest rest after a strong first word that is still short.
const mostRest = 6

// opening reads a stop word at the beginning with a short rest: "stop please", "ok stop
// this", "cancel subscription".
func (l *lexicon) opening(words []word) (string, bool) {
	at, weakOnly := 0, true
	for at < len(words) && l.leading[words[at].text] {
		weakOnly = weakOnly && l.polite[words[at].text]
		at++
	}
	if at == len(words) || asks(words[at:]) || l.questioned(words, at) || l.negated(words, at) {
		return "", false
	}
	first, rest := words[at].text, words[at+1:]
	switch {
	case l.strong[first]:
		if len(rest) > mostRest {
			return "", false
		}
		for i, w := range rest {
			if l.later[w.text] || w.text == "" || i == 0 && l.otherDoing(w.text) {
				return "", false
			}
		}
		return first, true
	case l.weak[first] && weakOnly:
		for _, w := range rest {
			if !l.weakRest[w.text] {
				return "", false
			}
		}
		return first, true
	}
	return "", false
}

// otherDoing says whether a word is something to stop that is no texting of ours.
func (l *lexicon) otherDoing(w string) bool {
	return len(w) > 5 && w[len(w)-3:] == "ing" && !l.objects[w]
}

// clause reads a part of a text that is a keyword by itself: "Not interested. STOP".
func (l *lexicon) clause(words []word) (string, bool) {
	for from := 0; from < len(words); {
		to := from
		for to < len(words)-1 && words[to].pause == blank {
			to++
		}
		if match, ok := l.bare(words[from : to+1]); ok && words[to].pause != query {
			// A weak word must be a sentence: "chairs, end table".
			if l.strong[match] || (from == 0 || words[from-1].pause >= full) && words[to].pause >= full {
				return match, true
			}
		}
		from = to + 1
	}
	return "", false
}

func (l *lexicon) bare(words []word) (string, bool) {
	match := ""
	for _, w := range words {
		switch {
		case l.strong[w.text] || l.weak[w.text]:
			match = w.text
		case !l.polite[w.text]:
			return "", false
		}
	}
	return match, match != ""
}

// asks says whether the sentence that begins here is a question.
func asks(words []word) bool {
	for _, w := range words {
		if w.pause >= full {
			return w.pause == query
		}
	}
	return false
}

// demand finds a clear phrase. One that is asked about or denied is given with false.
func (l *lexicon) demand(words []word) (found *pattern, ok bool) {
	l.phrases.each(words, func(p *pattern, from, _ int) bool {
		if found == nil {
			found = p
		}
		if l.questioned(words, from) || l.negated(words, from) || l.onlyAsks(words, from, p) {
			return false
		}
		found, ok = p, true
		return true
	})
	return found, ok
}

// onlyAsks is for demands so short that a question mark turns them: "please stop?".
func (l *lexicon) onlyAsks(words []word, at int, p *pattern) bool {
	return p.stop && asks(words[at:])
}

// questioned says whether the same clause asks before the word at i: "how do I stop".
func (l *lexicon) questioned(words []word, i int) bool {
	from := i
	for from > 0 && words[from-1].pause == blank {
		from--
	}
	_, ok := l.questions.first(words[from:i])
	return ok
}

// negated says whether the word at i is denied: "please don't ever remove me".
func (l *lexicon) negated(words []word, i int) bool {
	for i--; i >= 0 && words[i].pause < full; i-- {
		switch w := words[i].text; {
		case l.negations[w]:
			return true
		case w != "please" && w != "ever" && w != "just" && w != "you" && w != "to" && w != "want":
			return false
		}
	}
	return false
}

// exact gives the keyword that a text is, once or several times.
func (l *lexicon) exact(words []word, v Verdict) (string, bool) {
	if len(words) == 0 || len(words) > firstWords {
		return "", false
	}
	// "!!1" is an exclamation mark whose shift came late.
	if last := len(words) - 1; last > 0 && strings.Trim(words[last].text, "1") == "" {
		words = words[:last]
	}
	unique := once(words)
	if len(unique) <= 4 {
		if text := join(unique); l.verdicts[text] == v {
			return text, true
		}
	}
	for _, w := range unique {
		if l.verdicts[w.text] != v {
			return "", false
		}
	}
	return unique[0].text, true
}

// whole reads texts that ask for a start or for help in more words. They must be all of
// the text: a subscription is not opened by a word in passing.
func (l *lexicon) whole(words []word) (Verdict, *pattern, bool) {
	trimmed := words
	for len(trimmed) > 1 && l.polite[trimmed[0].text] {
		trimmed = trimmed[1:]
	}
	for len(trimmed) > 1 && l.polite[trimmed[len(trimmed)-1].text] {
		trimmed = trimmed[:len(trimmed)-1]
	}
	for v, b := range map[Verdict]book{Start: l.start, Help: l.help} {
		for _, p := range b[trimmed[0].text] {
			if to, ok := p.at(trimmed, 0); ok && to == len(trimmed) {
				return v, p, true
			}
		}
	}
	return None, nil, false
}

func startPhrases() []rule {
	return []rule{{"start again", []string{
		"start|resume|restart texting|texts|messages|messaging|sending|it|again me? again?", "start again",
		"subscribe|resubscribe me|again again?", "opt|sign|add me back? in|up|back again?", "sign me back up", "add me to the list",
		"start over",
		"empezar|suscribeme|suscribir|inscribeme de|otra? nuevo|vez?", "recommencer", "reabonnez|abonnez|inscrivez moi",
		"me inscreva|cadastre|inscrevam", "wieder anmelden", "opnieuw aanmelden|starten", "start weer|opnieuw",
	}}}
}

// helpPhrases ask who we are. HELP answers with just that and says how to stop.
func helpPhrases() []rule {
	return []rule{
		{"help me", []string{
			"help me", "help", "info", "need|more|send|get|want help|info|information", "i need|want help|info|more info?",
			"can you help me?", "necesito|mas ayuda|informacion", "ayudame", "aidez|aide moi", "besoin daide", "me ajuda|ajude",
			"preciso de ajuda", "brauche|mehr hilfe|infos|info", "ich brauche hilfe", "meer info|hulp|informatie",
		}},
		{"who is this", []string{
			"who|whos is|dis|this|are|r|u|you|iz? this|you|dis|it|these?", "who is this number|company|text|message from?",
			"what company|business is? this|it?", "what is this", "whos this", "new phone who dis|this|is this?",
			"quien es|eres|son este?", "de parte de quien", "qui est|etes|es ce|vous|tu|la?", "cest qui",
			"quem e|fala|esta|voce? voce|esse|falando?", "wer ist|bist|sind|schreibt das|du|sie|da|hier?",
			"wie is|bent|ben dit|u|jij|je|dat",
		}},
	}
}
