package api

import (
	"context"
	"net/http"

	"trackly/internal/fault"
	"trackly/models"
)

// ListSettings are what may be changed of a list later on. What is left out stays. It is
// exported because huma passes over embedded types that are not.
type ListSettings struct {
	MessagesPerSecond *float64 `json:"messages_per_second,omitempty" minimum:"0" doc:"The list's pace, over campaigns and single texts together; 0: as fast as the provider takes them."`
	SegmentsPerSecond *float64 `json:"segments_per_second,omitempty" minimum:"0" doc:"The same in segments, as carriers count."`
	MessagesPerDay    *int     `json:"messages_per_day,omitempty" minimum:"0" doc:"At most so many a day in the account's zone; 0: no cap."`
	FrequencyHours    *int     `json:"frequency_hours,omitempty" minimum:"0" maximum:"720" doc:"Campaigns skip whoever got a text of this list in so many hours; 0: never."`
	AnswersStop       *string  `json:"answers_stop,omitempty" enum:"provider,trackly" doc:"Who confirms a STOP. Two who do would send two texts; the law allows one."`
	AnswersHelp       *string  `json:"answers_help,omitempty" enum:"provider,trackly" doc:"Who answers HELP."`
	StopText          *string  `json:"stop_text,omitempty" maxLength:"320" doc:"What Trackly confirms a STOP with; empty: a plain sentence."`
	HelpText          *string  `json:"help_text,omitempty" maxLength:"320" doc:"What Trackly answers HELP with; empty: a plain sentence."`
}

func (n ListSettings) apply(l *models.List) {
	set(&l.MessagesPerSecond, n.MessagesPerSecond)
	set(&l.SegmentsPerSecond, n.SegmentsPerSecond)
	set(&l.MessagesPerDay, n.MessagesPerDay)
	set(&l.FrequencyHours, n.FrequencyHours)
	set(&l.StopText, n.StopText)
	set(&l.HelpText, n.HelpText)
	if n.AnswersStop != nil {
		l.AnswersStop = models.Answerer(*n.AnswersStop)
	}
	if n.AnswersHelp != nil {
		l.AnswersHelp = models.Answerer(*n.AnswersHelp)
	}
}

// set changes what the request names.
func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

func (s *Server) changeList(ctx context.Context, in *postingTo, body ListSettings, bad *fault.Problems) (*reply[listView], error) {
	l, err := s.store.List(ctx, accountOf(ctx), models.ListID(in.ID))
	if err != nil {
		return nil, err
	}
	body.apply(&l)
	if err := add(bad, l.Check(), nil); err != nil {
		return nil, err
	}
	if err := bad.Err("the list"); err != nil {
		return nil, err
	}
	if l, err = s.store.SetList(ctx, l); err != nil {
		return nil, err
	}
	return &reply[listView]{Body: s.listView(l)}, nil
}

func (s *Server) listSettingRoutes() {
	post(s, operation(http.MethodPatch, "/v1/lists/{id}", "change-list", "lists", "Change a list's pace, caps and answers"), s.changeList)
}
