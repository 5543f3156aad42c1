package demo

import (
	"context"
	"time"
)

// audiences are whom the campaigns are for, and whom not.
type audiences struct{ include, exclude string }

// audiences saves two filters over what the files brought, and counts whom they mean.
func (w World) audiences(ctx context.Context, c client) (a audiences, err error) {
	w.say("\nAudiences, over what the files brought:")
	a.include, err = w.audience(ctx, c, "Asked for a quote", object{"all": []object{
		{"field": "plan_interest", "op": "exists"},
		{"not": object{"field": "signup_source", "op": "eq", "values": []string{"referral"}}},
	}})
	if err != nil {
		return a, err
	}
	a.exclude, err = w.audience(ctx, c, "Under 21", object{"field": "age", "op": "lt", "values": []int{21}})
	return a, err
}

func (w World) audience(ctx context.Context, c client, name string, filter object) (string, error) {
	var made created
	if err := c.post(ctx, "/v1/audiences", object{"name": name, "kind": "dynamic", "filter": filter}, &made); err != nil {
		return "", err
	}
	var count struct {
		Contacts int64 `json:"contacts"`
	}
	began := time.Now()
	if err := c.get(ctx, "/v1/audiences/"+made.ID+"/count", &count); err != nil {
		return "", err
	}
	w.say("  %-18s %9s contacts, counted in %d ms", name, thousands(count.Contacts), time.Since(began).Milliseconds())
	return made.ID, nil
}
