package api

import (
	"context"
	"net/http"
	"strconv"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/postback"
)

func (s *Server) conversionRoutes() {
	const dedup = "A conversion is known by its offer, its transaction_id and its kind: telling it again changes nothing, so a request that broke off can be repeated. " +
		"Without a transaction_id it is the one of its click, or of its message."
	one := operation(http.MethodPost, "/v1/conversions", "create-conversion", "conversions", "Tell of a conversion")
	one.Description = dedup
	post(s, one, s.createConversion)
	bulk := operation(http.MethodPost, "/v1/conversions/bulk", "create-conversions", "conversions", "Tell of up to 1,000 conversions")
	bulk.Description = dedup + " One that is refused spoils no other. The results come in the order of the conversions."
	post(s, bulk, s.createConversions)
	s.conversionFileRoute()
	s.conversionViewRoutes()
}

// newConversion tells of a conversion.
type newConversion struct {
	OfferID       string `json:"offer_id"`
	Kind          string `json:"kind,omitempty" enum:"lead,sale,rebill,refund,chargeback,install,signup" default:"sale" doc:"A refund and a chargeback take back what their transaction earned."`
	TransactionID string `json:"transaction_id,omitempty" maxLength:"255" doc:"The network's own." example:"T-1027"`
	Amount        string `json:"amount,omitempty" doc:"What it earns (cpa), what it is a share of (revshare), or what is taken back; left out: the payout, or all of it." example:"12.50"`
	Currency      string `json:"currency,omitempty" doc:"Of the amount, with a stored rate; by default the account's." example:"USD"`
	ClickID       string `json:"click_id,omitempty" maxLength:"255" doc:"Of the click it came from, as {click_id} told the advertiser."`
	MessageID     string `json:"message_id,omitempty" maxLength:"19" doc:"Else the message, as {message_id} told the advertiser."`
	At            string `json:"at,omitempty" doc:"When it happened, RFC 3339; by default now." example:"2026-11-28T18:00:00Z"`
}

// told reads the conversion by the rules that postbacks are read by.
func (n newConversion) told(bad *fault.Problems) models.Told {
	one := func(v string) []string { return []string{v} }
	e, err := postback.Read(map[string][]string{
		"event": one(n.Kind), "transaction_id": one(n.TransactionID), "amount": one(n.Amount), "currency": one(n.Currency),
		"click_id": one(n.ClickID), "message_id": one(n.MessageID), "at": one(n.At),
	}, postback.Terms{})
	_ = add(bad, err, func(where string) string { // Invalid is all that Read knows
		if where == "event" {
			return "kind"
		}
		return where
	})
	if n.MessageID != "" && strconv.FormatInt(e.MessageID, 10) != n.MessageID && err == nil {
		bad.Add("message_id", "is not a message's id")
	}
	if !models.IsID(n.OfferID) {
		_ = add(bad, complaint("offer_id", notYourOffer), nil) // the schema may have said so
	}
	return toldOf(models.OfferID(n.OfferID), models.ByRequest, e)
}

const notYourOffer = "is not an offer of this account"

// bookedView is what became of a conversion.
type bookedView struct {
	Result   string      `json:"result" enum:"recorded,repeated,refused" doc:"repeated: it was known, and nothing changed."`
	ID       string      `json:"id,omitempty"`
	State    string      `json:"state,omitempty" enum:"credited,uncredited,unmatched,waiting"`
	Problems []Complaint `json:"problems,omitempty" doc:"Why it is refused."`
}

func (s *Server) createConversion(ctx context.Context, _ *asking, body newConversion, bad *fault.Problems) (*reply[bookedView], error) {
	told := body.told(bad)
	if err := bad.Err("the conversion"); err != nil {
		s.countConversion(models.ByRequest, bookedView{Result: refused})
		return nil, err
	}
	done, err := s.store.Convert(ctx, accountOf(ctx), []models.Told{told})
	if err != nil {
		return nil, err
	}
	v, err := bookedViewOf(done[0])
	s.countConversion(models.ByRequest, v)
	if err != nil {
		return nil, err
	}
	if v.Result == refused {
		return nil, refusal(v)
	}
	return &reply[bookedView]{Body: v}, nil
}

// refusal is one conversion's problems as those of the request.
func refusal(v bookedView) error {
	var bad fault.Problems
	for _, p := range v.Problems {
		bad.Add(p.Location, "%s", p.Message)
	}
	return bad.Err("the conversion")
}

// bookedViewOf passes on only what is not the conversion's own fault.
func bookedViewOf(b models.Booking) (bookedView, error) {
	v := bookedView{Result: recorded, ID: string(b.ID), State: string(b.State)}
	switch kind := fault.KindOf(b.Refused); {
	case b.Refused == nil && b.Repeated:
		v.Result = repeated
	case b.Refused == nil:
	case kind == fault.NotFound:
		v = bookedView{Result: refused, Problems: []Complaint{{Location: "offer_id", Message: notYourOffer}}}
	case kind == fault.Invalid:
		v = bookedView{Result: refused, Problems: complaintsOf(b.Refused)}
	default:
		return bookedView{}, b.Refused
	}
	return v, nil
}

func complaintsOf(err error) []Complaint {
	var bad fault.Problems
	_ = add(&bad, err, nil)
	if len(bad) == 0 {
		return []Complaint{{Message: messageOf(err)}}
	}
	out := make([]Complaint, len(bad))
	for i, p := range bad {
		out[i] = Complaint{Location: p.Where, Message: p.Message}
	}
	return out
}

// countConversion counts what became of a conversion.
func (s *Server) countConversion(by models.ConversionSource, v bookedView) {
	outcome := v.Result
	if outcome == recorded {
		outcome = v.State
	}
	s.meters.conversions.WithLabelValues(string(by), outcome).Inc()
}
