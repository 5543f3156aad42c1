package infobip

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
)

// Two installations on one account count alike: under the same id the second one's text
// would be taken for the first one's, and never go out.
func TestOurIDsAreOurOwnInstallations(t *testing.T) {
	t.Parallel()
	one, other := frameOf(provider.Account{Prefix: "a1-"}), frameOf(provider.Account{Prefix: "b2-"})
	outs := []provider.Outgoing{{MessageID: 42, To: "+12125550123", Body: "hi"}}
	require.Contains(t, string(one.append(nil, outs)), `"messageId":"a1-42"`)
	require.Contains(t, string(other.append(nil, outs)), `"messageId":"b2-42"`)
	require.Contains(t, string(one.append(nil, outs)), `"callbackData":"42"`, "reports name the message all the same")
}
