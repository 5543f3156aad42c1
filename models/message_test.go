package models_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

func TestAMessageNeverGoesBackwards(t *testing.T) {
	t.Parallel()
	require.Len(t, models.MessageMoves, 8)
	for from, nexts := range models.MessageMoves {
		for _, next := range nexts {
			require.Contains(t, models.MessageMoves, next)
			require.NotEqual(t, from, next)
			if next == models.MessageQueued {
				require.Contains(t, []models.MessageState{models.MessageClaimed, models.MessageUnknown}, from,
					"only what certainly was not accepted goes out again")
			}
			if next == models.MessageClaimed {
				require.Equal(t, models.MessageQueued, from, "the unknown is never resent")
			}
		}
	}
	require.Empty(t, models.MessageMoves[models.MessageDelivered])
	require.Empty(t, models.MessageMoves[models.MessageSkipped])
}

// From every state but the ends there is a way to an end: no message can be stuck.
func TestEveryMessageCanComeToAnEnd(t *testing.T) {
	t.Parallel()
	for s := range models.MessageMoves {
		require.True(t, s == models.MessageDelivered || s == models.MessageSkipped || s.MayBecome(models.MessageDelivered), "%s", s)
	}
}

func TestAHistoryIsInTheOrderOfTime(t *testing.T) {
	t.Parallel()
	at := func(minutes int) *time.Time { v := noon.Add(time.Duration(minutes) * time.Minute); return &v }
	m := models.Message{
		State: models.MessageDelivered, QueuedAt: noon, UnknownAt: at(1), ClaimedAt: at(5), SentAt: at(6), FinishedAt: at(7),
	}
	steps := m.History()
	require.Equal(t, []models.Step{
		{State: models.MessageQueued, At: noon},
		{State: models.MessageUnknown, At: *at(1)},
		{State: models.MessageClaimed, At: *at(5)},
		{State: models.MessageSent, At: *at(6)},
		{State: models.MessageDelivered, At: *at(7)},
	}, steps, "the second claim is the one that is kept")
	require.True(t, slices.IsSortedFunc(steps, func(a, b models.Step) int { return a.At.Compare(b.At) }))

	m = models.Message{State: models.MessageSent, QueuedAt: noon, ClaimedAt: at(0), SentAt: at(0)}
	require.Len(t, m.History(), 3, "steps of the same moment keep their order")
	require.Equal(t, models.MessageSent, m.History()[2].State)
	require.Len(t, models.Message{State: models.MessageQueued, QueuedAt: noon}.History(), 1)
}
