package twilio

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"time"

	openapi "github.com/twilio/twilio-go/rest/api/v2010"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

const (
	pageSize = 50
	maxPages = 5
	// clockSlack is how far Twilio's clock may be behind ours.
	clockSlack = time.Minute
)

// Find implements provider.Sender: it walks the texts to the phone from newest to
// oldest down to the claim and takes the one with the same body that is nearest to the
// claim. When the claim lies deeper than it is willing to page, nothing is proved and
// that is an error.
func (a *adapter) Find(ctx context.Context, q provider.Query) (provider.Finding, error) {
	if a.base == nil {
		return provider.Finding{}, fault.New(fault.Invalid, "the list's provider address is not a web address")
	}
	s := search{query: q, floor: q.ClaimedAt.Add(-clockSlack)}
	next := cursor{}
	for range maxPages {
		page, err := a.page(ctx, q.To, next)
		if err != nil {
			return provider.Finding{}, err
		}
		more := deref(page.NextPageUri)
		if s.read(page.Messages) || more == "" {
			return s.finding, nil
		}
		next = cursorOf(more)
	}
	return provider.Finding{}, fault.New(fault.Broken, "too many texts to one phone to find this one")
}

// page gets one page. There is no DateSent filter: a text still queued has no such date.
func (a *adapter) page(ctx context.Context, to string, at cursor) (*openapi.ListMessageResponse, error) {
	p := &openapi.ListMessageParams{PathAccountSid: &a.account.SID, From: &a.account.From}
	if to != "" {
		p.SetTo(to)
	}
	p.SetPageSize(pageSize)
	c := &call{adapter: a, ctx: ctx}
	page, err := c.api().PageMessage(p, at.token, at.number)
	if no, ok := errors.AsType[*wire.Refusal](err); ok {
		return nil, no.Fault()
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Broken, "Twilio could not be asked for the text")
	}
	// Any JSON object decodes. Without a list in it, it proves no absence.
	if page.Messages == nil {
		return nil, fault.New(fault.Broken, "Twilio's list of texts could not be read")
	}
	return page, nil
}

// cursor is a place in the list as next_page_uri gives it.
type cursor struct{ token, number string }

func cursorOf(nextPageURI string) cursor {
	u, err := url.Parse(nextPageURI)
	if err != nil {
		return cursor{}
	}
	return cursor{token: u.Query().Get("PageToken"), number: u.Query().Get("Page")}
}

// search collects the best match over pages.
type search struct {
	query   provider.Query
	floor   time.Time
	finding provider.Finding
}

// read reports whether the list has come to texts older than the claim.
func (s *search) read(messages []openapi.ApiV2010Message) (done bool) {
	for _, m := range messages {
		created, err := time.Parse(time.RFC1123Z, deref(m.DateCreated))
		if err == nil && created.Before(s.floor) {
			return true
		}
		if err == nil && deref(m.Body) == s.query.Body && deref(m.To) == s.query.To {
			s.finding = provider.Finding{Found: true, Report: reportOf(m)}
		}
	}
	return false
}

func reportOf(m openapi.ApiV2010Message) provider.Report {
	code := ""
	if m.ErrorCode != nil && *m.ErrorCode != 0 {
		code = strconv.Itoa(*m.ErrorCode)
	}
	return report(0, deref(m.Sid), deref(m.Status), code)
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
