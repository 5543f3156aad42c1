package demo

import (
	"context"
	"fmt"
)

type inbound struct {
	Items []struct {
		ID      string `json:"id"`
		Verdict string `json:"verdict"`
		Tier    string `json:"tier"`
		Review  string `json:"review"`
	} `json:"items"`
	Next string `json:"next_cursor"`
}

// answers prints what people wrote back, by how it was read, and what waits for a person.
func (w World) answers(ctx context.Context, c client) error {
	counts, open, cursor := map[string]int64{}, int64(0), ""
	for {
		var page inbound
		if err := c.get(ctx, "/v1/inbound?limit=200&cursor="+cursor, &page); err != nil {
			return err
		}
		for _, in := range page.Items {
			counts[named(in.Verdict, in.Tier)]++
			if in.Review == "open" {
				open++
			}
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	w.say("\nWhat people answered, as it was read:")
	for _, kind := range byCount(counts) {
		w.say("  %5d  %s", counts[kind], kind)
	}
	if open > 0 {
		w.say("%d unclear answers wait for a person; those people get nothing meanwhile: GET /v1/inbound?review=open", open)
	}
	return nil
}

func named(verdict, tier string) string {
	if verdict == "stop" {
		return fmt.Sprintf("opt-out (%s)", tier)
	}
	if verdict == "none" {
		return "no opt-out, kept"
	}
	return verdict
}
