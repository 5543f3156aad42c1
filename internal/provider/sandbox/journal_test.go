package sandbox_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
)

func TestTheJournalOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "journal")
	w := newWorld(t, sandbox.Options{Journal: file, DeliveredPercent: 100})
	w.text(t, phone, "hi")
	_, err := w.box.Reply(phone, number, "STOP")
	require.NoError(t, err)
	w.settle(t)

	// A killed process leaves a torn line behind.
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = f.WriteString(`{"accepted":{"sid":"SMtorn`)
	require.NoError(t, err)
	require.NoError(t, f.Close())

	again := newWorld(t, sandbox.Options{Journal: file, DeliveredPercent: 100})
	require.Equal(t, w.box.Accepted()[0].SID, again.box.Accepted()[0].SID)
	require.Len(t, again.box.Stops(), 1)
	require.True(t, again.box.Idle(), "an answered callback is not made again")
	again.text(t, phone, "hi again")
	again.settle(t)

	third := newWorld(t, sandbox.Options{Journal: file})
	require.Equal(t, 2, third.box.Count(), "nothing is glued to the torn line")
}

func TestOwedCallbacksAreMadeByTheNextProcess(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "journal")
	w := newWorld(t, sandbox.Options{Journal: file, DeliveredPercent: 100, Callbacks: sandbox.Callbacks{Hold: true}})
	w.text(t, phone, "hi")
	require.Empty(t, w.statuses())

	again := newWorld(t, sandbox.Options{Journal: file, DeliveredPercent: 100})
	again.settle(t)
	require.Equal(t, []string{"sent", "delivered"}, w.statuses(), "they go where the text said")
}

func TestOldJournalsKnowTwilioOnly(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "journal")
	line := `{"accepted":{"sid":"SM1","account_sid":"AC1","message_id":7,"from":"` + number + `","to":"` + phone + `","body":"hi"},"token":"t"}`
	require.NoError(t, os.WriteFile(file, []byte(line+"\n"+`{"finished":"SM1"}`+"\n"), 0o600))
	w := newWorld(t, sandbox.Options{Journal: file})
	require.Equal(t, sandbox.Twilio, w.box.Accepted()[0].Provider)
	require.Len(t, w.list(t, messages).Messages, 1)
	require.True(t, w.box.Idle())
}

func TestAJournalThatCannotBeOpenedIsAnError(t *testing.T) {
	t.Parallel()
	_, err := sandbox.New(sandbox.Options{Journal: t.TempDir()})
	require.Error(t, err)
}
