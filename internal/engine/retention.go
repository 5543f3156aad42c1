package engine

import (
	"context"
	"time"

	"go.temporal.io/sdk/client"

	"trackly/workflows"
)

const (
	retentionHour   = 3 // UTC
	retentionJitter = time.Hour
	// retentionCatchup is how late a run may start: a machine that was off at night makes
	// up for the last one only.
	retentionCatchup = 23 * time.Hour
)

// ScheduleRetention makes sure that old texts are redacted every day.
func (e *Engine) ScheduleRetention(ctx context.Context) error {
	return e.create(ctx, client.ScheduleOptions{
		ID: workflows.RetentionScheduleID,
		Spec: client.ScheduleSpec{
			Calendars: []client.ScheduleCalendarSpec{{Hour: []client.ScheduleRange{{Start: retentionHour}}}},
			Jitter:    retentionJitter,
		},
		CatchupWindow: retentionCatchup,
		Action: &client.ScheduleWorkflowAction{
			ID:            workflows.RetentionScheduleID,
			Workflow:      workflows.Retention,
			Args:          []any{workflows.RetentionInput{}},
			TaskQueue:     workflows.QueueControl,
			StaticSummary: "takes texts away that are older than their accounts keep them",
		},
		Note: "redacts texts that are older than their accounts keep them",
	})
}
