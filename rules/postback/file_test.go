package postback_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/rules/postback"
)

// rowsOf are what is read of a file: transactions, and why lines were refused.
func rowsOf(t *testing.T, text string) (out []string) {
	t.Helper()
	f, err := postback.NewFile(strings.NewReader(text), postback.Terms{})
	require.NoError(t, err)
	for {
		row, err := f.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		if row.Err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(row.Err))
			out = append(out, "refused")
			continue
		}
		out = append(out, row.Event.Kind+" "+row.Event.TransactionID)
	}
}

func TestAFileIsReadByItsHeader(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"commas":          "transaction_id,event,amount\nA,lead,1\nB,,2\n",
		"semicolons":      "Transaction-ID;Kind;x\r\nA;lead;1\r\nB;sale;,\r\n",
		"tabs and a mark": "\uFEFFtid\tgoal\nA\tlead\n\nB\n",
		"quotes":          "\"transaction_id\",\"event\"\n\"A\",\"lead\"\n\"B\",\"\"",
	} {
		require.Equal(t, []string{"lead A", "sale B"}, rowsOf(t, text), name)
	}
}

func TestABadLineSpoilsNoOther(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"sale A", "refused", "refused", "refused", "refused", "sale C"},
		rowsOf(t, "tid,amount\nA,1\nB,-1\nB,1,2\nB\"x,1\n,1\nC,1\n"))
}

func TestWhatIsNoFileOfConversions(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n", "phone,first_name\n1,2\n", "amount\n1\n", "tid,TID\n1,2\n", "a\"b,c\n", strings.Repeat("x,", 70) + "tid\n"} {
		_, err := postback.NewFile(strings.NewReader(text), postback.Terms{})
		require.Error(t, err, text)
		require.Equal(t, fault.Invalid, fault.KindOf(err), text)
	}
	broken := errors.New("gone")
	_, err := postback.NewFile(io.MultiReader(strings.NewReader("tid"), failing{broken}), postback.Terms{})
	require.ErrorIs(t, err, broken)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func FuzzFile(f *testing.F) {
	f.Add("transaction_id,amount\nA,1\n\"B\n")
	f.Add("\uFEFFtid;price\n1;2;3\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := postback.NewFile(strings.NewReader(text), postback.Terms{})
		for last := 0; err == nil; {
			var row postback.Row
			if row, err = file.Next(); err != nil {
				break
			}
			if row.Line <= last && row.Err == nil {
				t.Fatalf("line %d comes behind line %d", row.Line, last)
			}
			if row.Err == nil && row.Event.TransactionID == "" {
				t.Fatal("a row without a transaction")
			}
			last = row.Line
		}
		if !errors.Is(err, io.EOF) && fault.KindOf(err) != fault.Invalid {
			t.Fatal(err)
		}
	})
}
