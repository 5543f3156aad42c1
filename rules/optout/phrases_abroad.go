package optout

import "slices"

// phrasesAbroad are the same demands in Spanish, French, Portuguese, German and Dutch.
// Accents are left out and apostrophes join: "n'envoyez" is "nenvoyez".
func phrasesAbroad() []rule {
	return slices.Concat(spanish(), french(), portuguese(), german(), dutch())
}

func spanish() []rule {
	return []rule{
		{"no más mensajes", []string{
			"no|nunca|jamas me|nos * envies|envien|envie|mandes|manden|mande|escriban|escribas|escriba|contacten|contactes|" +
				"contacte|llamen|llames|llame|molestes|molesten|moleste|texteen|textees|textear|hablen|hables|spameen|envieis|" +
				"mandeis|escribais|llameis|molesteis",
			"no|nunca envies|envien|envie|mandes|manden|mande|enviar|mandar|molestar|molesten|molestes|enviarme|mandarme|" +
				"contactar|contactarme|llamar|llamarme|escribir|escribirme|molestarme",
			"no|ya|tampoco quiero|quisiera|deseo|necesito|queremos * mensajes|mensaje|textos|texto|sms|recibir|recibirlos|spam|" +
				"publicidad|promociones|contacten|molesten|escriban|notificaciones|recibirla",
			"no|ya quiero|deseo mas|nada",
			"no mas? mensajes|mensaje|textos|sms|publicidad|spam|promociones|notificaciones|msj|mensajitos",
			"^ya? no mas|siga|sigan|sigas $", "no mas por favor|gracias", "basta|suficiente de|con|ya", "ya basta|estuvo",
			"no|ya sigan|siga|sigas enviando|mandando|escribiendo|molestando|insistiendo",
		}},
		{"dejen de enviar", []string{
			"dejen|deja|deje|dejar|dejad|paren|pare|para|parar|parad|cesen|cese|detengan|detener|detenga|basta de|con|los|el|" +
				"estos|sus|esto|ya enviar|enviarme|enviarnos|mandar|mandarme|escribir|escribirme|escribiendome|molestar|molestarme|" +
				"llamar|llamarme|mensajes|mensaje|textos|sms|contactarme|contactar|spam|textearme|estos|esos|tus|sus|los|acosar|" +
				"acosarme|joder|chingar|fastidiar|envios|envio",
			"deja|dejen|deje|dejenme|dejame|dejeme|dejadme en? paz|tranquilo|tranquila", "me|nos dejen|deja|deje en paz",
			"parar|detener|cancelar|cancele|cancela|cancelen|terminar|cancelen|suspender|suspendan|anular los|el|la|las|mi|mis|" +
				"estos|sus|esta mensajes|envio|suscripcion|textos|sms|servicio|mensaje|subscripcion|alertas|notificaciones",
		}},
		{"quítame de la lista", []string{
			"quitame|quiteme|quitenme|quitadme|borrame|borrenme|borreme|eliminame|elimineme|eliminenme|sacame|saqueme|saquenme|" +
				"remueveme|remuevanme|removerme|retirame|retirenme|desuscribeme|desuscribanme|desuscribirme|desinscribeme|borradme",
			"quitar|borrar|eliminar|saquen|quiten|borren|eliminen|sacar|quita|borra|elimina|borre|elimine|quite|saca * lista|" +
				"numero|telefono|celular|datos|contacto",
			"dame|deme|denme|darme|darnos|dadme|doy|dar|quiero|solicito|deseo|pido de|la|darme baja|de", "de baja $", "la baja",
			"quiero salir|cancelar|salirme|desuscribirme|borrarme", "salir de|del la|esta|su|grupo lista",
		}},
		{"número equivocado", []string{
			"numero equivocado|incorrecto|erroneo|errado", "equivocado de numero",
			"se|te equivoco|equivocaste|equivocaron|equivocas de|numero", "equivoco de numero", "persona equivocada",
			"no|este soy|es esa|su|el|ella|numero|mi persona|numero",
		}},
		{"no me suscribí", []string{
			"no|nunca|jamas me suscribi|registre|inscribi|apunte|subscribi", "no|nunca|jamas pedi|autorice|solicite|acepte|di",
			"sin mi consentimiento|permiso|autorizacion",
		}},
		{"lárguense", []string{
			"vete|vayanse|vayase|largate|larguense|vayan a|al", "vete|largate|larguense $",
			"chinga|chinguen|chingate|chingue tu|su|a madre", "chingada", "callate|callense",
			"la|los|te|les|voy|voy|vamos a? denunciar|reportar|demandar|bloquear|denunciarlos|denunciarte|reportarlos|" +
				"denunciare|denuncio|bloqueo|denunciarles",
			"voy a denunciarlos|reportarlos|bloquearlos|bloquearte|reportarte", "que|no me|jodan|jodas jodan|molesten|joder", "jodanse",
			"jodete", "no me jodas|jodan",
		}},
	}
}

func french() []rule {
	return []rule{
		{"plus de messages", []string{
			"plus|aucun|aucuns|marre|assez|stop|fini|halte|ras de|des|aux|les|vos|le messages|message|sms|textos|texto|pub|pubs|" +
				"publicite|publicites|mms|spam|spams|vos|ces|bol",
			"plus de messages", "marre de", "ras le bol",
			"fichez|fiche|lacher|lachez|laissez|laisse|lache|foutez|fous|fout|laisser moi|nous",
			"ne|n|ni me|mappelez|mecrivez|menvoyez|menvoie|mecris|mecrire|menvoyer|mappeler|mecontactez|nous|pas * contactez|" +
				"contacte|contacter|textez|texte|derangez|derange|envoyez|envoyer|envoie|harcelez|sollicitez|recontactez|ecrivez|" +
				"ecris|appelez|appelle|plus|pas|jamais|ecrire|deranger",
			"ne mappelez|mecrivez|menvoyez|menvoie|mecris|mecrire|menvoyer|mappeler",
			"ne|je|nous|vraiment? veux|souhaite|desire|voudrais|souhaitons|voulons|aimerais|veut plus|pas * recevoir|sms|" +
				"messages|message|contacte|contactee|vos|ces|etre|rien|textos|pub",
			"veux|souhaite|desire plus|arreter|que|me|etre rien|recevoir|de|vos|ces|desabonner|desabonne|les|sms|retirer|retire|" +
				"ca|desinscrire",
			"veux|voudrais|aimerais|souhaite que ca|cela|vous arrete|cesse|arretiez|arretez",
			"ne plus envoyer|contacter|ecrire|appeler|me|nous|mecrire|menvoyer|recevoir|mappeler|etre", "^plus jamais $",
		}},
		{"arrêtez de m'envoyer", []string{
			"arrete|arretez|arreter|arret|cessez|cesse|cesser|stoppez|stopper|stoppe|stop|arretes de|d|menvoyer|denvoyer|" +
				"mecrire|les|vos|ces|tout|ca|avec|tes|messages|sms|immediatement|maintenant|cela|svp|merci|la|des|le|tout|dappeler|" +
				"mappeler|mharceler|decrire|denvoyez",
			"desabonner|desabonnez|desabonne|desinscrire|desinscrivez|desabonnement|desinscription|desinscris|desinscrit|" +
				"resilier|resiliation",
			"mettre|mettez fin",
			"retirez|retire|supprimez|supprime|enlevez|enleve|effacez|efface|radiez|rayez|otez|sortez|retirer|supprimer|enlever|" +
				"effacer moi|mon|mes|me|nous|numero|ce|vos|votre",
			"annuler|annulez|annule|resiliez|resilie l|labonnement|mon|cet|mes|les|inscription|abonnement|cette",
			"me|moi retirer|supprimer|enlever|desabonner|rayer|radier * liste|fichier|fichiers|listing|base",
		}},
		{"faux numéro", []string{
			"mauvais|faux|mauvaise numero|personne", "trompe|trompez|tromper|erreur de numero|personne",
			"erreur de numero|destinataire", "pas|nest le|plus|son|pas|mon bon|numero|son numero|de",
		}},
		{"jamais inscrit", []string{
			"jamais|pas inscrit|inscrite|abonne|abonnee|demande|autorise|donne|souscrit|consenti|accepte",
			"sans mon accord|consentement|autorisation",
		}},
		{"fichez-moi la paix", []string{
			"foutez|fichez|fous|fiche|fiches|laissez|laisse|lachez|lache moi|nous|la|les|mon|me",
			"va|allez|aller te|vous|se faire|en|au foutre|voir|diable|chier|faire", "casse|cassez toi|vous",
			"ta|vos|vous|la|vtre gueule|gueules", "degage|degagez",
			"vais|vous|vous|je|on vous|te|le|signaler|signale|bloquer|denoncer|signalez|signalement signaler|signale|denoncer|" +
				"porter|bloquer|bloque",
			"porter|porte|depose|deposer plainte", "33700", "cnil", "signal|signale|signaler spam|conso|au|a|comme", "foutre la paix",
			"tranquille $",
		}},
	}
}

func portuguese() []rule {
	return []rule{
		{"pare de me enviar", []string{
			"pare|parem|para|parar|deixe|deixem|deixa|cesse|cessem|chega|basta|parou de|com|d|os|essas|as|por|esses mandar|" +
				"enviar|me|mensagem|mensagens|sms|isso|ligar|esses|essas|perturbar|encher|incomodar|propaganda|spam|torpedos|msg|" +
				"message|messages|favor|tanta|tantas",
			"nao|nunca|jamais me|nos mande|mandem|envie|enviem|ligue|liguem|escreva|escrevam|perturbe|perturbem|contate|" +
				"contatem|chame|chamem|incomode|incomodem|manda|mandar|enviar|envia|encha|encham",
			"nao|nunca|jamais envie|enviem|mande|mandem|enviar|mandar|perturbe|perturbem|incomode|ligue",
			"nao|sem quero|desejo|gostaria|queremos|preciso|mais * receber|mensagens|mensagem|sms|nada|propaganda|contato|" +
				"promocoes|torpedo|isso",
			"nao quero|desejo mais",
			"sem|nada|chega|basta|nenhuma|nenhum|pare|parem mais|de|dessas|desse|com? mensagens|mensagem|sms|propaganda|spam|" +
				"propagandas|message|messages|isso",
			"nao mais mensagens|mensagem|sms", "^ja? chega",
		}},
		{"me tire da lista", []string{
			"me|nos tire|tira|tirem|remova|remove|removam|retire|retirem|exclua|excluam|descadastre|descadastrem|apague|apaguem|" +
				"cancele|delete|deleta|exclui|remover|excluir|descadastrar|tirar",
			"tire|tira|tirem|remova|remover|removam|retire|retirem|exclua|excluir|apague|apagar|delete|deletar|descadastrar|" +
				"descadastre|tirar|remove|retirar * meu|nome|lista|numero|contato|cadastro|minha|telefone|celular",
			"quero|gostaria|desejo|preciso|queria de? sair|cancelar|descadastrar|parar|descadastro|remover",
			"sair da|desta|dessa|do lista|cadastro",
			"cancele|cancelar|cancelem|cancela|cancelamento|anular * inscricao|assinatura|cadastro|mensagens|envio|envios|" +
				"recebimento|sms|servico|subscricao",
			"descadastro", "descadastramento",
		}},
		{"número errado", []string{
			"numero errado|incorreto|trocado", "pessoa errada", "e|foi|por|tem|era? engano",
			"nao e|sou|conheco meu|esse|este|essa|a|mais numero|pessoa|dele|dela", "errou o|de numero",
		}},
		{"não me cadastrei", []string{
			"nao|nunca|jamais me cadastrei|inscrevi|registrei|registei|subscrevi",
			"nao|nunca|jamais pedi|autorizei|solicitei|assinei|dei|aceitei",
			"sem minha|meu|a autorizacao|consentimento|permissao|minha",
		}},
		{"me deixe em paz", []string{
			"deixe|deixem|deixa|me|deixar me|em|nos|deixe|deixem|deixa em|paz|deixa paz|em", "em paz",
			"vai|va|vao|vao te|se|pra|a|tomar|tomarem|para? foder|fuder|merda|catar|lascar|inferno|puta|tomar",
			"vou|irei|vamos te|vos|os|voces|lhe|denunciar|processar|bloquear|reclamar? denunciar|processar|bloquear|no",
			"vou denunciar|processar|bloquear", "procon", "anatel", "foda se", "va se foder", "cala a boca",
		}},
	}
}

func german() []rule {
	return []rule{
		{"keine SMS mehr", []string{
			"keine|keinerlei|keinen|kein|nie|niemals|genug|schluss|stopp|stop * sms|nachrichten|nachricht|werbung|texte|spam|" +
				"anrufe|mehr|meldungen|kontakt|werbenachrichten|newsletter|wieder",
			"nicht mehr|weiter|langer|nochmal|wieder * schreiben|anschreiben|kontaktieren|senden|schicken|anrufen|texten|" +
				"belastigen|zusenden|kontaktiert|geschrieben|zuschicken|erhalten|bekommen|melden|storen|nerven",
			"schreib|schreiben|schreibt|schick|schicken|schickt|senden|sendet|sende|kontaktieren|kontaktiert|belastigen|ruf|" +
				"rufen|rufe|textet|nerv|nervt|nerven * nicht|nie|keine|nichts",
			"will|mochte|wunsche|wollen|moechte|brauche|wunschen|wuensche|mochten * keine|nicht|nichts|raus|austreten|" +
				"abbestellen|abmelden|kundigen",
			"lasst|lassen|lass|bitte unterlassen|sein|es|das * sein", "unterlassen", "genug|schluss damit|jetzt|mit|davon",
			"nicht erwunscht|gewunscht",
			"stopp|stoppen|stoppt|beenden|beendet|einstellen die|diese|den|das|alle|bitte|sofort|mit|dem|der * sms|nachrichten|" +
				"versand|werbung|spam|sofort|abo|quatsch|scheiss|mist|sofort",
			"hor|horen|hort|hoer|hoeren|hoert * auf", "aufhoren|aufhoeren", "hore auf",
		}},
		{"abmelden", []string{
			"abmelden|abbestellen|abmeldung|austragen|abbestelle|abbestellung|kundige|kundigung",
			"entfernen|entferne|entfernt|loschen|losche|loscht|loeschen|loesche|streichen|streich|streicht|nehmen|nimm|nehmt|" +
				"tragen|trag|tragt|meldet|melde|melden|nehme sie? mich|meine|diese|uns|den|bitte",
			"mich|meine|uns * abmelden|entfernen|loschen|austragen|streichen|rausnehmen|runternehmen|loeschen",
			"aus|von dem|ihrem|ihrer|der|eurer|eurem|deiner|dieser|diesem verteiler|liste|kontaktliste|datenbank",
			"verteiler", "widerrufe|widerspreche|widerrufen|widerruf|widerspruch", "einwilligung * zuruck|widerrufen", "raus aus|hier",
			"abo|abonnement kundigen|beenden|loschen|stornieren",
		}},
		{"falsche Nummer", []string{
			"falsche|falscher|verkehrte|falschen nummer|person|adressat|empfanger|personen", "falsch verbunden", "verwahlt",
			"nicht meine|seine|mehr * nummer", "nummer * nicht mehr", "bin nicht der|die|diese|herr|frau",
		}},
		{"nie angemeldet", []string{
			"nie|nicht|niemals|nirgends * angemeldet|zugestimmt|bestellt|eingewilligt|registriert|abonniert|erlaubt|angefordert|" +
				"genehmigt",
			"ohne * einwilligung|zustimmung|erlaubnis",
		}},
		{"lass mich in Ruhe", []string{
			"in ruhe|frieden", "lass|lassen|lasst * mich|uns|ruhe", "verpiss|verpisst|verpissen|fick|fickt|fickst dich|euch|sich|sie",
			"halt|haltet|halts|halten die|das|s|dein|maul|fresse|klappe|den? maul|fresse|klappe|rand",
			"hau|haut|zieh|verzieh ab|leine|dich",
			"zeige|zeig|melde|verklage|sperre|blockiere|blockier|melden sie|euch|dich|das|diese|ihre|den|nummer",
			"anzeige erstatten|gegen|bei|erstatte|ist|folgt", "meinen|mein|meinem|dem|den anwalt|rechtsanwalt|polizei",
			"bundesnetzagentur", "leck|leckt mich", "schnauze", "polizei",
		}},
	}
}

func dutch() []rule {
	return []rule{
		{"geen sms meer", []string{
			"geen|niks|nooit|stop|genoeg * sms|smsjes|berichten|bericht|reclame|spam|berichtjes|appjes|meer|texts|telefoontjes|" +
				"contact|smsen|smsje|promo",
			"niet meer|langer|steeds|nog|verder * sturen|sms|appen|mailen|contact|bellen|berichten|smsen|ontvangen|lastigvallen|" +
				"krijgen|contacteren|storen|gestuurd|hebben|toe",
			"niet|nooit sturen|storen|smsen|bellen|contacteren|lastigvallen|lastig|appen",
			"stuur|stuurt|sturen|bel|belt|sms|app|mail|contacteer|bericht|schrijf|zend|val * niet|geen|nooit|niks",
			"hou|houd|houden|hou|kap|kappen|kappen|schei * op|mee|ermee|uit|met",
			"hou|houd|kap|stop|schei|stopt|stoppen * hiermee|ermee|mee|daarmee|alsjeblieft|aub|ajb|uit|met|berichten|sms|smsen|" +
				"sturen|spammen|dit",
			"wil|wens|wilt|willen|hoef|zou|wensen|wensen * geen|niet|niks|afmelden|uitschrijven|af|eraf", "niet * lastig",
			"val|vallen me|mij|ons niet? lastig", "basta|genoeg met|ervan|zo|hiervan",
		}},
		{"haal me van de lijst", []string{
			"haal|halen|verwijder|verwijderen|schrap|schrijf|gooi|wis|meld|zet|verwijdert|haalt|schrappen|wissen * me|mij|mijn|" +
				"ons|nummer|deze|dit|gegevens",
			"uitschrijven|afmelden|uitschrijving|afmelding|opzeggen|uitgeschreven|afgemeld",
			"van|uit de|jullie|deze|uw|je lijst|lijsten|bestand|verzendlijst|mailinglijst|database|maillijst",
			"abonnement opzeggen|stopzetten|stoppen|beeindigen|annuleren", "trek|intrekken * toestemming",
		}},
		{"verkeerd nummer", []string{
			"verkeerd|verkeerde|fout|foutief|foute|verkeert nummer|persoon|iemand|verbonden", "nummer * niet meer",
			"niet van|mijn|meer|zijn|haar * nummer", "ben niet|geen die|deze|de persoon",
		}},
		{"nooit aangemeld", []string{
			"nooit|niet|nergens * aangemeld|toestemming|ingeschreven|gevraagd|opgegeven|toegestemd|geabonneerd|akkoord",
			"zonder * toestemming",
		}},
		{"laat me met rust", []string{
			"met rust", "laat * met|rust", "rot|flikker|donder|sodemieter|pleur|opgerot|tief|lazer|oprotten toch|eens|nou|lekker? op",
			"rot * op", "oprotten", "bek|kop|smoel houden|dicht", "hou je|jullie bek|kop|smoel|mond", "aangifte",
			"klacht indienen|melden|in|bij",
			"ga|ik|zal jullie|je|dit|u|dit|melden|rapporteren|blokkeren|aangeven? rapporteren|aangeven|blokkeren|blokkeer|" +
				"rapporteer|aan|melden",
			"acm", "krijg de|het",
		}},
	}
}
