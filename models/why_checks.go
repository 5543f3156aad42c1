package models

import (
	"cmp"
	"fmt"
	"slices"
)

// The checks before a message is handed over, in their order.
const (
	CheckConsent  = "consent"
	CheckStanding = "account_standing"
)

// claimed lists the checks of the claim, in their order. A message over a cap was taken
// and put aside in one transaction: it passed what comes before the cap.
func (s Story) claimed() []Finding {
	m := s.Message
	switch {
	case m.ClaimedAt == nil:
		return nil
	case m.Route == 0:
		return []Finding{{
			At: *m.ClaimedAt, Step: StepClaimed, Derived: true,
			Why: "The provider reported on it before a claim of it was written down here; which checks it passed is not known.",
		}}
	}
	checks := []Finding{s.consented(), s.stood(), s.underFrequency(), s.inHours(), s.underStateCap()}
	failed := -1
	if m.State == MessageSkipped {
		failed = slices.IndexFunc(checks, func(f Finding) bool { return f.Check == m.Reason })
	}
	if failed >= 0 {
		checks = checks[:failed]
	}
	for i := range checks {
		checks[i].At, checks[i].Step, checks[i].Derived = *m.ClaimedAt, StepPassed, true
	}
	if failed >= 0 {
		return checks
	}
	checks = append(checks, Finding{At: *m.ClaimedAt, Step: StepClaimed, Why: "It was taken for handing over" + s.over() + "."})
	if m.State == MessageQueued {
		checks = append(checks, Finding{
			At: *m.ClaimedAt, Step: StepPutBack, Derived: true,
			Why: "It certainly never left, and waits for another try.",
		})
	}
	return checks
}

func (s Story) consented() Finding {
	f := Finding{Check: CheckConsent}
	switch s.Message.Kind {
	case KindConfirmation, KindHelp:
		f.Why = "Nothing to check: the answer to STOP and to HELP is owed to everybody."
	case KindCampaign, KindAPI:
		f.Why = "The subscription was active, and no suppression covered this list."
	case KindReply, KindPasscode, KindTest:
		f.Why = "The contact had not said STOP and was not invalid, and no suppression covered this list."
	}
	return f
}

func (s Story) stood() Finding {
	f := Finding{Check: CheckStanding, Why: "The list was active, and its provider account was checked."}
	switch s.Message.Kind {
	case KindCampaign:
		f.Why = "The list was active, its provider account was checked, and the campaign was sending."
	case KindTest:
		f.Why = "The list was active. Its provider account was being checked: this text is the check."
	case KindAPI, KindReply, KindConfirmation, KindHelp, KindPasscode:
	}
	return f
}

func (s Story) underFrequency() Finding {
	f := Finding{Check: ReasonFrequency}
	list, account := s.List.FrequencyHours, s.Settings.FrequencyHours
	switch {
	case s.Message.Kind.Uncapped():
		f.Why = s.spared("Frequency caps do not hold")
	case list == 0 && account == 0:
		f.Why = "Neither the list nor the account has a frequency cap now."
	default:
		f.Why = fmt.Sprintf("No cap was reached. Now the list's is %s and the account's %s.", hoursOf(list), hoursOf(account))
	}
	return f
}

func (s Story) inHours() Finding {
	f := Finding{Check: ReasonQuietHours}
	switch {
	case s.Message.Kind.AnyHour():
		f.Why = s.spared("Quiet hours do not hold")
	default:
		f.Why = "It was an hour in which this contact may be texted; judged for " + cmp.Or(s.Message.Place, "a place that was not written down") + "."
	}
	return f
}

func (s Story) underStateCap() Finding {
	f := Finding{Check: ReasonStateCap, Why: "No cap of the law on texts within 24 hours was reached."}
	if s.Message.Kind.Uncapped() {
		f.Why = s.spared("The law's caps do not hold")
	}
	return f
}

// spared says that a check is not made, because somebody waits for this text.
func (s Story) spared(what string) string {
	return fmt.Sprintf("%s for a text of the kind %q: somebody waits for it.", what, s.Message.Kind)
}

func hoursOf(hours int) string {
	if hours == 0 {
		return "none"
	}
	return fmt.Sprintf("one text in %d hours", hours)
}
