package api

import (
	"fmt"
	"strings"

	"trackly/rules/price"
	"trackly/rules/segment"
)

// previewView is a text as a phone will show it, and what it costs.
type previewView struct {
	Text     string      `json:"text" doc:"With the list's brand and opt-out line."`
	Encoding string      `json:"encoding" enum:"GSM-7,UCS-2" doc:"One character outside GSM-7 makes the whole text Unicode (UCS-2)."`
	Units    int         `json:"units" doc:"Septets in GSM-7, UTF-16 units in UCS-2."`
	Segments int         `json:"segments" doc:"What is billed."`
	Left     int         `json:"units_left" doc:"Units before one more segment is billed."`
	Forced   *forcedView `json:"forced_unicode,omitempty" doc:"The first character that is not in GSM-7."`
	Price    moneyView   `json:"price" doc:"Of this one text, in the first tier of the price list."`
	Missing  []string    `json:"missing_fields,omitempty" doc:"Fields this contact has no value for, and the text no fallback."`
	Unknown  []string    `json:"unknown_fields,omitempty" doc:"Fields the account does not have; a creative with them cannot be saved."`
}

type forcedView struct {
	Character string `json:"character"`
	CodePoint string `json:"code_point" example:"U+2019"`
	Position  int    `json:"position" doc:"In characters, from 1."`
}

type moneyView struct {
	Micros   int64  `json:"amount_micros" doc:"In millionths of the currency's unit." example:"4500"`
	Currency string `json:"currency" example:"USD"`
	Decimal  string `json:"decimal" doc:"The same amount, for reading." example:"0.0045"`
}

func moneyIn(m price.Micros, currency string) moneyView {
	return moneyView{Micros: int64(m), Currency: currency, Decimal: m.String()}
}

func (s *Server) previewViewOf(text string, absent []string, currency string) previewView {
	c := segment.Of(text)
	v := previewView{
		Text: text, Encoding: string(c.Encoding), Units: c.Units, Segments: c.Segments, Left: c.Left(),
		Price: moneyIn(s.prices.Cost(0, int64(c.Segments)), currency), Missing: absent,
	}
	if c.Forced != 0 {
		v.Forced = &forcedView{
			Character: strings.ToValidUTF8(string(c.Forced), "\uFFFD"), CodePoint: fmt.Sprintf("U+%04X", c.Forced), Position: c.ForcedAt + 1,
		}
	}
	return v
}
