package main

import (
	"context"
	"fmt"
	"strings"
)

// figure is one measured promise.
type figure struct {
	name    string
	group   string // asks for several figures by one name; may be empty
	measure func(ctx context.Context, m *machine) (Result, error)
}

// all lists the figures in the order they are measured: those that fill the tables
// come last.
func all() []figure {
	return []figure{
		{name: "segments", measure: segments},
		{name: "campaign", measure: campaign},
		{name: "batch_providers_infobip", group: "batch_providers", measure: batchProvider("infobip", 0)},
		{name: "batch_providers_cm", group: "batch_providers", measure: batchProvider("cm", 0)},
		{name: "batch_providers_infobip_at_200ms", group: "batch_providers", measure: batchProvider("infobip", answerTime)},
		{name: "batch_providers_cm_at_200ms", group: "batch_providers", measure: batchProvider("cm", answerTime)},
		{name: "cost_per_message", measure: costPerMessage},
		{name: "campaign_vs_activity_per_message", measure: activityPerMessage},
		// Before redirect: for minutes after its flood, passes look at that once more.
		{name: "redirect_latency", measure: redirectLatency},
		{name: "redirect", measure: redirect},
		{name: "callbacks", measure: callbacks},
		{name: "postbacks", measure: postbacks},
		{name: "report", measure: report},
		{name: "audience_count", group: "audience", measure: audienceCount},
		{name: "audience_cost_growth", group: "audience", measure: audienceGrowth},
		{name: "freeze", measure: freeze},
		{name: "import", measure: importFigure},
		{name: "import_memory", measure: importMemory},
		{name: "import_cost_growth", measure: importGrowth},
	}
}

func chosen(only string) ([]figure, error) {
	figures := all()
	if only == "" {
		return figures, nil
	}
	var kept []figure
	for name := range strings.SplitSeq(only, ",") {
		n := len(kept)
		for _, f := range figures {
			if f.name == name || f.group == name && name != "" {
				kept = append(kept, f)
			}
		}
		if len(kept) == n {
			return nil, fmt.Errorf("no figure is called %q", name)
		}
	}
	return kept, nil
}
