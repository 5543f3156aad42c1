package cm

import (
	"encoding/json"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

const (
	// maxItems bounds one post; CM sends one report a post unless told otherwise.
	maxItems = 1000
	// maxName bounds references and numbers.
	maxName = 64
)

// words are CM's statuses in ours, as codes and as the words of its portal. A rejected
// text never left CM; read comes after delivered.
var words = map[string]provider.Status{
	"0": provider.StatusAccepted,
	"1": provider.StatusFailed,
	"2": provider.StatusDelivered,
	"3": provider.StatusUndelivered,
	"4": provider.StatusDelivered,

	"Accepted":  provider.StatusAccepted,
	"Sent":      provider.StatusAccepted,
	"Rejected":  provider.StatusFailed,
	"Cancelled": provider.StatusFailed,
	"Delivered": provider.StatusDelivered,
	"Failed":    provider.StatusUndelivered,
}

// delivery is one status report, as the template in CM's portal makes it.
type delivery struct {
	Reference text `json:"reference"`
	Status    struct {
		Code      text `json:"code"`
		ErrorCode text `json:"errorCode"`
	} `json:"status"`
}

// Status implements provider.Webhooks. A report without a reference or a status is of
// no use to anybody and is left out: refused, it would come again for a week.
func (a *adapter) Status(w provider.Webhook) ([]provider.Report, error) {
	var said struct {
		Messages struct {
			Msg many[delivery] `json:"msg"`
		} `json:"messages"`
	}
	if json.Unmarshal(w.Body, &said) != nil || said.Messages.Msg == nil {
		return nil, fault.New(fault.Invalid, "the request body is not CM's JSON")
	}
	all := said.Messages.Msg
	if len(all) > maxItems {
		return nil, fault.New(fault.Invalid, "the request has more than %d reports", maxItems)
	}
	reports := make([]provider.Report, 0, len(all))
	for _, d := range all {
		if named(string(d.Reference)) && d.Status.Code != "" {
			reports = append(reports, d.report())
		}
	}
	if len(all) > 0 && len(reports) == 0 {
		return nil, fault.New(fault.Invalid, "the status reports have no references or statuses that can be used")
	}
	return reports, nil
}

// report puts a report in our words. Whatever error code the operator gave is in the
// same field as CM's own, so most are unheard of.
func (d delivery) report() provider.Report {
	status, known := words[string(d.Status.Code)]
	r := provider.Report{
		MessageID: wire.Own(string(d.Reference)), ProviderID: string(d.Reference),
		Status: status, Raw: wire.Word(string(d.Status.Code)), Unheard: !known,
	}
	if status != provider.StatusUndelivered && status != provider.StatusFailed {
		return r
	}
	if r.Code = wire.Word(string(d.Status.ErrorCode)); r.Code == "0" {
		r.Code = ""
	}
	m, known := codes[r.Code]
	switch _, doubtful := doubts[r.Code]; {
	case r.Code == "", doubtful: // that the text did not arrive is certain by now
		m = silent
	case !known:
		m.Class, r.Unheard = wire.UnheardOf, true
	}
	r.Class, r.Text = m.Class, m.Sentence
	return r
}

func named(s string) bool { return s != "" && len(s) <= maxName }
