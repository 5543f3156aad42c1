package infobip

import (
	"strconv"

	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// frame is what every text of an account has in common, written as JSON once. A
// request is written by hand: it is the only work that grows with every text.
type frame struct{ head, tail, prefix string }

func frameOf(a provider.Account) frame {
	head := append([]byte(`{"sender":`), wire.AppendString(nil, wire.Digits(a.From))...)
	tail := `,"webhooks":{`
	if a.StatusURL != "" {
		tail += `"delivery":{"url":` + string(wire.AppendString(nil, a.StatusURL)) + `},`
	}
	return frame{
		prefix: a.Prefix,
		head:   string(head) + `,"destinations":[{"to":"`,
		tail:   tail + `"contentType":"application/json","callbackData":"`,
	}
}

// append writes one message for every text: a destination of its own gets a message id
// of its own, by which Infobip refuses the same text twice.
func (f frame) append(b []byte, outs []provider.Outgoing) []byte {
	b = append(b, `{"messages":[`...)
	for i, out := range outs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, f.head...)
		b = append(b, wire.Digits(out.To)...)
		b = append(b, `","messageId":"`...)
		b = append(b, f.prefix...)
		b = strconv.AppendInt(b, out.MessageID, 10)
		b = append(b, `"}],"content":{"text":`...)
		b = wire.AppendString(b, out.Body)
		b = append(b, '}')
		b = append(b, f.tail...)
		b = strconv.AppendInt(b, out.MessageID, 10)
		b = append(b, `"}}`...)
	}
	return append(b, `]}`...)
}

// id is the message id under which Infobip knows a text of ours.
func (f frame) id(message int64) string { return f.prefix + strconv.FormatInt(message, 10) }

// size is about how many bytes a request takes, so that it is allocated once.
func (f frame) size(outs []provider.Outgoing) int {
	n := 32
	for _, out := range outs {
		n += len(f.head) + len(f.tail) + len(out.To) + len(out.Body) + len(out.Body)/8 + 96
	}
	return n
}
