package optout

// unclear are texts that may mean an end: a human reads them, and no marketing goes out
// until then.
func unclear() []rule {
	return []rule{
		{"not interested", []string{
			"not|aint|isnt|arent|wasnt interested", "no interest",
			"dont|not want|need|care|like it|this|that|them|any|your|these|anything|for|you|about",
			"no|nah thanks|thank|thx|ty|need", "dont|doesnt care", "not for me", "not|dont my thing", "nothing from you",
			"no me|nos interesa|interesan|gusta", "no estoy|estamos interesado|interesada|interesados", "no gracias",
			"no quiero|necesito $", "no quiero|necesito nada|esto|eso|esos|estas|estos|su|sus|tu", "pas|plus|guere interesse|interessee|interesses", "ne minteresse", "minteresse pas", "non merci",
			"nao tenho|me|ha interesse|interessa", "nao obrigado|obrigada", "nao estou interessado|interessada", "nao quero|preciso $", "nao quero|preciso disso|isso|nada|seus|suas|mais",
			"kein|keinerlei|keine interesse|bedarf", "nicht interessiert|interessant", "nein danke", "kein|keinen bedarf|interesse",
			"brauche|will * nicht", "geen interesse|behoefte", "niet geinteresseerd|nodig", "nee bedankt|dank",
		}},
		{"why do I get this", []string{
			"why * getting|receiving|get|receive|texting|messaging|sending|contacting|text|texts|messages|contact|keep|send|" +
				"bothering|spamming|these",
			"who|where|how * number|info|information|contact", "who gave|sold|signed|put|told|authorized",
			"how|where did|do you|u * get|have|know", "do i know", "dont know you|who|this|u",
			"who|why is|are|r this|you|these * stop|texting|messaging",
			"por que|porque me|nos|recibo|estoy|siguen|sigo|recebo|estou|voces|continuam|te",
			"como|quien|donde|quem * numero|dio|consiguieron|consiguio|conseguiram|deu",
			"pourquoi * recois|menvoyez|messages|sms|recevoir|textos|recevez", "comment|qui|ou * numero",
			"warum|wieso|weshalb * bekomme|erhalte|schreiben|schreibt|nachrichten|sms|schicken|ich", "woher * nummer|daten",
			"waarom * krijg|ontvang|sturen|stuur|sms|berichten", "hoe|waar * nummer",
			"puis|peux|posso|puedo|kann|kan je|ich|ik? desabonner|abmelden|afmelden|cancelar|me",
		}},
		{"spam", []string{
			"spam|spams|spammer|spammers|spamming|scam|scams|scammer|scammers|fraud|phishing|scammed|estafa|arnaque|golpe|" +
				"betrug|oplichting|abzocke|fraude|estafadores|oplichters",
			"harassment|harassing|harass|harassed|acoso|harcelement|belastigung|unsolicited|unwanted|stalking|lastigvallen|assedio",
		}},
		{"too many", []string{
			"too many|much * <message>|texting", "too many|much $", "all|with|of these|those|your <message>", "whats with",
			"keep|keeps|still getting|receiving|texting|sending|messaging these|this|texts|messages|your|me|msgs|spam",
			"so many * texts|messages", "every|each day", "getting annoying|old|ridiculous", "annoying|irritating|obnoxious|ridiculous",
			"demasiados|muchos mensajes|sms|textos", "trop de messages|sms|textos", "muitas|tantas mensagens",
			"zu viele|viel nachrichten|sms|werbung", "te|teveel veel? berichten|sms|sms'jes",
			"molesto|molesta|fastidio|penible|agacant|chato|chata|nervig|nervt|irritant|vervelend", "^enough $",
			"suficiente|assez|genug|genoeg|bastante $",
		}},
		{"profane", []string{
			"fuck|fu|bitch|bitches|asshole|assholes|moron|morons|scumbag|scumbags|dickhead|dickheads|idiots|idiot|prick|cunt|" +
				"bastard|bastards|bullshit|wtf|mierda|merde|merda|scheisse|scheiss|klootzak|klootzakken|arschloch|arschlocher|" +
				"cabron|cabrones|pendejo|pendejos|connard|connards|putain|caralho|porra|wichser|kut|kanker|tering|puta|puto|" +
				"hurensohn",
		}},
		{"lawyer", []string{
			"lawyer|lawyers|attorney|sue|lawsuit|illegal|legal|complaint|police|abogado|avocat|advogado|anwalt|advocaat|" +
				"denuncia|plainte|demanda|klacht|anzeige",
			"reported|reporting", "blocking|block $", "you|u|number|already blocked", "do not|dont disturb",
		}},
		{"another person", []string{
			"this is not|isnt", "not this|that? person", "this isnt", "not me", "passed away", "deceased|died|dead", "died|dead",
			"changed|new my? number|phone|numbers", "no soy", "fallecio|murio", "decede|decedee|morte|mort", "faleceu|morreu",
			"verstorben|gestorben|overleden", "je ne suis pas", "nao sou", "bin nicht", "ben niet", "moved on|away",
			"work|business phone|number|cell", "is|im|hes|shes|am a|only minor|child|kid|underage",
			"12|13|14|15|16|years|yrs years|yrs|old old?",
		}},
		{"consent", []string{
			"dont remember|recall", "permission|consent|consented|privacy|gdpr|rgpd|dsgvo|avg|lgpd",
			"stopping|stopped|stops * <message>|texting|these|this", "<message> * stopped|stopping|stops", "opt|opted|opting out",
			"opt me", "^out|off $", "off list", "mailing|calling|contact|text list", "unsubscription|unsubscribing",
			"texting|messaging|contacting|bothering|spamming|harassing me|us|this|people|my", "delete|erase|lose my|this|me|us|it",
			"hate you|this|these|your|it|getting", "stopt|stoppt|gestopt|gestoppt",
		}},
	}
}

// doubt is the last question to a text: does anything in it sound like an end? Strong
// words do so in a text of any length. Weak ones are also ordinary words (END, CANCEL,
// ALTO): they count where there is little else to read.
func (l *lexicon) doubt(words []word) Reading {
	for _, w := range words {
		if l.strong[w.text] || l.weak[w.text] && len(words) <= shortText {
			return Reading{Ambiguous, Unclear, w.text}
		}
	}
	if p, ok := l.unclear.first(words); ok {
		return Reading{Ambiguous, Unclear, p.name}
	}
	if w := words[0].text; len(words) == 1 && len(w) <= 6 && !l.neighbours[w] && distance(w, "stop") == 1 {
		return Reading{Ambiguous, Unclear, "one slip from stop"}
	}
	return Reading{Verdict: None}
}

// shortText is how many words an ordinary reply has.
const shortText = 14
