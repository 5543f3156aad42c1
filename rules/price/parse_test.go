package price_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/internal/fault"
	"trackly/rules/price"
)

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := price.Micros(rapid.Int64().Draw(t, "micros"))
		got, err := price.Parse(m.String())
		require.NoError(t, err)
		require.Equal(t, m, got)
	})
}

func TestPlainDecimalsAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]price.Micros{
		"12.50": 12_500_000, "12": 12_000_000, ".5": 500_000, "0": 0, "-3.00": -3_000_000, "-0": 0, "007.1": 7_100_000,
		"1.2300000000": 1_230_000, "0.000001": 1, "9223372036854.775807": 1<<63 - 1, "-9223372036854.775808": -1 << 63,
	} {
		got, err := price.Parse(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
}

func TestNothingIsGuessedOrRounded(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", ".", "-", "-.", "1.", "--1", "+1", "1,5", "1,000.00", "$5", "5 USD", " 1", "1e3", "0x10", "NaN", "Inf", "1.2.3", "1_000",
		"0.0000001", "9223372036854.775808", "-9223372036854.775809", "١", strings.Repeat("1", 41), "1\x00",
	} {
		_, err := price.Parse(text)
		require.Error(t, err, "%q", text)
		require.Equal(t, fault.Invalid, fault.KindOf(err), "%q", text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("12.50")
	f.Add("-.000001")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := price.Parse(text)
		if err != nil {
			return
		}
		if again, err := price.Parse(m.String()); err != nil || again != m {
			t.Fatalf("%q is %s, which is read as %s", text, m, again)
		}
	})
}
