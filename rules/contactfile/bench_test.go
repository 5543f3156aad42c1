package contactfile_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"trackly/rules/contactfile"
)

// large is a file of 200,000 rows, as like a bought list as can be made up.
func large() string {
	var text strings.Builder
	text.WriteString("phone,first_name,last_name,state,plan,signed_up,age\n")
	for i := range largeRows {
		line := fmt.Sprintf("%07d", i)
		fmt.Fprintf(&text, "2125%s,Ann,Lee,NY,%s,2026-%02d-%02d,%d\n",
			line[1:], [...]string{"auto", "home", "life"}[i%3], 1+i%12, 1+i%28, 18+i%70)
	}
	return text.String()
}

const largeRows = 200_000

func BenchmarkNext(b *testing.B) {
	text := large()
	b.ReportAllocs()
	for b.Loop() {
		n, err := drain(strings.NewReader(text))
		if err != nil || n != largeRows {
			b.Fatal(n, err)
		}
	}
	perRow(b)
}

// BenchmarkCSV is what encoding/csv alone takes of it.
func BenchmarkCSV(b *testing.B) {
	text := large()
	b.ReportAllocs()
	for b.Loop() {
		c := csv.NewReader(strings.NewReader(text))
		c.ReuseRecord = true
		for {
			if _, err := c.Read(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
	perRow(b)
}

func perRow(b *testing.B) {
	b.Helper()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(largeRows)/float64(b.N), "ns/row")
}

// BenchmarkPropose looks at a full head.
func BenchmarkPropose(b *testing.B) {
	head := []byte(large()[:contactfile.HeadBytes])
	for b.Loop() {
		if _, err := contactfile.Propose(head, "US", nil); err != nil {
			b.Fatal(err)
		}
	}
}
