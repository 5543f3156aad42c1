package providertest

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider"
)

// genuine is a true webhook and how the adapter reads its kind.
type genuine func(t *testing.T) (provider.Webhook, func(provider.Webhook) error)

func forgeries(t *testing.T, s Subject) {
	t.Helper()
	for kind, made := range map[string]genuine{"status": s.status, "inbound": s.inbound} {
		t.Run(kind, func(t *testing.T) { t.Parallel(); forge(t, s, made) })
	}
}

func (s Subject) status(t *testing.T) (provider.Webhook, func(provider.Webhook) error) {
	t.Helper()
	rig, hooks := s.play(t, Takes)
	require.True(t, send(t, rig).Accepted())
	w, _ := hooks.reported(t, rig.Adapter)
	return w, func(w provider.Webhook) error { _, err := rig.Adapter.Status(w); return err }
}

func (s Subject) inbound(t *testing.T) (provider.Webhook, func(provider.Webhook) error) {
	t.Helper()
	rig, hooks := s.play(t, Takes)
	rig.Say(phone, "STOP")
	return hooks.next(t), func(w provider.Webhook) error { _, err := rig.Adapter.Inbound(w); return err }
}

// forge changes a true webhook in every place a forger could.
func forge(t *testing.T, s Subject, made genuine) {
	t.Helper()
	forgery := func(name string, change func(*provider.Webhook), want fault.Kind, scripts ...Script) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, script := range scripts {
				s.need(t, script)
			}
			w, read := made(t)
			require.NoError(t, read(w), "the true one is read")
			change(&w)
			require.Equal(t, want, fault.KindOf(read(w)))
		})
	}
	half := func(w *provider.Webhook) { w.Body = w.Body[:len(w.Body)/2] }
	if !s.caps().Signs {
		forgery("half of it", half, fault.Invalid)
		forgery("nothing at all", func(w *provider.Webhook) { w.Body = nil }, fault.Invalid)
		return
	}
	forgery("half of it", half, fault.Forbidden)
	forgery("nothing at all", func(w *provider.Webhook) { w.Body = nil }, fault.Forbidden)
	forgery("unsigned", func(w *provider.Webhook) { w.Header = http.Header{} }, fault.Forbidden)
	forgery("longer", func(w *provider.Webhook) { w.Body = append(bytes.Clone(w.Body), "&Forged=1"...) }, fault.Forbidden)
	forgery("at another address", func(w *provider.Webhook) { w.URL += "&message=43" }, fault.Forbidden, ForgedAddress)
	forgery("an hour later", func(w *provider.Webhook) { w.Now = w.Now.Add(time.Hour) }, fault.Forbidden, OldWebhook)
}
