// Package workflows holds the order of things over time, and nothing else: what a
// workflow needs to know it is told by activities, whose answers history records. Zone
// arithmetic, settings and rules never run here.
package workflows

import (
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"trackly/models"
)

// Task queues. Delivery has its own, so that texts on their way never hold up a pause.
const (
	QueueControl  = "control"
	QueueDelivery = "delivery"
)

// ProgressQuery asks a campaign's workflow where it stands.
const ProgressQuery = "progress"

// Signal is a message to a running workflow whose payload the compiler knows.
type Signal[T any] struct{ Name string }

// Steer tells a campaign's workflow what its owner wants.
var Steer = Signal[Command]{Name: "steer"} //nolint:gochecknoglobals // a name with a type

// OptedOut tells a campaign's workflow that somebody it had a message for said STOP.
var OptedOut = Signal[OptOut]{Name: "opted_out"} //nolint:gochecknoglobals // a name with a type

// Command is what an owner wants of a campaign.
type Command string

// The commands.
const (
	Pause  Command = "pause"
	Resume Command = "resume"
	Cancel Command = "cancel"
)

// OptOut counts the queued messages that a STOP ended.
type OptOut struct{ Skipped int64 }

// Search attributes by which an operator finds runs.
//
//nolint:gochecknoglobals // keys are constants in all but name
var (
	AccountIDKey  = temporal.NewSearchAttributeKeyKeyword("AccountId")
	CampaignIDKey = temporal.NewSearchAttributeKeyKeyword("CampaignId")
	ListIDKey     = temporal.NewSearchAttributeKeyKeyword("ListId")
	StateKey      = temporal.NewSearchAttributeKeyKeyword("CampaignState")
)

// SearchAttributes lists the keys above, for whoever prepares a namespace.
func SearchAttributes() []temporal.SearchAttributeKeyKeyword {
	return []temporal.SearchAttributeKeyKeyword{AccountIDKey, CampaignIDKey, ListIDKey, StateKey}
}

// CampaignWorkflowID is derived, never random: a second start of the same campaign is
// refused by the server rather than sent twice.
func CampaignWorkflowID(id models.CampaignID) string { return "campaign/" + string(id) }

// KeeperWorkflowID is the id of the one keeper of an installation.
const KeeperWorkflowID = "keeper"

// receive takes every message that is waiting on the signal.
func receive[T any](ctx workflow.Context, s Signal[T], each func(T)) {
	ch := workflow.GetSignalChannel(ctx, s.Name)
	for {
		var v T
		if !ch.ReceiveAsync(&v) {
			return
		}
		each(v)
	}
}
