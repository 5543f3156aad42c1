package models

import (
	"time"

	"trackly/rules/price"
)

// CohortAges are the ages, in days since they signed up, at which contacts are looked at.
func CohortAges() []int { return []int{7, 14, 30, 60, 90} }

// CohortBy is what contacts are put together by.
type CohortBy string

// The ways.
const (
	CohortWeek  CohortBy = "week"  // in which they signed up, from Monday, in the account's zone
	CohortList  CohortBy = "list"  // on which they did
	CohortField CohortBy = "field" // a custom field's value
)

// CohortQuery asks for the lifetime value of contacts that signed up on these days.
type CohortQuery struct {
	AccountID AccountID
	By        CohortBy
	Field     string    // of CohortField
	From, To  time.Time // dates at midnight UTC, both included; days of the account's zone
	ListID    ListID    // empty: all lists
	Now       time.Time
}

// Cohort is what contacts brought in. Size counts subscriptions: whoever joined two lists
// counts on both, with what each list's texts earned.
type Cohort struct {
	Key  string
	Name string
	Size int64
	Ages []CohortAge // as CohortAges
}

// CohortAge sums a cohort's first days.
type CohortAge struct {
	Days        int
	Complete    bool // all of the cohort are as old
	Conversions int64
	Revenue     price.Micros
	Cost        price.Micros
}
