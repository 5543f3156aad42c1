package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

func (telnyx) failure(class string) int         { return telnyxFailures[class] }
func (telnyx) announces(_ *text, _ string) bool { return true }
func (telnyx) bucket() int                      { return 1 }

// telnyxStatuses are the words for one recipient.
var telnyxStatuses = map[string]string{queued: "queued", sent: "sent", delivered: "delivered", undelivered: "delivery_failed"}

func (d telnyx) status(batch []*step, address string, tries int) parcel {
	st := batch[0]
	event := "message.finalized"
	if st.status == sent {
		event = "message.sent"
	}
	r := &st.text.Record
	b := appendTelnyxEvent(nil, event, r.SID, st.at)
	b = appendTelnyx(b, r, st.status, st.code, st.at)
	return d.parcel(address, b, tries)
}

func (d telnyx) inbound(n Number, r Reply, _ string, tries int) parcel {
	b := appendTelnyxEvent(nil, "message.received", r.SID, r.At)
	b = appendField(b, `{"record_type":"message","direction":"inbound","id":`, r.SID)
	b = appendField(b, `,"type":"SMS","from":{"phone_number":`, r.Phone)
	b = appendField(b, `,"carrier":"","line_type":""},"to":[{"phone_number":`, r.Number)
	b = appendField(b, `,"status":"webhook_delivered","carrier":"","line_type":""}],"text":`, r.Body)
	b = strconv.AppendInt(append(b, `,"parts":`...), int64(segments(r.Body)), 10)
	b = append(r.At.AppendFormat(append(b, `,"received_at":"`...), time.RFC3339Nano), `","errors":[]}`...)
	return d.parcel(n.InboundURL, b, tries)
}

// appendTelnyxEvent opens the envelope of a webhook. The event's id is the same
// whenever it is told: receivers know a duplicate by it.
func appendTelnyxEvent(b []byte, event, id string, at time.Time) []byte {
	sum := sha256.Sum256([]byte(event + " " + id))
	b = appendField(b, `{"data":{"record_type":"event","event_type":`, event)
	b = appendField(b, `,"id":`, dashed(hex.EncodeToString(sum[:16])))
	b = at.UTC().AppendFormat(append(b, `,"occurred_at":"`...), time.RFC3339Nano)
	return append(b, `","payload":`...)
}

// appendTelnyx writes a message resource, as it is answered, looked up and posted.
func appendTelnyx(b []byte, r *Record, status string, code int, at time.Time) []byte {
	b = appendField(b, `{"record_type":"message","direction":"outbound","id":`, r.SID)
	b = appendField(b, `,"type":"SMS","from":{"phone_number":`, r.From)
	b = appendField(b, `,"carrier":"","line_type":""},"to":[{"phone_number":`, r.To)
	b = appendField(b, `,"status":`, telnyxStatuses[status])
	b = appendField(b, `,"carrier":"","line_type":""}],"text":`, r.Body)
	b = strconv.AppendInt(append(b, `,"parts":`...), int64(r.Segments), 10)
	encoding := `,"encoding":"GSM-7"`
	if !isGSM(r.Body) {
		encoding = `,"encoding":"UCS-2"`
	}
	b = appendField(append(b, encoding...), `,"webhook_url":`, r.StatusURL)
	b = appendMoment(b, `,"received_at":`, r.At)
	if status == queued {
		at = time.Time{}
	}
	b = appendMoment(b, `,"sent_at":`, at)
	if status == sent {
		at = time.Time{}
	}
	b = appendMoment(b, `,"completed_at":`, at)
	b = append(b, `,"errors":[`...)
	if code != 0 {
		title := telnyxTitles[code].title
		b = appendField(b, `{"code":`, strconv.Itoa(code))
		b = append(appendField(appendField(b, `,"title":`, title), `,"detail":`, title), '}')
	}
	return append(b, `]}`...)
}

// appendMoment writes a time as encoding/json does, or null.
func appendMoment(b []byte, key string, at time.Time) []byte {
	if at.IsZero() {
		return append(append(b, key...), "null"...)
	}
	b = append(append(b, key...), '"')
	return append(at.UTC().AppendFormat(b, time.RFC3339Nano), '"')
}
