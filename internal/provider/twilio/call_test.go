package twilio

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSlimKeepsTheSidWhateverTheTextSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Just(`"sid":"SMforged"`)).Draw(t, "text")
		full, err := json.Marshal(map[string]any{"body": text, "sid": "SM1", "to": text})
		require.NoError(t, err)
		require.JSONEq(t, `{"sid":"SM1"}`, string(slim(full)))
	})
}

func TestSlimLeavesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, body := range []string{``, `{"sid":"SM1`, `{"sid":"SM1"`, `{"sid":null}`, `<html>"sid":"SM1"</html>`, `{"sid": "SM1"}`} {
		require.Equal(t, body, string(slim([]byte(body))))
	}
}
