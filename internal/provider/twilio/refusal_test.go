package twilio

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

func TestTwiliosCodeIsReadFromItsJSONOnly(t *testing.T) {
	t.Parallel()
	require.Equal(t, "21610", refused(wire.Reply{Status: 400, Body: []byte(`{"code":21610,"message":"+1 said STOP"}`)}).Code)
	for _, body := range []string{"", "<html>", `{"code":0}`, `{"code":"x"}`} {
		require.Empty(t, refused(wire.Reply{Status: 400, Body: []byte(body)}).Code)
	}
}

func TestEveryCodeHasAClassAndASentence(t *testing.T) {
	t.Parallel()
	for code, m := range codes {
		require.NotEqual(t, provider.None, m.Class, code)
		require.NotEqual(t, provider.Unanswered, m.Class, code)
		require.NotEmpty(t, m.Sentence, code)
	}
}
