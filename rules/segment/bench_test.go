package segment_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"trackly/rules/segment"
)

// BenchmarkOf stands beside the baseline a careless counter would pay: turning the same
// text into UTF-16 units.
func BenchmarkOf(b *testing.B) {
	for name, text := range map[string]string{
		"gsm one segment":     strings.Repeat("Save 20% today ", 10),
		"gsm three segments":  strings.Repeat("Save 20% today ", 30),
		"gsm with escapes":    strings.Repeat("Save {20} today", 30),
		"unicode one segment": "It’s here: save 20% today, only while it lasts 👍",
		"unicode long":        strings.Repeat("It’s here 👍 save 20% ", 15),
		"cyrillic long":       strings.Repeat("скидка сегодня ", 15),
		"unicode families":    strings.Repeat("👨‍👩‍👧‍👦 🇩🇪 ", 12),
	} {
		b.Run(name+"/count", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				segment.Of(text)
			}
		})
		b.Run(name+"/utf16 baseline", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				utf16.Encode([]rune(text))
			}
		})
	}
}
