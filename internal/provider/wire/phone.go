package wire

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	sender  = regexp.MustCompile(`^(\+[1-9][0-9]{6,14}|[0-9]{3,8})$`)
	foreign = regexp.MustCompile(`^[1-9][0-9]{7,14}$`)
	word    = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,32}$`)
)

// IsSender reports whether texts can come from it: an E.164 number or a short code.
func IsSender(from string) bool { return sender.MatchString(from) }

// Digits is an E.164 number without its plus.
func Digits(phone string) string { return strings.TrimPrefix(phone, "+") }

// Phone gives a number from a webhook the plus that E.164 wants. Short codes and names
// stay as they are: a plus would make them somebody's number.
func Phone(raw string) string {
	bare := strings.TrimPrefix(raw, "00")
	if foreign.MatchString(bare) {
		return "+" + bare
	}
	return raw
}

// Own is our message id in a field the provider keeps for us, 0 when it is not one of
// ours.
func Own(s string) int64 {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

// Word is s when it is like a code or a status word, or else nothing: it is shown, and
// counted by name.
func Word(s string) string {
	if word.MatchString(s) {
		return s
	}
	return ""
}
