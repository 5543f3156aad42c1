package handover_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/handover"
	"trackly/internal/provider"
	"trackly/models"
)

func TestAnAccountCarriesWhereToCallBack(t *testing.T) {
	t.Parallel()
	r := models.Route{ID: "r1", ListID: "l1", Provider: "twilio", SID: "AC1", BaseURL: "http://p", Phone: "+12025550100"}
	require.Equal(t, provider.Account{
		SID: "AC1", Token: "secret", PublicKey: "pk", BaseURL: "http://p", From: "+12025550100", StatusURL: door().StatusURL(r), Prefix: "r1-",
	}, door().AccountOf(r, models.Credentials{Token: "secret", PublicKey: "pk"}))
}

func TestAReportBecomesAnOutcome(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		report provider.Report
		state  models.MessageState
		reason string
	}{
		"accepted means sent":                 {provider.Report{Status: provider.StatusAccepted}, models.MessageSent, ""},
		"delivered":                           {provider.Report{Status: provider.StatusDelivered}, models.MessageDelivered, ""},
		"undelivered has the code's class":    {provider.Report{Status: provider.StatusUndelivered, Class: provider.Filtered}, models.MessageUndelivered, "filtered"},
		"undelivered without a class":         {provider.Report{Status: provider.StatusUndelivered}, models.MessageUndelivered, "undelivered"},
		"failed without a class says so":      {provider.Report{Status: provider.StatusFailed}, models.MessageFailed, "failed"},
		"failed for a number that is no good": {provider.Report{Status: provider.StatusFailed, Class: provider.BadNumber}, models.MessageFailed, "bad_number"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.report.MessageID, tc.report.ProviderID, tc.report.Code = 7, "SM1", "30005"
			o, ok := handover.OutcomeOf(tc.report)
			require.True(t, ok)
			require.Equal(t, models.Outcome{MessageID: 7, State: tc.state, Reason: tc.reason, ProviderID: "SM1", ProviderCode: "30005"}, o)
		})
	}
}

func TestAWordNobodyKnowsIsNeverGuessed(t *testing.T) {
	t.Parallel()
	_, ok := handover.OutcomeOf(provider.Report{MessageID: 7, Raw: "teleported"})
	require.False(t, ok)
}
