package cm

import (
	"strconv"
	"strings"

	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// frame is what every request and every text of an account have in common, written as
// JSON once. A request is written by hand: it is the only work that grows with every
// text.
type frame struct{ head, text string }

func frameOf(a provider.Account) frame {
	return frame{
		head: `{"messages":{"authentication":{"productToken":` + string(wire.AppendString(nil, a.Token)) + `},"msg":[`,
		text: `{"allowedChannels":["SMS"],"from":` + string(wire.AppendString(nil, wire.Digits(a.From))) + `,"to":[{"number":"`,
	}
}

// append writes one msg for every text, each with one recipient: the reference, by
// which reports find the message, belongs to the msg.
func (f frame) append(b []byte, outs []provider.Outgoing) []byte {
	b = append(b, f.head...)
	for i, out := range outs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, f.text...)
		b = append(b, international(out.To)...)
		b = append(b, `"}],"body":{"type":"auto","content":`...)
		b = wire.AppendString(b, out.Body)
		b = append(b, `},"minimumNumberOfMessageParts":1,"maximumNumberOfMessageParts":8,"reference":"`...)
		b = strconv.AppendInt(b, out.MessageID, 10)
		b = append(b, `"}`...)
	}
	return append(b, `]}}`...)
}

// size is about how many bytes a request takes, so that it is allocated once.
func (f frame) size(outs []provider.Outgoing) int {
	n := len(f.head) + 16
	for _, out := range outs {
		n += len(f.text) + len(out.To) + len(out.Body) + len(out.Body)/8 + 160
	}
	return n
}

// international is how CM writes a phone: 00 for the plus.
func international(phone string) string {
	if digits, ok := strings.CutPrefix(phone, "+"); ok {
		return "00" + digits
	}
	return phone
}
