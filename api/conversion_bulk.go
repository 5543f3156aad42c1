package api

import (
	"context"

	"trackly/internal/fault"
	"trackly/models"
)

// newConversions are many conversions.
type newConversions struct {
	Conversions []newConversion `json:"conversions" minItems:"1" maxItems:"1000" nullable:"false"`
}

// askingMuch is a request with a long body that changes the same when repeated.
type askingMuch struct{ Request sentMuch }

func (a *askingMuch) body() *sent { return &a.Request.all }

// bookedManyView is what became of many.
type bookedManyView struct {
	Recorded int          `json:"recorded"`
	Repeated int          `json:"repeated" doc:"Known before; nothing changed."`
	Refused  int          `json:"refused"`
	Results  []bookedView `json:"results" nullable:"false" doc:"In the order of the conversions."`
}

func (s *Server) createConversions(ctx context.Context, _ *askingMuch, body newConversions, bad *fault.Problems) (*reply[bookedManyView], error) {
	rows, rest := byRow(*bad, "conversions", len(body.Conversions))
	if err := rest.Err("the request"); err != nil {
		return nil, err
	}
	v := bookedManyView{Results: make([]bookedView, len(body.Conversions))}
	var told []models.Told
	var places []int
	for i, n := range body.Conversions {
		t := n.told(&rows[i])
		if err := rows[i].Err("the conversion"); err != nil {
			v.Results[i] = bookedView{Result: refused, Problems: complaintsOf(err)}
			continue
		}
		told, places = append(told, t), append(places, i)
	}
	done, err := s.store.Convert(ctx, accountOf(ctx), told)
	if err != nil {
		return nil, err
	}
	for i, b := range done {
		if v.Results[places[i]], err = bookedViewOf(b); err != nil {
			return nil, err
		}
	}
	for _, r := range v.Results {
		s.countConversion(models.ByRequest, r)
		switch r.Result {
		case recorded:
			v.Recorded++
		case repeated:
			v.Repeated++
		default:
			v.Refused++
		}
	}
	return &reply[bookedManyView]{Body: v}, nil
}
