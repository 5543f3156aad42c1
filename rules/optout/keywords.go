package optout

// keywords are the texts that decide by themselves. More than one word is written with
// one blank; accents are left out.
func keywords() map[Verdict][]string {
	return map[Verdict][]string{
		Stop: {
			// 47 CFR 64.1200(a)(10): replies that revoke consent by themselves.
			"stop", "quit", "end", "revoke", "optout", "cancel", "unsubscribe",
			// What Twilio, AWS and the carriers add in the United States and Canada.
			"stopall", "stop all", "remove", "td", "arret", "arrete", "stop2end", "stop 2 end", "stop2stop", "stop2quit", "stop to end",
			// Plain English for the same.
			"unsub", "unenroll", "deregister", "cease", "desist", "halt", "cease and desist",
			// Spanish.
			"baja", "alto", "parar", "pare", "paren", "cancelar", "detener", "terminar", "salir", "basta", "desuscribir",
			"desuscribirme", "eliminar", "dar de baja",
			"darse de baja", "detengan",
			// French.
			"arretez", "arreter", "desabonner", "desabonnement", "desinscrire", "desinscription", "annuler", "resilier", "stopper",
			"stoppez", "fin", "me desabonner",
			// Portuguese.
			"sair", "descadastrar", "desinscrever", "remover", "parem", "fim", "chega", "desativar",
			// German, and Scandinavian STOPP.
			"stopp", "abmelden", "abmeldung", "abbestellen", "austragen", "kundigen", "kuendigen", "beenden", "ende", "stoppen",
			"loschen", "aufhoren", "aufhoeren", "widerruf",
			"widerrufen", "schluss", "abbestellung",
			// Dutch.
			"afmelden", "uitschrijven", "afmelding", "uitschrijving", "stopzetten", "einde", "opzeggen", "ophouden", "beeindigen",
		},
		Start: {
			"start", "unstop", "subscribe", "resubscribe", "resume", "restart", "optin", "opt in", "rejoin",
			"alta", "suscribir", "suscribirme", "reanudar", "iniciar", "empezar", "comenzar",
			"reprendre", "demarrer", "commencer", "abonner", "sinscrire",
			"comecar", "inscrever", "assinar", "retomar",
			"anmelden", "starten", "aanmelden", "inschrijven", "beginnen",
		},
		Help: {
			"help", "info", "information", "aide", "ayuda", "ajuda", "hilfe", "hulp", "informacion", "informacao", "infos",
		},
	}
}

// answers to a question of ours.
func answers() (yes, looseYes, no, other []string) {
	// Those that open a subscription again: CTIA names YES; the rest are its translations.
	yes = []string{"yes", "si", "oui", "ja", "sim", "yes please", "yes yes"}
	// Those that do so only when we asked.
	looseYes = []string{"y", "s", "j", "o", "yep", "yeah", "yup", "yess", "yes i do", "yes i want", "si quiero", "si por favor", "oui merci", "ja bitte", "ja graag"}
	no = []string{
		"no", "n", "nope", "nah", "no thanks", "no thank you", "no thx", "no ty", "nop", "no gracias", "non", "non merci", "nao",
		"nao obrigado", "nao obrigada", "nein",
		"nein danke", "nee", "nee bedankt", "nee dank je", "im good thanks", "im good", "no im good", "pass", "not interested", "no not interested",
	}
	other = []string{"ok", "okay", "k", "kk", "sure", "thanks", "thank you", "thx", "maybe", "confirm", "c", "1", "2", "3"}
	return yes, looseYes, no, other
}

// misspellings of short keywords, all of them: one slip makes "stop" a "shop", a "step"
// or a "spot", so no rule may guess. The list is slips seen on phone keyboards (a
// neighbouring key, a pair exchanged, a letter lost or doubled) that are no words. The
// second half are the short forms that phrases are written in.
func misspellings() map[string]string {
	return map[string]string{
		"stop": "sotp stpo stp tsop otsp tosp sttop sstop stopo stoop stoip stiop syop srop sgop dtop xtop ztop wtop stip stlp stoo stol stob stpp stopl ctop " +
			"sto0 st9p stoap stpop sptop stio stopt stahp staph stoped stoppp stopz",
		"stopall":     "stpall stopal stoppall sotpall stpoall",
		"end":         "ennd endd edn",
		"quit":        "quti qiut qit quitt quiit",
		"cancel":      "cancle cancell cansel cancl cancal canel",
		"unsubscribe": "unscribe unsubscribed unsubscription unsubscribing unsuscribed unsubscribes",
		"remove":      "rmove removeme",
		"optout":      "optuot opout optoout otpout",
		"arrete":      "arette arete arrette",
		"start":       "strat statr satrt",
		"help":        "hlep hepl helpp",

		"you":        "u yall",
		"your":       "ur yr youre",
		"please":     "pls plz plse pleas pleaze pleasee",
		"text":       "txt",
		"texts":      "txts",
		"texting":    "txting texing textin txtin",
		"message":    "msg mesage messege mssg",
		"messages":   "msgs mesages messeges mssgs",
		"messaging":  "msging",
		"dont":       "dnt",
		"the":        "teh",
		"number":     "numer nuber num numbr nmber nunber numbe",
		"fuck":       "fck fuk",
		"fucking":    "fking fuckin fkn",
		"bothering":  "botherin",
		"sending":    "sendin",
		"interested": "intrested intersted interestd intrerested",
	}
}

// longKeywords are long enough for one slip to leave no doubt.
func longKeywords() []string {
	return []string{
		"unsubscribe", "cancel", "remove", "revoke", "optout", "stopall", "desabonner", "desinscrire", "descadastrar", "desinscrever", "desuscribir",
		"abmelden", "abbestellen", "afmelden", "uitschrijven", "cancelar",
	}
}

// realWords are one or two slips from a keyword and mean something else.
func realWords() []string {
	return []string{
		"cancer", "cancels", "canceled", "cancelled", "cancerous", "camel", "remote", "removed", "removes", "remover", "removal",
		"evoke", "revoked", "revokes", "revolve", "revote",
		"subscribe", "subscribed", "resubscribe", "unsubscribable", "anmelden", "aanmelden", "melden", "afmeten", "vermelden",
		"bestellen", "abstellen", "inschrijven", "beschrijven",
		"omschrijven", "afschrijven", "inscrire", "decrire", "abonner", "describe", "inscribir", "suscribir", "cadastrar",
		"inscrever", "descrever", "output", "cancellation", "cancela",
		"outout", "anmeldung", "cancellar", "cancelan", "cancelas", "cancelo",
	}
}

// stopNeighbours are the words one slip from "stop" that are words themselves.
func stopNeighbours() []string {
	return []string{
		"shop", "step", "spot", "top", "stow", "slop", "swop", "stomp", "strop", "atop", "stops", "soap", "stoup", "sto", "scop",
		"stoa", "store", "story", "estop", "ston",
		"stot", "sop",
	}
}
