package api

import (
	"encoding/hex"
	"encoding/json"
	"io"
	"strconv"
	"time"

	"trackly/models"
	"trackly/rules/field"
	"trackly/rules/optout"
	"trackly/rules/place"
)

// personView is everything an account holds about a phone.
type personView struct {
	Phone         string             `json:"phone"`
	ExportedAt    time.Time          `json:"exported_at"`
	Erasures      []heldErasure      `json:"erasures" nullable:"false" doc:"When the person was erased. What is below is what stayed, or came after."`
	Subscriptions []heldSubscription `json:"subscriptions" nullable:"false"`
	Consents      []heldConsent      `json:"consents" nullable:"false" doc:"Proof of permission and of its end, oldest first."`
	OptOuts       []heldOptOut       `json:"opt_outs" nullable:"false" doc:"What keeps texts from the person, or did."`
	Inbound       []heldInbound      `json:"inbound" nullable:"false" doc:"What the person wrote."`
	Messages      []heldMessage      `json:"messages" nullable:"false" doc:"What the person was sent, or was to be sent."`
}

type heldErasure struct {
	At       time.Time  `json:"at"`
	By       string     `json:"by"`
	Reason   string     `json:"reason"`
	LiftedAt *time.Time `json:"lifted_at,omitempty" doc:"When the person came back."`
}

type heldSubscription struct {
	ListID  string      `json:"list_id"`
	Contact contactView `json:"contact"`
	Reason  string      `json:"reason,omitempty" doc:"Why it is suppressed."`
	Zone    string      `json:"zone,omitempty" doc:"IANA zone, when it was given."`
	Postal  string      `json:"postal,omitempty"`
}

type heldConsent struct {
	ID             string     `json:"id"`
	ListID         string     `json:"list_id"`
	Kind           string     `json:"kind" enum:"opt_in,opt_out"`
	Method         string     `json:"method"`
	Evidence       string     `json:"evidence,omitempty"`
	Disclosure     string     `json:"disclosure,omitempty" doc:"What the person was shown."`
	DisclosureHash string     `json:"disclosure_sha256,omitempty"`
	PageURL        string     `json:"page_url,omitempty"`
	IP             string     `json:"ip,omitempty"`
	UserAgent      string     `json:"user_agent,omitempty"`
	ImportID       string     `json:"import_id,omitempty"`
	FileHash       string     `json:"file_sha256,omitempty" doc:"Of the imported file."`
	InboundID      string     `json:"inbound_id,omitempty" doc:"The text of the person that said so."`
	RuleVersion    string     `json:"rule_version,omitempty" doc:"Of the rules that read it."`
	GivenAt        *time.Time `json:"given_at,omitempty" doc:"When the person gave it, as whoever brought it says."`
	At             time.Time  `json:"at" doc:"When it was written down."`
}

type heldOptOut struct {
	ID        string     `json:"id"`
	Scope     string     `json:"scope" enum:"list,brand,account"`
	ListID    string     `json:"list_id,omitempty"`
	Brand     string     `json:"brand,omitempty"`
	Source    string     `json:"source"`
	InboundID string     `json:"inbound_id,omitempty"`
	Note      string     `json:"note,omitempty"`
	At        time.Time  `json:"at"`
	LiftedAt  *time.Time `json:"lifted_at,omitempty"`
	LiftedBy  string     `json:"lifted_by,omitempty"`
}

type heldInbound struct {
	ID          string     `json:"id"`
	ListID      string     `json:"list_id"`
	Body        string     `json:"body"`
	RedactedAt  *time.Time `json:"redacted_at,omitempty" doc:"When the text was taken away."`
	Verdict     string     `json:"verdict"`
	Tier        string     `json:"tier,omitempty"`
	Matched     string     `json:"matched,omitempty" doc:"The rule that decided."`
	RuleVersion string     `json:"rule_version,omitempty"`
	Review      string     `json:"review,omitempty"`
	ReviewBy    string     `json:"review_by,omitempty"`
	ReviewedAt  *time.Time `json:"reviewed_at,omitempty"`
	ReceivedAt  time.Time  `json:"received_at"`
	TookMS      int        `json:"took_ms" doc:"Milliseconds until it had taken effect here."`
	LastTextMS  *int64     `json:"last_text_after_ms,omitempty" doc:"Of an opt-out: milliseconds until the last text that was on its way had left. Absent: none left after it."`
}

type heldMessage struct {
	ID           string         `json:"id"`
	ListID       string         `json:"list_id"`
	CampaignID   string         `json:"campaign_id,omitempty"`
	Kind         string         `json:"kind"`
	State        string         `json:"state"`
	Reason       string         `json:"reason,omitempty"`
	Body         string         `json:"body"`
	RedactedAt   *time.Time     `json:"redacted_at,omitempty" doc:"When the text was taken away."`
	Segments     int            `json:"segments"`
	Provider     string         `json:"provider,omitempty"`
	ProviderID   string         `json:"provider_id,omitempty"`
	ProviderCode string         `json:"provider_code,omitempty"`
	ProviderText string         `json:"provider_text,omitempty"`
	JudgedAs     string         `json:"judged_as,omitempty" doc:"Where the person was taken to be, and the version of the quiet hours."`
	RuleVersion  string         `json:"rule_version,omitempty" doc:"Of the quiet hours."`
	History      []heldStep     `json:"history" nullable:"false"`
	Decisions    []heldDecision `json:"decisions" nullable:"false" doc:"What kept it from going out at once."`
	Clicks       []heldClick    `json:"clicks" nullable:"false"`
}

type heldStep struct {
	State string    `json:"state"`
	At    time.Time `json:"at"`
	Local []string  `json:"local" nullable:"false" doc:"The person's local time, in each zone they may be in." example:"[\"2026-11-24T17:03:00-06:00 America/Chicago\"]"`
}

type heldDecision struct {
	Check       string     `json:"check"`
	Verdict     string     `json:"verdict" enum:"wait,skip"`
	Why         string     `json:"why"`
	Until       *time.Time `json:"until,omitempty"`
	RuleVersion string     `json:"rule_version,omitempty"`
	At          time.Time  `json:"at"`
}

type heldClick struct {
	Link      int               `json:"link"`
	At        time.Time         `json:"at"`
	Address   string            `json:"address,omitempty"`
	UserAgent string            `json:"user_agent,omitempty"`
	Headers   map[string]string `json:"headers,omitempty" doc:"Those that say who asked."`
	Verdict   string            `json:"verdict" enum:"human,bot,unsure" doc:"Whether a person followed the link."`
	Reason    string            `json:"reason" doc:"Why it is thought so."`
}

func personViewOf(p models.Person) personView {
	v := personView{
		Phone: p.Phone, ExportedAt: p.At.UTC(), Erasures: []heldErasure{}, Subscriptions: []heldSubscription{}, Consents: []heldConsent{},
		OptOuts: []heldOptOut{}, Inbound: []heldInbound{}, Messages: []heldMessage{},
	}
	for _, e := range p.Erasures {
		v.Erasures = append(v.Erasures, heldErasure{At: e.At.UTC(), By: e.By, Reason: e.Reason, LiftedAt: utc(e.LiftedAt)})
	}
	for _, c := range p.Subscriptions {
		v.Subscriptions = append(v.Subscriptions, heldSubscription{
			ListID: string(c.ListID), Contact: heldContactOf(c, p.Fields), Reason: c.Reason, Zone: c.Zone, Postal: c.Postal,
		})
	}
	for _, c := range p.Consents {
		v.Consents = append(v.Consents, heldConsent{
			ID: number(c.ID), ListID: string(c.ListID), Kind: c.Kind, Method: c.Method, Evidence: c.Evidence, Disclosure: c.Disclosure,
			DisclosureHash: hex.EncodeToString(c.DisclosureHash), PageURL: c.PageURL, IP: c.IP, UserAgent: c.UserAgent,
			ImportID: string(c.ImportID), FileHash: hex.EncodeToString(c.FileHash), InboundID: number(c.InboundID),
			RuleVersion: c.Version, GivenAt: utc(c.GivenAt), At: c.At.UTC(),
		})
	}
	for _, x := range p.Suppressions {
		v.OptOuts = append(v.OptOuts, heldOptOut{
			ID: number(x.ID), Scope: string(x.Scope), ListID: string(x.ListID), Brand: x.Brand, Source: string(x.Source),
			InboundID: number(x.InboundID), Note: x.Note, At: x.CreatedAt.UTC(), LiftedAt: utc(x.LiftedAt), LiftedBy: x.LiftedBy,
		})
	}
	for _, in := range p.Inbound {
		v.Inbound = append(v.Inbound, heldInboundOf(p, in))
	}
	for _, m := range p.Messages {
		v.Messages = append(v.Messages, heldMessageOf(p, m))
	}
	return v
}

// heldContactOf shows also what is kept of fields that were deleted.
func heldContactOf(c models.Subscription, set field.Set) contactView {
	v := contactViewOf(c, set)
	for name, value := range c.Fields {
		if _, shown := v.Fields[name]; !shown {
			v.Fields[name] = value
		}
	}
	return v
}

// WritePerson writes what an account holds about a phone as the file that the API answers
// with, for whoever has no API at hand.
func WritePerson(w io.Writer, p models.Person) error {
	to := json.NewEncoder(w)
	to.SetEscapeHTML(false)
	to.SetIndent("", "  ")
	return to.Encode(personViewOf(p))
}

// number writes an id; none is nothing.
func number(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func heldInboundOf(p models.Person, in models.Inbound) heldInbound {
	h := heldInbound{
		ID: number(in.ID), ListID: string(in.ListID), Body: in.Body, RedactedAt: utc(in.RedactedAt), Verdict: string(in.Verdict),
		Tier: string(in.Tier), Matched: in.Matched, RuleVersion: in.Version, Review: string(in.Review), ReviewBy: in.ReviewBy,
		ReviewedAt: utc(in.ReviewedAt), ReceivedAt: in.ReceivedAt.UTC(), TookMS: in.TookMS,
	}
	if in.Verdict == optout.Stop || in.Review == models.ReviewOptedOut {
		if last := p.LastText(in.ReceivedAt); last != nil {
			ms := last.Sub(in.ReceivedAt).Milliseconds()
			h.LastTextMS = &ms
		}
	}
	return h
}

func heldMessageOf(p models.Person, m models.PersonMessage) heldMessage {
	zones, version := p.ZonesOf(m.Message)
	h := heldMessage{
		ID: m.ID.String(), ListID: string(m.ListID), CampaignID: string(m.CampaignID), Kind: string(m.Kind), State: string(m.State),
		Reason: m.Reason, Body: m.Body, RedactedAt: utc(m.RedactedAt), Segments: m.Segments, Provider: m.Provider, ProviderID: m.ProviderID,
		ProviderCode: m.ProviderCode, ProviderText: m.ProviderText, JudgedAs: m.Place, RuleVersion: version,
		History: []heldStep{}, Decisions: []heldDecision{}, Clicks: []heldClick{},
	}
	for _, step := range m.History() {
		h.History = append(h.History, heldStep{State: string(step.State), At: step.At.UTC(), Local: localTimes(step.At, zones)})
	}
	for _, d := range m.Decisions {
		h.Decisions = append(h.Decisions, heldDecision{
			Check: d.Check, Verdict: string(d.Verdict), Why: d.Why, Until: utc(d.Until), RuleVersion: d.Version, At: d.At.UTC(),
		})
	}
	for _, c := range m.Clicks {
		h.Clicks = append(h.Clicks, heldClick{Link: c.Link, At: c.At.UTC(), Address: c.Address, UserAgent: c.UserAgent, Headers: c.Headers, Verdict: string(c.Verdict), Reason: string(c.Reason)})
	}
	return h
}

// localTimes is a moment on the clocks of the zones. A person whose zone is not known for
// certain may have been in any of them.
func localTimes(at time.Time, zones []string) []string {
	local := []string{}
	for _, name := range zones {
		if z, ok := place.Location(name); ok {
			local = append(local, at.In(z).Format(time.RFC3339)+" "+name)
		}
	}
	return local
}
