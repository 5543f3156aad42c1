package sandbox

import "strconv"

// Infobip's status ids that mean something here.
const (
	infobipAccepted  = 26
	infobipDuplicate = 23
	infobipSent      = 2 // at the operator: group 3, and yet not delivered
	infobipDelivered = 5
)

// Infobip's words for the reasons. Refused texts are items of an answer with status
// 200, and have the status id. Lost ones have an error id, and the status id beside it
// in infobipErrors. Nothing at Infobip says "not accepted, try again" better than 21.
var (
	infobipRefusals = map[string]int{
		OptedOut: 14, BadNumber: 52, Filtered: 87, AccountProblem: 12,
		RetrySoon: 21, Unheard: 999, Rejected: 25,
	}
	infobipFailures = map[string]int{RetryLater: 27, BadNumber: 1, Filtered: 607, OptedOut: 603, Unheard: 9999}
)

// infobipStatuses are the status objects: group, its name, name.
var infobipStatuses = map[int]struct {
	group     int
	groupName string
	name      string
}{
	infobipAccepted:  {1, "PENDING", "PENDING_ACCEPTED"},
	infobipSent:      {3, "DELIVERED", "DELIVERED_TO_OPERATOR"},
	infobipDelivered: {3, "DELIVERED", "DELIVERED_TO_HANDSET"},
	4:                {2, "UNDELIVERABLE", "UNDELIVERABLE_REJECTED_OPERATOR"},
	9:                {2, "UNDELIVERABLE", "UNDELIVERABLE_NOT_DELIVERED"},
	12:               {5, "REJECTED", "REJECTED_NOT_ENOUGH_CREDITS"},
	14:               {5, "REJECTED", "REJECTED_DESTINATION"},
	21:               {5, "REJECTED", "REJECTED_SYSTEM_ERROR"},
	infobipDuplicate: {5, "REJECTED", "REJECTED_DUPLICATE_MESSAGE_ID"},
	25:               {5, "REJECTED", "REJECTED_MESSAGE_TOO_LONG"},
	51:               {5, "REJECTED", "MISSING_TO"},
	52:               {5, "REJECTED", "REJECTED_INVALID_DESTINATION"},
	87:               {5, "REJECTED", "SIGNALS_BLOCKED"},
	999:              {5, "REJECTED", "REJECTED_FOR_A_NEW_REASON"},
}

// infobipErrors are the error objects of lost texts, and the status each comes with.
var infobipErrors = map[int]struct {
	status    int
	group     int
	groupName string
	name      string
	permanent bool
}{
	0:   {infobipDelivered, 0, "OK", "NO_ERROR", false},
	1:   {9, 1, "HANDSET_ERRORS", "EC_UNKNOWN_SUBSCRIBER", true},
	27:  {9, 1, "HANDSET_ERRORS", "EC_ABSENT_SUBSCRIBER", false},
	603: {4, 2, "USER_ERRORS", "EC_CONTENT_BLOCKED", true},
	607: {4, 3, "OPERATOR_ERRORS", "EC_OPERATOR_SPAM", true},

	9999: {9, 3, "OPERATOR_ERRORS", "EC_SOMETHING_NEW", false},
}

// infobipStatus is the status id of a text.
func infobipStatus(status string, code int) int {
	switch status {
	case queued:
		return infobipAccepted
	case sent:
		return infobipSent
	}
	return infobipErrors[code].status
}

func appendInfobipStatus(b []byte, id int) []byte {
	st := infobipStatuses[id]
	b = strconv.AppendInt(append(b, `{"groupId":`...), int64(st.group), 10)
	b = appendField(b, `,"groupName":`, st.groupName)
	b = strconv.AppendInt(append(b, `,"id":`...), int64(id), 10)
	b = appendField(b, `,"name":`, st.name)
	return append(appendField(b, `,"description":`, st.name), '}')
}

func appendInfobipError(b []byte, id int) []byte {
	e := infobipErrors[id]
	b = strconv.AppendInt(append(b, `{"groupId":`...), int64(e.group), 10)
	b = appendField(b, `,"groupName":`, e.groupName)
	b = strconv.AppendInt(append(b, `,"id":`...), int64(id), 10)
	b = appendField(b, `,"name":`, e.name)
	b = appendField(b, `,"description":`, e.name)
	return append(strconv.AppendBool(append(b, `,"permanent":`...), e.permanent), '}')
}
