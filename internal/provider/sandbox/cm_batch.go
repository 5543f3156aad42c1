package sandbox

import "strconv"

// cmBatch is one request on its way to its answer.
type cmBatch struct {
	s              *Sandbox
	f              *Faults
	account, token string
	recs           []Record // accepted
	items          []cmItem // every phone, in the order asked
}

// cmItem is what becomes of one phone.
type cmItem struct {
	to, reference string
	parts, code   int
}

// judge decides on every phone of a message. The same reference twice is two texts:
// CM does not look.
func (b *cmBatch) judge(m *cmMessage) {
	parts := segments(m.Body.Content)
	rec := Record{
		Provider: CM, Account: b.account, Token: b.token, From: international(m.From), Body: m.Body.Content,
		Reference: m.Reference, MessageID: trailingNumber(m.Reference),
	}
	if len(m.To) == 0 {
		b.items = append(b.items, cmItem{reference: m.Reference, parts: parts, code: 302})
	}
	for i := range m.To {
		raw := m.To[i].Number
		rec.To = international(raw)
		item := cmItem{to: raw, reference: m.Reference, parts: parts, code: b.verdict(m, &rec, raw, parts)}
		b.items = append(b.items, item)
		if item.code == cmOK {
			rec.SID = b.s.newID(CM)
			b.recs = append(b.recs, rec)
		}
	}
}

func (b *cmBatch) verdict(m *cmMessage, rec *Record, raw string, parts int) int {
	switch {
	case !cmSender.MatchString(m.From):
		return cmFrom
	case !cmNumber.MatchString(raw):
		return cmMSISDN
	case m.Body.Content == "", parts > or(m.MaxParts, cmParts):
		return cmBody
	case !cmReference.MatchString(m.Reference):
		return cmField
	}
	return cmRefusals[b.s.objection(b.f, rec.From, rec.To)] // no objection is 0
}

// answer is the body of the 200. When one text of many was refused, its code is 201.
func (b *cmBatch) answer() []byte {
	code, refused := cmOK, len(b.items)-len(b.recs)
	words := "Created " + strconv.Itoa(len(b.recs)) + " message(s)"
	if refused > 0 {
		code, words = cmPartly, words+", "+strconv.Itoa(refused)+" refused"
	}
	out := appendField(make([]byte, 0, 192*(len(b.items)+1)), `{"details":`, words)
	out = strconv.AppendInt(append(out, `,"errorCode":`...), int64(code), 10)
	out = append(out, `,"messages":[`...)
	for i := range b.items {
		if i > 0 {
			out = append(out, ',')
		}
		out = b.items[i].append(out)
	}
	return append(out, `]}`...)
}

func (it *cmItem) append(b []byte) []byte {
	status, words := `,"status":"Accepted","reference":`, ""
	if it.code != cmOK {
		status, words = `,"status":"Rejected","reference":`, "The sandbox refused the text"
	}
	b = appendField(b, `{"to":`, it.to)
	b = appendField(b, status, it.reference)
	b = strconv.AppendInt(append(b, `,"parts":`...), int64(it.parts), 10)
	if words == "" {
		b = append(b, `,"messageDetails":null`...)
	} else {
		b = appendField(b, `,"messageDetails":`, words)
	}
	b = strconv.AppendInt(append(b, `,"messageErrorCode":`...), int64(it.code), 10)
	return append(b, '}')
}
