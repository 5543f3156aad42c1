package api

import "trackly/rules/audience"

// answerView is a filter with what each part of it answered: a group, or a condition.
type answerView struct {
	Answer bool         `json:"answer"`
	All    []answerView `json:"all,omitempty"`
	Any    []answerView `json:"any,omitempty"`
	Not    *answerView  `json:"not,omitempty"`
	Field  string       `json:"field,omitempty"`
	Op     string       `json:"op,omitempty"`
	Values []string     `json:"values,omitempty" doc:"What was asked for."`
	Value  *string      `json:"value,omitempty" doc:"What the contact has; empty: nothing is known."`
}

func answerViewOf(a audience.Answer) answerView {
	v := answerView{Answer: a.Matched}
	if c := a.Condition; c != nil {
		v.Field, v.Op, v.Values, v.Value = c.Field, string(c.Op), c.Values, &a.Value
		return v
	}
	of := make([]answerView, len(a.Of))
	for i, x := range a.Of {
		of[i] = answerViewOf(x)
	}
	switch a.Group {
	case audience.Any:
		v.Any = of
	case audience.Not:
		v.Not = &of[0]
	case audience.All:
		v.All = of
	}
	return v
}
