package engine

import (
	"context"
	"errors"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"trackly/workflows"
)

const (
	retentionHour   = 3 // UTC
	retentionJitter = time.Hour
	// retentionCatchup is how late a run may start: a machine that was off at night makes
	// up for the last one only.
	retentionCatchup = 23 * time.Hour
)

// ScheduleRetention makes sure that old texts are redacted every day. A schedule that
// exists is kept as it is: an operator may have moved or paused it.
func (e *Engine) ScheduleRetention(ctx context.Context) error {
	_, err := e.Client.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID: workflows.RetentionScheduleID,
		Spec: client.ScheduleSpec{
			Calendars: []client.ScheduleCalendarSpec{{Hour: []client.ScheduleRange{{Start: retentionHour}}}},
			Jitter:    retentionJitter,
		},
		Overlap:       enumspb.SCHEDULE_OVERLAP_POLICY_SKIP,
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
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return nil
	}
	return explain(err)
}
