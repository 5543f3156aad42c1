package wire

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnlyPhonesGetAPlus(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"12125550123":      "+12125550123",
		"0012125550123":    "+12125550123",
		"+12125550123":     "+12125550123",
		"12345":            "12345",
		"02125550123":      "02125550123",
		"Acme":             "Acme",
		"":                 "",
		"1234567890123456": "1234567890123456",
	} {
		require.Equal(t, want, Phone(raw), raw)
	}
	require.Equal(t, "12125550123", Digits("+12125550123"))
}

func TestSendersAreNumbersOrShortCodes(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]bool{
		"+15005550006": true, "12345": true, "": false, "Acme": false, "15005550006": false, "+0123456789": false,
	} {
		require.Equal(t, want, IsSender(from), from)
	}
}

func TestOnlyDecimalIDsAreOurs(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int64{"42": 42, "": 0, "-42": 0, "4f": 0, "99999999999999999999": 0} {
		require.Equal(t, want, Own(s), s)
	}
}

func TestAWordIsShortAndPlain(t *testing.T) {
	t.Parallel()
	require.Equal(t, "DLR_UNKNOWN", Word("DLR_UNKNOWN"))
	for _, s := range []string{"", "two words", "<b>", "+1 212 555 0123", "abcdefghijklmnopqrstuvwxyzabcdefg"} {
		require.Empty(t, Word(s), s)
	}
}
