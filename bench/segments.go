package main

import (
	"context"
	"errors"
	"time"
	"unicode/utf16"

	"trackly/rules/segment"
)

// corpus is what affiliates send: mostly GSM-7, some with accents, curly quotes, emoji
// and other alphabets.
func corpus() []string {
	return []string{
		"Acme: Hi Pat, your car quote is ready. Compare it here: https://a.co/abc1234 Reply STOP to opt out",
		"Last day: 20% off with code SAVE20. Order now {limited} ~ https://a.co/Zx81kQ2 Reply STOP to opt out",
		"Your parcel is on its way. Track it: https://a.co/qW3rTy7",
		"Señor García, su cotización está lista: https://a.co/abc1234 Responda STOP para salir",
		"Hi Pat, it’s here — the “big” sale you waited for… https://a.co/abc1234 Reply STOP to opt out",
		"🎉 You won a spin 🎰 tap to play 👨‍👩‍👧‍👦 https://a.co/abc1234 Reply STOP to opt out",
		"Ваш заказ готов к выдаче, подробности по ссылке: https://a.co/abc1234",
		"A longer text tells the whole story in several segments, as some offers need a disclosure. Rates from 3.9% APR, subject to credit approval, terms apply, " +
			"not available in all states. See if you qualify in two minutes with no effect on your score: https://a.co/abc1234 Msg&data rates may apply. Reply STOP to opt out",
	}
}

var errNothing = errors.New("nothing was counted")

// segments is nanoseconds a text.
func segments(ctx context.Context, m *machine) (Result, error) {
	texts, passes := corpus(), m.size(200_000)
	timed := func(count func(string) int) func(context.Context) (float64, error) {
		return func(context.Context) (float64, error) {
			total, began := 0, time.Now()
			for range passes {
				for _, t := range texts {
					total += count(t)
				}
			}
			ns := float64(time.Since(began).Nanoseconds()) / float64(passes*len(texts))
			if total == 0 { // also keeps the compiler from leaving the work out
				return 0, errNothing
			}
			return ns, nil
		}
	}
	r, err := alternate(ctx, m.o.rounds,
		timed(func(t string) int { return segment.Of(t).Segments }),
		timed(func(t string) int { return len(utf16.Encode([]rune(t))) }))
	r.Unit, r.Want, r.BaselineIs = "ns/text", "< 1", "utf16.Encode([]rune(text)) of the same texts, GSM-7 and Unicode mixed"
	return r, err
}
