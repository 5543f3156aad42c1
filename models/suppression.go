package models

import (
	"strings"
	"time"
)

// SuppressionSource says how a suppression came about.
type SuppressionSource string

// The sources of suppressions.
const (
	ByKeyword  SuppressionSource = "keyword"
	ByPhrase   SuppressionSource = "phrase"
	ByReview   SuppressionSource = "review"   // a person read an unclear answer
	ByProvider SuppressionSource = "provider" // the provider refuses the phone
	ByUpload   SuppressionSource = "upload"
	ByOwner    SuppressionSource = "owner"
	ByErasure  SuppressionSource = "erasure"
)

// Suppression says that a contact must not be texted, and how far that reaches. It is
// lifted, never deleted.
type Suppression struct {
	ID        int64
	AccountID AccountID
	ContactID ContactID
	Phone     string // the contact's; empty after an erasure
	Scope     Scope
	ListID    ListID // for ScopeList
	Brand     string // for ScopeBrand
	Source    SuppressionSource
	InboundID int64
	Note      string
	CreatedAt time.Time
	LiftedAt  *time.Time
	LiftedBy  string
}

// Over completes a suppression's scope for a list: the list itself, or its brand. A list
// without a brand has only itself.
func (x Suppression) Over(l List) Suppression {
	switch {
	case x.Scope == ScopeBrand && l.Brand != "":
		x.Brand = strings.ToLower(l.Brand)
	case x.Scope != ScopeAccount:
		x.Scope, x.ListID = ScopeList, l.ID
	}
	return x
}
