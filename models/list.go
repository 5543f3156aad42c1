package models

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/rules/merge"
)

// ListState says whether a list may be sent from.
type ListState string

// The states of a list.
const (
	ListActive ListState = "active"
	ListPaused ListState = "paused"
)

// List is a sending list: one number, its provider account, its brand and texts.
type List struct {
	ID            ListID
	AccountID     AccountID
	Name          string
	Brand         string
	Phone         string // the sending number, E.164
	Provider      string
	ProviderSID   string `gorm:"column:provider_sid"`
	ProviderToken []byte // sealed; only the store opens it
	BaseURL       string `gorm:"column:base_url"` // empty: the provider's own
	LinkURL       string `gorm:"column:link_url"` // where short links live, without a final slash; empty: this server's
	PrependBrand  bool
	OptOutLine    string // appended to every text; empty: nothing
	State         ListState
	Reason        string // why it is paused
	CreatedAt     time.Time
}

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// Check refuses a list that could never send, with every complaint at once.
func (l List) Check() error {
	var bad fault.Problems
	if strings.TrimSpace(l.Name) == "" || len(l.Name) > 200 {
		bad.Add("name", "must have 1 to 200 characters")
	}
	if len(l.Brand) > 50 || strings.ContainsAny(l.Brand, "{}\n") {
		bad.Add("brand", "must have at most 50 characters and no braces or line breaks")
	}
	if l.PrependBrand && strings.TrimSpace(l.Brand) == "" {
		bad.Add("brand", "is empty but is to be prepended")
	}
	if !e164.MatchString(l.Phone) {
		bad.Add("phone", "must be a number in E.164 form, such as +12025550100")
	}
	if len(l.OptOutLine) > 100 || strings.ContainsAny(l.OptOutLine, "{}") {
		bad.Add("opt_out_line", "must have at most 100 characters and no braces")
	}
	checkWebURL(&bad, "base_url", l.BaseURL)
	checkWebURL(&bad, "link_url", l.LinkURL)
	return bad.Err("the list")
}

// Ready refuses to send from a paused list, and says why it is paused.
func (l List) Ready() error {
	if l.State == ListPaused {
		return fault.New(fault.Conflict, "list %q is paused: %s; resume the list first", l.Name, l.Reason)
	}
	return nil
}

// Dress is a rendered text with what the list puts before and after it.
func (l List) Dress(text string) string {
	return merge.Dress(text, l.Brand, l.OptOutLine, l.PrependBrand, l.OptOutLine != "")
}

func checkWebURL(bad *fault.Problems, where, raw string) {
	if raw == "" {
		return
	}
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || len(raw) > 2048 {
		bad.Add(where, "must be an http or https URL")
	}
}
