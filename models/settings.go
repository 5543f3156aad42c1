package models

import (
	"time"

	"golang.org/x/text/currency"

	"trackly/internal/fault"
	"trackly/rules/quiethours"
)

// Scope says how far an opt-out reaches.
type Scope string

// The scopes.
const (
	ScopeList    Scope = "list"    // this list
	ScopeBrand   Scope = "brand"   // every list of the account with the same brand
	ScopeAccount Scope = "account" // every list of the account
)

// Settings are an account's own rules. The law's hold besides.
type Settings struct {
	Zone           string   // IANA; the account's days
	Currency       string   // ISO 4217; of every amount
	OptOutScope    Scope    // how far a STOP reaches
	FrequencyHours int      // skip whoever got a text of any list so recently; 0: never
	HoursFrom      int      // minutes of the contact's local day; 0 and 0: the law's hours
	HoursTo        int      //
	HoursSkipDays  Weekdays `gorm:"type:smallint[]"`
	HoursStrict    bool     // the preset "US strict"
	HoursUnknown   Texts    `gorm:"type:text[]"` // zones assumed where nothing is known
	KeepTextsDays  int      // texts are redacted when they are this old
	// KeepAddressesDays is how old clicks are whose network addresses are cut short.
	KeepAddressesDays int
}

// DefaultSettings are a new account's.
func DefaultSettings() Settings {
	return Settings{Zone: "America/New_York", Currency: "USD", OptOutScope: ScopeList, KeepTextsDays: 365, KeepAddressesDays: 90}
}

// Policy is the part of the settings that quiet hours know.
func (s Settings) Policy() quiethours.Policy {
	return quiethours.Policy{
		From: s.HoursFrom, To: s.HoursTo, SkipDays: []time.Weekday(s.HoursSkipDays), Strict: s.HoursStrict,
		UnknownZones: []string(s.HoursUnknown),
	}
}

// Check refuses settings that mean nothing, with every complaint at once.
func (s Settings) Check() error {
	var bad fault.Problems
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "" || s.Zone == "Local" {
		bad.Add("zone", "must be an IANA time zone, such as America/New_York")
	}
	if !KnownCurrency(s.Currency) {
		bad.Add("currency", "must be a currency of ISO 4217, such as USD")
	}
	switch s.OptOutScope {
	case ScopeList, ScopeBrand, ScopeAccount:
	default:
		bad.Add("opt_out_scope", "must be list, brand or account")
	}
	if s.FrequencyHours < 0 || s.FrequencyHours > maxFrequency {
		bad.Add("frequency_hours", "must be 0 to %d", maxFrequency)
	}
	if s.KeepTextsDays < 1 || s.KeepTextsDays > 3650 {
		bad.Add("keep_texts_days", "must be 1 to 3650")
	}
	if s.KeepAddressesDays < 1 || s.KeepAddressesDays > 3650 {
		bad.Add("keep_addresses_days", "must be 1 to 3650")
	}
	if f, ok := s.Policy().Check().(*fault.Fault); ok { //nolint:errorlint // Check promises this type
		bad = append(bad, f.Problems...)
	}
	return bad.Err("the settings")
}

// KnownCurrency reports whether s is a currency's code in ISO 4217, in capital letters.
func KnownCurrency(s string) bool {
	unit, err := currency.ParseISO(s)
	return err == nil && unit.String() == s
}
