package phonefile_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/rules/phonefile"
)

func read(body string) (phones, refused []string, err error) {
	r := phonefile.NewReader(strings.NewReader(body), "US")
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return phones, refused, nil
		}
		if err != nil {
			return phones, refused, err
		}
		if row.Message != "" {
			refused = append(refused, row.Value+": "+row.Message)
			continue
		}
		phones = append(phones, row.Phone.E164)
	}
}

func TestPhonesAreReadOneALineOrFromTheirColumn(t *testing.T) {
	t.Parallel()
	both := []string{"+12125550101", "+442079460000"}
	for name, body := range map[string]string{
		"one a line":               "(212) 555-0101\n+442079460000\n",
		"without an end":           "+12125550101\r\n\r\n+442079460000",
		"with a header":            "phone\n2125550101\n+442079460000\n",
		"in a column":              "name,Phone Number,why\nAnn,2125550101,x\nBob,+442079460000,\n",
		"with semicolons":          "name;mobile\nAnn;2125550101\nBob;+442079460000\n",
		"with tabs":                "msisdn\tname\n2125550101\tAnn\n+442079460000\n",
		"quoted":                   "name,phone\n\"Ann, A\",\"(212) 555-0101\"\nBob,\"+442079460000\"\n",
		"with a mark at its start": "\xef\xbb\xbfphone\n+12125550101\n+442079460000\n",
		"with bad cells beside it": "consent_date,phone\nyesterday,+12125550101\n\xff,+442079460000\n",
	} {
		phones, refused, err := read(body)
		require.NoError(t, err, name)
		require.Equal(t, both, phones, name)
		require.Empty(t, refused, name)
	}
}

func TestALineThatIsNoPhoneIsRefusedAndTheRestIsRead(t *testing.T) {
	t.Parallel()
	phones, refused, err := read("name,phone\nAnn,12\nBob\n\"Eve,+12125550101\nZoë,+12125550102\n")
	require.NoError(t, err)
	require.Equal(t, []string{"+12125550102"}, phones)
	require.Len(t, refused, 3)
	phones, refused, err = read("hello\n+12125550102\n")
	require.NoError(t, err, "a word alone is a bad phone, not a header")
	require.Len(t, phones, 1)
	require.Len(t, refused, 1)
}

func TestWhatIsNoFileOfPhonesIsRefused(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"name,town\nAnn,Bath\n":          "names no column",
		"p\x00h\x00o\x00n\x00e\x00\n":    "NUL",
		strings.Repeat("1", 17<<10):      "longer than",
		strings.Repeat("1\n", 1_000_002): "more than 1000000",
	} {
		_, _, err := read(body)
		require.Equal(t, fault.Invalid, fault.KindOf(err))
		require.ErrorContains(t, err, want)
	}
	broken := errors.New("connection reset")
	_, err := phonefile.NewReader(iotest.ErrReader(broken), "US").Next()
	require.ErrorIs(t, err, broken)
}

func FuzzReader(f *testing.F) {
	f.Add("phone\n+12125550101\n")
	f.Add("a;b;\"phone\"\n1;2;\"3\n\n\xff")
	f.Fuzz(func(t *testing.T, body string) {
		phones, refused, err := read(body)
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Fatalf("a reader that never fails: %v", err)
		}
		for _, p := range phones {
			if !strings.HasPrefix(p, "+") {
				t.Fatalf("%q is not E.164", p)
			}
		}
		for _, r := range refused {
			if !utf8.ValidString(r) || strings.ContainsRune(r, 0) {
				t.Fatalf("%q cannot be shown", r)
			}
		}
	})
}
