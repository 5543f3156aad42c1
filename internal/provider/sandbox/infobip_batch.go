package sandbox

import (
	"strconv"
	"strings"
)

// infobipBatch is one request on its way to its answer.
type infobipBatch struct {
	s              *Sandbox
	f              *Faults
	account, token string
	bulk           string
	recs           []Record      // accepted
	items          []infobipItem // every destination, in the order asked
}

// infobipItem is what becomes of one destination.
type infobipItem struct {
	id, to string
	status int
	parts  int
}

// judge decides on every destination of a message.
func (b *infobipBatch) judge(m *infobipMessage) {
	parts := segments(m.Content.Text)
	rec := Record{
		Provider: Infobip, Account: b.account, Token: b.token, BulkID: b.bulk, From: international(m.Sender), Body: m.Content.Text,
		CallbackData: m.Webhooks.CallbackData, Intermediate: m.Webhooks.Delivery.Intermediate, StatusURL: m.Webhooks.Delivery.URL,
	}
	for i := range m.Destinations {
		d := &m.Destinations[i]
		rec.To, rec.Reference, rec.MessageID = international(strings.TrimPrefix(d.To, "+")), d.MessageID, trailingNumber(d.MessageID)
		rec.SID = d.MessageID
		if rec.SID == "" {
			rec.SID = b.s.newID(Infobip)
		}
		item := infobipItem{id: rec.SID, to: d.To, status: b.verdict(&rec, parts), parts: parts}
		b.items = append(b.items, item)
		if item.status == infobipAccepted {
			b.recs = append(b.recs, rec)
		}
	}
}

// verdict is the status of one destination. An id is spent only by a text that is
// accepted.
func (b *infobipBatch) verdict(rec *Record, parts int) int {
	switch {
	case rec.To == "":
		return 51
	case !phoneForm.MatchString(rec.To):
		return 52
	case parts > infobipParts:
		return 25
	}
	if class := b.s.objection(b.f, rec.From, rec.To); class != "" {
		return infobipRefusals[class]
	}
	if !b.s.book.claim(rec.key()) {
		return infobipDuplicate
	}
	return infobipAccepted
}

// answer is the body of the 200: refused destinations are in it too.
func (b *infobipBatch) answer() []byte {
	out := make([]byte, 0, 256*(len(b.items)+1))
	out = appendField(out, `{"bulkId":`, b.bulk)
	out = append(out, `,"messages":[`...)
	for i := range b.items {
		it := &b.items[i]
		if i > 0 {
			out = append(out, ',')
		}
		out = appendField(out, `{"messageId":`, it.id)
		out = appendField(out, `,"destination":`, it.to)
		out = appendInfobipStatus(append(out, `,"status":`...), it.status)
		out = append(out, `,"details":{"messageCount":`...)
		out = append(strconv.AppendInt(out, int64(it.parts), 10), `}}`...)
	}
	return append(out, `]}`...)
}
