package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// infobipTime is not RFC 3339: the zone has no colon.
const infobipTime = "2006-01-02T15:04:05.000-0700"

const infobipAgent = "Infobip/1.0"

func (infobip) failure(class string) int { return infobipFailures[class] }

// announces leaves out what the request did not ask for.
func (infobip) announces(t *text, status string) bool { return status != sent || t.Intermediate }

func (infobip) bucket() int { return 100 }

func (infobip) status(batch []*step, address string, _ int) parcel {
	b := append(make([]byte, 0, 640*len(batch)), `{"results":[`...)
	for i, st := range batch {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendReport(b, &st.text.Record, st.status, st.code, st.at)
	}
	return jsonParcel(address, infobipAgent, append(b, `]}`...))
}

// appendReport writes a delivery report. Logs have the same form.
func appendReport(b []byte, r *Record, status string, code int, at time.Time) []byte {
	b = appendField(b, `{"bulkId":`, r.BulkID)
	b = appendField(b, `,"messageId":`, r.SID)
	b = appendField(b, `,"to":`, plain(r.To))
	b = appendField(b, `,"sender":`, plain(r.From))
	b = r.At.AppendFormat(append(b, `,"sentAt":"`...), infobipTime)
	b = append(b, '"')
	if status != queued {
		b = append(at.AppendFormat(append(b, `,"doneAt":"`...), infobipTime), '"')
	}
	b = strconv.AppendInt(append(b, `,"messageCount":`...), int64(r.Segments), 10)
	b = append(b, `,"mccMnc":"310260","price":{"pricePerMessage":0.0045,"currency":"USD"},"status":`...)
	b = appendInfobipStatus(b, infobipStatus(status, code))
	b = appendInfobipError(append(b, `,"error":`...), code)
	b = appendField(b, `,"callbackData":`, r.CallbackData)
	return append(b, `,"platform":{}}`...)
}

// inbound is a person's text. cleanText lacks a first word that is a keyword: whoever
// looks for opt-outs there finds none.
func (infobip) inbound(n Number, r Reply, _ string, _ int) parcel {
	keyword, clean := "", r.Body
	first, rest, _ := strings.Cut(strings.TrimSpace(r.Body), " ")
	if slices.Contains(stopWords, strings.ToUpper(first)) {
		keyword, clean = strings.ToUpper(first), rest
	}
	b := appendField(nil, `{"results":[{"messageId":`, r.SID)
	b = appendField(b, `,"from":`, plain(r.Phone))
	b = appendField(b, `,"to":`, plain(r.Number))
	b = appendField(b, `,"text":`, r.Body)
	b = appendField(b, `,"cleanText":`, clean)
	b = appendField(b, `,"keyword":`, keyword)
	b = append(r.At.AppendFormat(append(b, `,"receivedAt":"`...), infobipTime), '"')
	b = strconv.AppendInt(append(b, `,"smsCount":`...), int64(segments(r.Body)), 10)
	b = append(b, `,"price":{"pricePerMessage":0,"currency":"USD"},"callbackData":""}],"messageCount":1,"pendingMessageCount":0}`...)
	return jsonParcel(n.InboundURL, infobipAgent, b)
}
