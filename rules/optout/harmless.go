package optout

import "slices"

// stillStop are demands that a harmless use would hide: "if you don't stop" is no "don't
// stop". They are looked for first.
func stillStop() []rule {
	return []rule{
		{"if you don't stop", []string{
			"if|unless you|u|this|these|they * dont|doesnt|wont|not? stop|quit|cease",
			"you|they|these|texts|messages|yall|people dont|wont|cant|never|doesnt|will|not not? stop $",
			"why dont|wont|cant you|they <halt>",
			"dont|wont|never|doesnt|cant|didnt <halt> <texting> so|then|now|or|ill|i|im",
			"you|they|yall dont|wont|never|cant <halt> <texting>", "how|what about|if you|u|we? <halt> <texting>|it",
		}},
		{"nothing wanted", []string{"will|mochte|moechte|wollen|wunsche|mochten|moechten * keine|keinerlei|nichts * bekommen|erhalten|kriegen", "wil|wens|hoef|willen|wensen * geen|niks * ontvangen|krijgen|hebben"}},
		{"put a stop", []string{
			"put|putting a|an stop|end to", "stop at once", "stop for good|ever|now", "stop in the future|name",
			"stop and desist|never|dont", "stop to this|these|all",
		}},
	}
}

// harmless are uses of a stop word that end nothing. Each must be sure: what stands in
// one is not looked at again.
func harmless() []rule {
	return slices.Concat(ownLine(), ordinaryUses(), usesAbroad())
}

// ownLine is our own opt-out line, sent back or quoted.
func ownLine() []rule {
	return []rule{
		{"own line", []string{
			"reply|text|txt|respond|send|type|enter|message|answer|replying|texting with? stop|end|quit|cancel|unsubscribe|" +
				"stopall|optout|start|help|stop2end|stop2quit|sair|baja|arret to|2|4|and|for end|stop|optout|opt|unsubscribe|quit|" +
				"cancel|be|discontinue|unsub|remove|info|help|no|cease|leave|join|start|resume? out|removed|messages?",
			"reply|text|txt|send with? help for|4 help|info stop to|2 end|stop|optout|opt|unsubscribe|quit|cancel|be|unsub out?",
			"stop to|2 end|stop|optout|opt|unsubscribe|quit|cancel|unsub out? reply|text|help|msg|std|terms",
			"help for|4 help|info stop|end to|2|for end|stop|optout|opt|unsubscribe|quit|cancel|unsub",
			"stop|sair|baja to|2 optout|unsubscribe|cancel $",
			"responde|responda|responder|envia|envie|envía|escribe|manda|texto con? stop|baja|alto|parar|salir|cancelar para|y " +
				"cancelar|salir|terminar|dejar|no|darse|darte|parar|finalizar|dar de? baja|recibir?",
			"repondez|repondre|envoyez|envoyer|tapez|reponds stop|arret pour|au|par|afin ne|vous|arreter|se|36xxx|sms|36180|" +
				"finir|mettre|annuler? plus|desabonner|desinscrire?",
			"responda|envie|digite|envia|responde com? sair|pare|parar|stop|cancelar para|e sair|cancelar|parar|nao|deixar|" +
				"interromper|descadastrar|se de? receber?",
			"antworten|antworte|sende|senden|schreibe sie? mit|sms? stopp|stop|ende|abmelden um|zum|fur|zur sich|abbestellen|" +
				"abmelden|keine|den|beenden|abmeldung|abzumelden|abbestellung",
			"antwoord|stuur|sms|reageer met? stop|stopp|afmelden|uit om|voor te|je|u|uit|afmelden|af|geen|afmelding te? stoppen|" +
				"melden|schrijven?",
			"stop au|om|um 36xxx|36180|36105|36173|36111|te|sich stoppen|abzumelden?",
		}},
	}
}

// ordinaryUses are the words in their other meanings.
func ordinaryUses() []rule {
	return []rule{
		{"visit", []string{
			"stop|stopping|stops|stopped by|over|off",
			"stop in today|tomorrow|later|sometime|soon|and|for|at|to|tonight|this|anytime|when|if|around|before|after|next|" +
				"monday|tuesday|wednesday|thursday|friday|saturday|sunday|on",
			"stop in $", "stop at|into|near|inside|outside|round|around|along|between", "stop on the|my|your|our way",
			"stop for gas|lunch|dinner|coffee|food|breakfast|a|some|an|groceries|the|ice|drinks|directions|water|pedestrians",
			"stop to get|eat|see|pick|say|visit|talk|think|smell|buy|grab|check|look|use|let|rest|help|drop",
			"stop and get|say|see|eat|pick|think|smell|shop|talk|look|listen|buy|grab|go|frisk",
			"stop the car|bus|bleeding|clock|presses|train|leak|music",
		}},
		{"a place to stop", []string{
			"bus|train|truck|tram|rest|pit|next|last|first|second|third|short|door|whistle|fuel|metro|subway|final|another|" +
				"quick|every|gas|taxi|one|stage|tour|water|coffee|lunch|glottal|f stop|stops",
			"non|nonstop stop",
			"a|my|each|second|one's stop $",
			"a|the|your|this|that|my|which|what|1 stop is|was|sign|light|watch|shop|before|after|on|near|at|in|there|here|" +
				"number|for|by|loss|motion|gap|order",
			"at|from|to|near the|a|my|this|that|your stop", "stop sign|signs|light|lights|watch|loss|motion|gap|order|shop|bath|press",
			"full stop", "pull|pulled|pulling out? all the stops|stop",
			"came|come|comes|coming|ground|screech to a|an|screeching|complete|full? stop|end|halt",
		}},
		{"don't stop", []string{
			"dont|never|wont|nonstop|cannot|cant|couldnt|didnt|doesnt|wouldnt|aint|not ever|you|gonna|going|want? ever|to|dare|" +
				"wanna? stop|quit|cease|end|cancel|unsubscribe|optout $",
			"dont|never ever|you? ever|dare? stop|quit believing|smiling|dreaming|trying|loving|til|till|until|now|there|here|" +
				"sending|texting|messaging|the|these|coming|get|getting|moving|dancing|laughing|me|us|my|it|thinking|being|doing|" +
				"believin|just|because|writing",
			"cant|couldnt|cannot|wont|wouldnt|didnt|doesnt|never stop|quit laughing|thinking|smiling|crying|watching|eating|" +
				"listening|raining|snowing|looking|talking|working|dreaming|loving|dancing|winning|coughing|sneezing|crying|barking|" +
				"wondering|buying|shopping|playing|using|running",
			"not|doesnt|dont|didnt|do|does|bus|train it|the|this|that|bus? bus|train? stop here|there|at|in|near|on",
			"cant|dont stop wont stop", "dont|wont|didnt|never|not cancel|unsubscribe|optout|remove|end|quit $",
			"no|nunca pares|pare|paren|dejes|dejen $", "no pares|pare|paren|dejes|dejen de * enviar|mandar|enviarme|mandarme|escribir",
			"narrete|narretez|arrete|arretez pas|jamais|surtout", "sans arret|arreter", "nao pare|parem|para|pares",
			"nicht aufhoren|stoppen|abmelden|abbestellen|kundigen", "hor|hort nicht auf",
			"niet stoppen|afmelden|uitschrijven|ophouden|opzeggen", "stop|stopt niet", "hou niet op",
		}},
		{"ends and quits", []string{
			"end of the|this|my|year|day|month|week|summer|season|story|discussion|life|school|time|an|november|december|" +
				"january|june|july|may|march|april|august|september|october|february|q1|q2|q3|q4|next|last",
			"the|at|in|by|to|til|till|until|near|no|an|both|other|on|happy end", "weekend|week end",
			"end up|ups|zone|result|date|time|user|game|table",
			"dead|high|low|front|back|rear|deep|tail|year|month|book|west|east|south|north|split|tight|week|loose|bitter end",
			"does|will|did|do|would|could * end",
			"end on|at|in|tonight|today|tomorrow|sunday|monday|tuesday|wednesday|thursday|friday|saturday|soon",
			"end this|next week|weekend|month|year|quarter|season|summer", "that end", "make ends",
			"i|he|she|we|they|just|finally|already|you|to quit my|his|her|their|our|smoking|drinking|vaping|job|school|work|" +
				"sugar|coffee|nicotine|cold|caffeine|soda|gambling",
			"quit smoking|drinking|vaping|gambling|nicotine", "quit job|jobs", "end end",
			"remove|removes stain|stains|rust|hair|paint|makeup|odor|odors|mold|dust|snow", "makeup|stain|hair|snow remove|remover|removal",
			"cant|cannot|never|wont * revoke",
		}},
	}
}

// usesAbroad are the same in Spanish, French, Portuguese, German and Dutch.
func usesAbroad() []rule {
	return []rule{
		{"nothing came", []string{
			"keine|kein|noch|nie sms|nachricht|nachrichten|code|mail bekommen|erhalten|gekriegt|gekommen|angekommen",
			"geen bericht|berichten|sms|smsje|code|mail gehad|ontvangen|gekregen|binnen|binnengekomen",
		}},
		{"lo mismo en español", []string{
			"baja california", "muy|mas|tan|bien|demasiado|es|voz|lo|punto|el|piso|nivel|precio|costo alto",
			"alto a|de|al fuego|y|precio|costo|nivel|riesgo",
			"mas|muy|la|planta|clase|temporada|voz|presion|calidad|precio|precios|gente baja",
			"baja california|el|la|los|calidad|presion|de precio|temperatura|velocidad|y|en", "fin de semana|ano|mes|curso|fiesta",
			"al|por|en|el|a fin|final", "para que|mi|el|la|ti|cuando|manana|hoy|ver|hacer|comprar",
			"al salir", "voy|vamos|quiero a? salir a|con|hoy|manana|de fiesta|temprano|esta",
			"salir a|con|hoy|manana|de fiesta|viaje|compras", "basta con|decir", "sin parar", "parada de",
			"cancelar la|mi|el|una cuenta|factura|pago|deuda", "terminar de|el|la|mi|los|las",
		}},
		{"la même chose en français", []string{
			"arret de|du|d bus|tram|metro|travail|maladie|train", "prochain|cet|un|quel|lequel arret",
			"arret maladie|cardiaque|bus|tram", "fin de|du|des semaine|mois|journee|annee|soiree|lannee|la|soldes|ete",
			"la|en|a|vers|de fin", "a larret", "larret", "point final",
		}},
		{"o mesmo em português", []string{
			"vou|vamos|vai|vao|ia|posso|acabei|acabo|podemos|consigo|consegui|quer|quando|hora|acabou de? sair",
			"sair hoje|amanha|agora|mais|cedo|tarde|com|do|de|pra|para casa|trabalho|cedo?", "sem parar",
			"fim de|do|da semana|mes|ano|dia|jogo|tarde", "por|no|ao|enfim fim", "o|a fim",
			"chega hoje|amanha|quando|em|que|as|no|na|logo|segunda|sexta", "quando|que|horas|ja|nunca|ele|ela|pedido|encomenda chega",
			"parada de", "ponto de parada",
		}},
		{"dasselbe auf Deutsch", []string{
			"am|zu|zum|kein|letztes|bis|ohne|das ende",
			"ende des|der|mai|juni|juli|august|september|oktober|november|dezember|januar|februar|marz|april|jahr|gut|woche|monat",
			"bus|zwischen|boxen stopp", "stopp in|am|an", "schluss|feierabend machen|um", "um|wann|zum|jetzt? schluss", "bar beenden",
		}},
		{"hetzelfde in het Nederlands", []string{
			"aan|op|tot|het|bijna|geen einde", "einde van|week|maand|jaar|middag|dag|werkdag", "niet|kan ophouden|stoppen met",
			"stop|stoppen met roken|drinken|werken", "stap|bus|tram stop", "stopcontact",
		}},
	}
}
