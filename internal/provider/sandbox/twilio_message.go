package sandbox

import (
	"encoding/json"
	"strconv"
	"time"
)

// view is a text at one moment.
type view struct {
	Record
	seq     int
	status  string
	code    int
	updated time.Time
	sent    time.Time
}

// viewOf wants the book's lock held for reading.
func (b *book) viewOf(t *text) view {
	return view{Record: t.Record, seq: t.seq, status: t.status, code: t.code, updated: t.updated, sent: t.sent}
}

// appendMessage writes a message resource. It is by hand because benchmarks measure
// the sender and not this server's JSON.
func appendMessage(b []byte, v view) []byte {
	b = appendField(b, `{"account_sid":`, v.Account)
	b = appendField(b, `,"body":`, v.Body)
	b = appendTime(b, `,"date_created":`, v.At)
	b = appendTime(b, `,"date_updated":`, v.updated)
	b = appendTime(b, `,"date_sent":`, v.sent)
	b = append(b, `,"direction":"outbound-api","error_code":`...)
	if v.code == 0 {
		b = append(b, "null"...)
	} else {
		b = strconv.AppendInt(b, int64(v.code), 10)
	}
	b = appendField(b, `,"error_message":null,"from":`, v.From)
	b = append(b, `,"messaging_service_sid":null,"num_media":"0","num_segments":"`...)
	b = strconv.AppendInt(b, int64(v.Segments), 10)
	b = appendField(b, `","price":null,"price_unit":"USD","api_version":"2010-04-01","sid":`, v.SID)
	b = appendField(b, `,"status":`, v.status)
	b = appendField(b, `,"to":`, v.To)
	b = appendField(b, `,"uri":`, "/2010-04-01/Accounts/"+v.Account+"/Messages/"+v.SID+".json")
	return append(b, `,"subresource_uris":{}}`...)
}

func appendField(b []byte, key, value string) []byte { return appendString(append(b, key...), value) }

// appendTime writes a moment as Twilio does, to the second and in GMT.
func appendTime(b []byte, key string, at time.Time) []byte {
	b = append(b, key...)
	if at.IsZero() {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = at.UTC().AppendFormat(b, time.RFC1123Z)
	return append(b, '"')
}

// appendString writes a JSON string; plain ASCII, which most are, without reflection.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // a string always can be
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
