package optout

// classes are the words that stand for one another in the patterns.
func classes() map[string]string {
	return map[string]string{
		"<message>": "text texts message messages sms mms alerts alert notifications promos promo promotions ads ad spam mail emails marketing communications updates " +
			"crap shit bullshit junk garbage bs calls nonsense solicitations texting messaging blasts",
		"<texting>": "text texts texting texted message messages messaging contact contacting send sending call calling bother bothering spam spamming bug bugging harass " +
			"harassing annoy annoying email emailing pester pestering disturb disturbing write writing solicit soliciting sms smsing hitting blowing",
		"<list>": "list lists database system subscription subscriptions thread roster records contacts program service distribution group files file campaign texts messages",
		"<halt>": "stop quit cease discontinue halt",
		"<mine>": "my this our the these",
	}
}

// phrases are clear demands for an end, in English. They come from the "totality of the
// circumstances" of 47 CFR 64.1200(a)(10), from the examples of FCC 24-24 ("not
// interested" is not among them) and from what people write.
func phrases() []rule {
	return append(commands(), refusals()...)
}

// commands say what we shall do.
func commands() []rule {
	return []rule{
		{"stop texting", []string{
			"<halt> <texting>", "<halt> * <message>", "end all|the|these|this|your|my|text|sms|marketing|any|future? <message>",
			"end all|the|these|your|my text|marketing|sms|promo <message>",
			"cancel|end * subscription|subscriptions|alerts|texts|messages|sms|messaging|notifications|enrollment|texting",
			"cease all|any|further|communication|communications|contact|contacting", "<halt> trying|reaching * me|out",
			"<halt> it|this|that|now|already|immediately|asap|everything|please|forever|pls $", "please <halt> $",
		}},
		{"make it stop", []string{
			"need|needs|want|wants|has|have|must|make|please|like|told|tell|ask|asked|asking|telling|demand * <halt> $",
			"how many times", "<halt> at once|all",
			"said|texted|sent|replied|typed|wrote|answered|say|saying|respond|responded stop|unsubscribe|cancel|optout|quit",
			"already|keep|kept * stop|unsubscribe|optout",
			"just|really <halt> $", "for the last time", "god|gods|love|sake|lord|christ|heavens|jesus|hell <halt> $",
		}},
		{"unsubscribe", []string{
			"unsubscribe", "unsub", "optout", "opt me|us out", "opting out", "opted out", "opt this|my number|phone out",
			"unenroll|deregister me|us|my|this", "opt out", "desubscribe",
		}},
		{"remove me", []string{
			"remove|delete|erase|unlist|exclude|scrub|discard me|us $",
			"remove|delete|erase|exclude|scrub me|us from|off|please|now|asap|immediately|out|and|or|i|this|all",
			"removed|deleted|erased|removal * from|off * <list>",
			"remove|delete|erase|lose|forget|scrub|drop|trash|ditch|discard|clear|destroy|purge <mine> number|phone|name|info|" +
				"information|contact|cell|digits|data|details|email|numbers|cellphone|mobile",
			"lose|forget|delete|remove|erase number",
			"want|like|need|asked|ask|asking|request|requested|wish|demand to|2 be|get|opt removed|deleted|unsubscribed|taken|" +
				"out", "want|like|need|asked|wish to|2 be|get off $", "to|2 be|get off this|your|the|these|of",
			"get rid of my|this|our",
		}},
		{"take me off", []string{
			"take|get|pull|cross|strike|drop|keep|kick me|us off|of",
			"take|get|pull|cross|strike|drop|remove|delete|keep me|us|my|this * off|out|from|of|outta * <list>",
			"take|get|pull|remove|delete|keep my|this|our number|name|phone|cell|info off|out|from",
			"off|outta your|this|the|that|all|ur|any calling|mailing|texting|text|sms|marketing|contact|call? list|lists|database",
			"want|wants|wanna|need|let me? out|off $", "get me|us? off this|these|of", "off the list", "do not call list|registry", "dnc",
		}},
		{"no more messages", []string{
			"no more <message>", "^please? no texts|text|messages|calls|spam|sms|ads|marketing|promos please? $", "please|plz no <message>", "no text messages|msgs $", "^no text|spam messages", "no more text|sms|marketing|promo|promotional|spam|of <message>", "no more * <message>",
			"no|zero further|additional|future <message>|contact|communication",
			"no more please|pls|thanks|thank $", "^please? no more $", "enough with|of the|these|this|your|you|already", "done with these|your|you",
			"^enough already", "no more of|from this|you|these", "no longer want|wish|interested|need|receive",
			"never again $", "no contact",
		}},
	}
}

// refusals say it in the negative, or why.
func refusals() []rule {
	return []rule{
		{"do not text me", []string{
			"dont|never ever|you|keep? <texting> me|us|this|my|again|anymore|please|these|more|any|stuff|crap|shit|your",
			"do|must|please|may|should|better not ever|you|keep? <texting> me|us|this|my|again|anymore|these|more|any",
			"dont|never ever? hit|hmu me|us? up?", "refrain from", "dont|never ever? <texting> $", "do|please not ever? <texting> $",
			"dont|not|never * text|contact|message|call|texting|texted|contacted me|us|this again|anymore|number|ever",
			"dont|not|never|no * want|wanna|wish|need|like|care|consent|agree * <message>|texted|contacted|messaged|receive|" +
				"hear|contact|subscribed|subscription|listed",
			"dont|not want|wanna|need any? more|anymore", "dont|not want you|anyone to text|message|contact|call",
			"dont|not|never want|wish|need|like to get|receive|be|hear", "dont have|got my|the permission|consent",
			"without my? consent|permission",
			"please dont $", "dont|never|not send * <message>", "not have * consent|permission", "quit texting",
			"dont you text|contact|message|call", "nobody|noone|one asked|wants for|this|your|these|you", "not welcome|wanted here $",
			"unwanted|unsolicited <message>",
		}},
		{"never signed up", []string{
			"didnt|never|not ever? sign|signed|signing up|for|this",
			"didnt|never|not ever? ask|asked|request|requested|want|wanted for|this|these|to|any|your|it|texts|messages",
			"didnt|never|not ever? subscribe|subscribed|optin|opted|opt|enroll|enrolled|consent|consented|agree|agreed|" +
				"authorize|authorized|register|registered",
			"didnt|never|not ever? give|gave|given|provide|provided|share|shared you|my|anyone|permission|consent|this|any|out",
			"dont|not|no consent|permission",
		}},
		{"leave me alone", []string{
			"leave|let|leaving me|us|my|this alone|be|family", "leave me|us * alone", "leave us|me in peace", "go|get away|lost $",
			"buzz|bug|sod|piss|naff off", "^back off", "knock|cut it off|out", "give it a rest",
			"take a hike", "go bother|annoy|spam", "get outta|out|off of? my phone|inbox|messages|life",
			"you|keep * bothering|harassing|spamming|pestering me|us", "out of my phone|inbox",
		}},
		{"profanity", []string{
			"fuck|fk|f|eff|screw|bugger|jerk|feck off|you|yourself|ya|ourself|outta|this|your", "fuck * off",
			"go fuck|screw|to yourself|hell", "shut up", "shut the * up", "stfu", "gtfo", "foff", "fuckoff",
			"kiss my ass", "eat shit", "suck my|a dick", "die in a fire", "up yours", "go to hell", "f you", "f ck|k off|you",
		}},
		{"wrong number", []string{
			"wrong number|person|phone|num|guy|girl|lady|man|woman|human|contact", "sorry wrong $",
			"doesnt|dont|didnt have|own|use this|that number|phone", "not|isnt|aint|nolonger * number anymore|now $",
			"have|got|texting|reached|texted|contacting|calling|dialed the wrong $", "no longer * number|phone|owner",
			"isnt|aint * number|phone $", "not|isnt|aint his|her|their|s|that number|phone|persons|cell",
			"not the|that|this? person|guy|girl you|your|ur|who", "no one|body here|there? by|with|named that|the|this",
			"nobody|noone here|there? by|named", "one|nobody * by that name", "new owner of this",
			"number|phone doesnt|dont|does belong",
			"you|have|got|a wrong number",
		}},
		{"threat", []string{
			"report|reporting|reported you|this|your|spam|it|as|u|these|ya", "sue|suing you|your|ya|u", "<message> * reported",
			"call|calling|contact|contacting|calling|talk|talking|told|hear|hearing|notify|notifying my|the|with|to|from * " +
				"lawyer|attorney|police|cops|fcc|ftc|ag|authorities|lawyers",
			"fcc", "ftc", "tcpa", "attorney general", "better business bureau", "bbb",
			"file|filing|filed|lodge a|an|this|formal? complaint|report|lawsuit|charges", "legal|court action|order",
			"cease and desist", "press charges", "block|blocking|blocked you|this|your|number|u|ur|ya|and",
			"^i? block|blocked|blocking $", "ill|will|gonna|going sue|suing", "take you to court", "see you in court $", "restraining order",
			"in violation of", "against the law", "this is illegal|harassment", "is illegal", "i will report",
		}},
		{"sick of it", []string{
			"sick|tired|fed of|up? of|with? these|your|this|you|it|getting|being|receiving|hearing", "done with you|this|these|your $",
			"get a life", "find someone else to", "fed up",
		}},
		{"consent withdrawn", []string{
			"withdraw|revoke|revoking|withdrawing|rescind|withdrawn|retract my|all|any|the|this|consent|permission",
			"consent|permission * withdrawn|revoked",
		}},
		{"moving on", []string{
			"cancel|end my|the|this|our subscription|membership|enrollment", "delete|close|deactivate my|this account", "count me out",
			"lose my number",
		}},
	}
}

// questions before a demand leave doubt: who asks how to stop has not said so.
func questions() []rule {
	return []rule{{"question", []string{
		"how|when|should|where|whether",
		"can|could|may|might|do|did|must|if|unless|whether|have|shall|wont|will|am i|we|they|he|she", "why dont|cant|wont|didnt",
		"what happens|if", "is this|it|there", "are there", "maybe",
		"como|cuando|puedo|podria|debo|donde", "comment|quand|puis", "est ce que je", "posso|quando", "wie|wann|wo",
		"kann|muss|soll ich", "hoe|wanneer|waar", "kan|moet|mag ik", "in order to",
	}}}
}
