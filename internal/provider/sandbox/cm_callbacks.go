package sandbox

import "strconv"

// cmTime has no zone; the field's name says that it is UTC.
const cmTime = "2006-01-02T15:04:05"

const cmAgent = "CM.com/1.0"

func (cm) failure(class string) int         { return cmFailures[class] }
func (cm) announces(_ *text, _ string) bool { return true }
func (cm) bucket() int                      { return 1 }

// cmStatus is the status code of a report: 0 the operator has it, 1 CM itself refused
// it, 2 delivered, 3 failed.
func cmStatus(st *step) (code, words string) {
	switch {
	case st.status == sent:
		return "0", "Accepted"
	case st.status == delivered:
		return "2", "Delivered"
	case st.code == cmFailures[Filtered], st.code == cmFailures[OptedOut]:
		return "1", "Rejected"
	}
	return "3", "Failed"
}

// status is a report in the template's shape: msg is an object, and every value a
// string.
func (cm) status(batch []*step, address string, _ int) parcel {
	st := batch[0]
	code, words := cmStatus(st)
	failure := ""
	if st.code != 0 {
		failure = strconv.Itoa(st.code)
	}
	b := append([]byte(nil), `{"messages":{"msg":{"received":"`...)
	b = append(st.at.AppendFormat(b, cmTime), '"')
	b = appendField(b, `,"to":`, zeroed(st.text.To))
	b = appendField(b, `,"reference":`, st.text.Reference)
	b = appendField(b, `,"status":{"code":`, code)
	b = appendField(b, `,"errorCode":`, failure)
	b = appendField(b, `,"errorDescription":`, words)
	return jsonParcel(address, cmAgent, append(b, `},"operator":"310260"}}}`...))
}

// inbound is a person's text. It has no id of its own, and anything but 200 brings it
// again.
func (cm) inbound(n Number, r Reply, answers string, _ int) parcel {
	b := appendField(nil, `{"reference":`, answers)
	b = appendField(b, `,"messageContext":"","from":{"number":`, zeroed(r.Phone))
	b = appendField(b, `,"name":""},"to":{"number":`, zeroed(r.Number))
	b = appendField(b, `},"message":{"text":`, r.Body)
	b = append(b, `,"media":{"mediaUri":"","contentType":"","title":""},"custom":{}},"groupings":["","",""],"timeUtc":"`...)
	b = append(r.At.AppendFormat(b, cmTime), `","timezone":"UTC","channel":"SMS"}`...)
	p := jsonParcel(n.InboundURL, cmAgent, b)
	p.strict = true
	return p
}
