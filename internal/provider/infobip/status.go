package infobip

import (
	"strconv"

	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// The groups of Infobip's statuses.
const (
	groupAccepted      = 0
	groupPending       = 1
	groupUndeliverable = 2
	groupDelivered     = 3
	groupExpired       = 4
	groupRejected      = 5
)

// Statuses that are not what their group says.
const (
	deliveredToOperator = 2 // in the group of the delivered, but no phone has it yet
	deliveredToHandset  = 5
	duplicateID         = 23 // rejected, because the same text was accepted before
	reportUnknown       = 29 // in the group of the expired: the operator never said
)

// status is a text's state in Infobip's numbers.
type status struct {
	GroupID   int    `json:"groupId"`
	GroupName string `json:"groupName"`
	ID        int    `json:"id"`
	Name      string `json:"name"`
}

// reason is why a text was not delivered. Its ids and those of statuses overlap.
type reason struct {
	ID int `json:"id"`
}

func (s status) code() string { return "status-" + strconv.Itoa(s.ID) }

func (r reason) code() string { return "error-" + strconv.Itoa(r.ID) }

// pending reports whether Infobip has the text. Group 0 is also what a missing number
// decodes to, so it must have its name.
func (s status) pending() bool {
	return s.GroupID == groupPending || s.GroupID == groupAccepted && s.GroupName == "ACCEPTED" || s.duplicate()
}

// duplicate reports a refusal that proves an acceptance: our ids are used once.
func (s status) duplicate() bool { return s.GroupID == groupRejected && s.ID == duplicateID }

// answer is what the status means right after sending.
func (s status) answer(id string) provider.Answer {
	if s.pending() || s.GroupID == groupDelivered {
		return provider.Answer{ProviderID: id}
	}
	switch s.GroupID {
	case groupUndeliverable, groupExpired, groupRejected:
	default: // nobody knows whether the text was accepted
		a := wire.Garbled(who)
		a.Code, a.Unheard = s.code(), true
		return a
	}
	a := provider.Answer{Code: s.code()}
	m, known := codes[a.Code]
	if !known {
		m, a.Unheard = unheard, true
	}
	a.Class, a.Text = m.Class, m.Sentence
	return a
}

// word is what the status means for a text accepted earlier.
func (s status) word() provider.Status {
	switch {
	case s.pending(), s.GroupID == groupDelivered && s.ID == deliveredToOperator:
		return provider.StatusAccepted
	case s.GroupID == groupDelivered && s.ID == deliveredToHandset:
		return provider.StatusDelivered
	case s.GroupID == groupUndeliverable, s.GroupID == groupExpired && s.ID != reportUnknown:
		return provider.StatusUndelivered
	case s.GroupID == groupRejected:
		return provider.StatusFailed
	default:
		return provider.StatusUnknown
	}
}

// report puts a status and a reason in our words.
func (s status) report(messageID int64, providerID string, why reason) provider.Report {
	r := provider.Report{MessageID: messageID, ProviderID: providerID, Status: s.word(), Raw: wire.Word(s.Name)}
	if r.Raw == "" {
		r.Raw = s.code()
	}
	switch r.Status {
	case provider.StatusUndelivered, provider.StatusFailed:
		s.explain(&r, why)
	case provider.StatusUnknown:
		r.Unheard = true
	default:
	}
	return r
}

// explain finds the meaning. What Infobip itself rejected is in the status; what an
// operator did not deliver is in the reason. The other one helps when that is unheard
// of.
func (s status) explain(r *provider.Report, why reason) {
	first, second := why.code(), s.code()
	if why.ID == 0 || s.GroupID == groupRejected {
		first, second = s.code(), why.code()
	}
	r.Code = first
	m, known := codes[first]
	if !known {
		r.Unheard = true
		if m, known = codes[second]; !known {
			m.Class = wire.UnheardOf
		}
	}
	r.Class, r.Text = m.Class, m.Sentence
}
