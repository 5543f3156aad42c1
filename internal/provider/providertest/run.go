package providertest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
)

// patience is how long the suite's own calls wait. Hangs waits longer.
const patience = 5 * time.Second

// Run holds an adapter to the contract.
func Run(t *testing.T, s Subject) {
	t.Helper()
	for name, part := range map[string]func(*testing.T, Subject){
		"classes every answer and never counts one wrongly": classes,
		"gives up when the caller does":                     cancels,
		"answers for every text of a batch":                 batches,
		"finds what was accepted and nothing else":          finds,
		"reads what the provider reports":                   statuses,
		"reads what a person texts":                         inbound,
		"reads no webhook it should not":                    forgeries,
		"has a sane code table":                             table,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); part(t, s) })
	}
}

const (
	phone = "+12125550123"
	body  = "Fresh deals: https://go.example.com/abc1234"
	// ours is the id of the first text of every test.
	ours = 42
)

// outgoing makes n texts to n phones, the first of them phone.
func outgoing(n int) []provider.Outgoing {
	outs := make([]provider.Outgoing, n)
	for i := range outs {
		outs[i] = provider.Outgoing{MessageID: int64(ours + i), To: fmt.Sprintf("+1212555%04d", 123+i), Body: body}
	}
	return outs
}

// send hands one text over.
func send(t *testing.T, rig Rig) provider.Answer {
	t.Helper()
	return sendAll(t, rig, outgoing(1))[0]
}

// sendAll hands texts over in one request.
func sendAll(t *testing.T, rig Rig, outs []provider.Outgoing) []provider.Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	answers := rig.Adapter.Send(ctx, outs)
	require.Len(t, answers, len(outs), "an answer for each text")
	return answers
}
