package optout

// lookAlikes are letters that look like Latin ones or stand for them, as phone keyboards
// of other scripts and "fancy text" apps write them. The pairs are those of Unicode's
// confusables (UTS 39) that can spell a keyword. A text really written in Cyrillic or
// Greek turns into letters that spell nothing.
var lookAlikes = map[rune]string{
	// Latin letters without a decomposition.
	'ß': "ss", 'ẞ': "ss", 'ø': "o", 'Ø': "o", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ł': "l", 'Ł': "l", 'ı': "i", 'đ': "d", 'ŧ': "t",
	// Cyrillic.
	'А': "a", 'В': "b", 'Е': "e", 'К': "k", 'М': "m", 'Н': "h", 'О': "o", 'Р': "p", 'С': "c", 'Т': "t", 'У': "y", 'Х': "x", 'П': "p", 'п': "p",
	'а': "a", 'е': "e", 'о': "o", 'р': "p", 'с': "c", 'т': "t", 'у': "y", 'х': "x", 'к': "k", 'м': "m",
	'Ѕ': "s", 'ѕ': "s", 'І': "i", 'і': "i", 'Ј': "j", 'ј': "j", 'Ԛ': "q", 'ԛ': "q", 'ԁ': "d", 'һ': "h", 'ӏ': "l", 'Ӏ': "l", 'ѵ': "v",
	// Greek.
	'Α': "a", 'Β': "b", 'Ε': "e", 'Ζ': "z", 'Η': "h", 'Ι': "i", 'Κ': "k", 'Μ': "m", 'Ν': "n", 'Ο': "o", 'Ρ': "p", 'Τ': "t", 'Υ': "y", 'Χ': "x",
	'α': "a", 'ο': "o", 'ρ': "p", 'τ': "t", 'ι': "i", 'κ': "k", 'ν': "v", 'υ': "u", 'σ': "s", 'Σ': "s", 'ς': "s", 'π': "p", 'Π': "p", 'ε': "e", 'η': "n", 'ϲ': "c", 'Ϲ': "c",
	// Armenian.
	'օ': "o", 'Օ': "o", 'ս': "u", 'ո': "n", 'Տ': "s",
	// Small capitals.
	'ᴀ': "a", 'ʙ': "b", 'ᴄ': "c", 'ᴅ': "d", 'ᴇ': "e", 'ɪ': "i", 'ᴋ': "k", 'ʟ': "l", 'ᴍ': "m", 'ɴ': "n", 'ᴏ': "o", 'ᴘ': "p", 'ʀ': "r", 'ꜱ': "s",
	'ᴛ': "t", 'ᴜ': "u", 'ᴠ': "v", 'ʏ': "y",
	// White letters on black ground, of those words' letters.
	'🅢': "s", '🅣': "t", '🅞': "o", '🅟': "p", '🆂': "s", '🆃': "t", '🅾': "o", '🅿': "p", '🅔': "e", '🅝': "n", '🅓': "d",
}
