package models

import (
	"net/mail"
	"strings"
	"time"

	"trackly/internal/fault"
)

// Account is the tenant: it owns everything below it.
type Account struct {
	ID        AccountID
	Name      string
	Settings  `gorm:"embedded"`
	CreatedAt time.Time
}

// Role says what a member may do.
type Role string

// The roles of a team.
const (
	Owner  Role = "owner"  // everything
	Writer Role = "member" // everything but team, keys, billing and account settings
	Viewer Role = "viewer" // read
)

// Member is a person of an account's team.
type Member struct {
	ID        string
	AccountID AccountID
	Email     string
	Name      string
	Role      Role
	CreatedAt time.Time
}

// NewAccount makes an account and its first owner.
func NewAccount(name, ownerName, email string) (Account, Member, error) {
	var bad fault.Problems
	if strings.TrimSpace(name) == "" {
		bad.Add("name", "is empty")
	}
	at, err := mail.ParseAddress(email)
	if err != nil || at.Address != email {
		bad.Add("email", "is not an address like name@example.com")
	}
	if err := bad.Err("the account"); err != nil {
		return Account{}, Member{}, err
	}
	a := Account{ID: NewID[AccountID](), Name: name, Settings: DefaultSettings()}
	return a, Member{
		ID: NewID[string](), AccountID: a.ID, Email: strings.ToLower(email), Name: ownerName, Role: Owner,
	}, nil
}
