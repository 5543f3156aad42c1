package sandbox_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider/sandbox"
)

func TestEveryFormatIsRecordedInTheSameWords(t *testing.T) {
	t.Parallel()
	for provider := range formats() {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{DeliveredPercent: 100})
			f := w.as(t, provider)
			status, answer := w.send(t, f, 42, phone, "hi")
			require.Equal(t, f.ok, status, answer)
			w.settle(t)
			rec := w.box.Accepted()[0]
			require.Equal(t, provider, rec.Provider)
			require.EqualValues(t, 42, rec.MessageID)
			require.Equal(t, phone, rec.To)
			require.Equal(t, number, rec.From)
			require.Equal(t, "hi", rec.Body)
			require.Equal(t, 1, rec.Segments)
			require.Equal(t, []string{f.sent, f.ends[""]}, w.wordsOf(t, f))
			_, lines := w.do(t, http.MethodGet, "/phones/"+phone+"/lines.json", "")
			require.Contains(t, lines, `"provider":"`+provider+`"`)
		})
	}
}

func TestEveryFaultStrikesInEveryFormat(t *testing.T) {
	t.Parallel()
	always := sandbox.Spell{Percent: 100}
	for provider := range formats() {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			for name, tc := range map[string]struct {
				faults   sandbox.Faults
				status   int // -1 is that of a success
				accepted int
			}{
				"throttled":    {sandbox.Faults{Throttled: sandbox.Spell{Percent: 100, RetryAfter: 3}}, 429, 0},
				"fail before":  {sandbox.Faults{FailBefore: always}, 500, 0},
				"page before":  {sandbox.Faults{PageBefore: always}, 502, 0},
				"drop before":  {sandbox.Faults{DropBefore: always}, 0, 0},
				"fail after":   {sandbox.Faults{FailAfter: always}, 500, 1},
				"garble after": {sandbox.Faults{GarbleAfter: always}, -1, 1},
				"drop after":   {sandbox.Faults{DropAfter: always}, 0, 1},
			} {
				w := newWorld(t, sandbox.Options{Faults: tc.faults, DeliveredPercent: 100})
				f := w.as(t, provider)
				if tc.status < 0 {
					tc.status = f.ok
				}
				status, answer := w.send(t, f, 1, phone, "hi")
				require.Equal(t, tc.status, status, name+answer)
				require.Equal(t, tc.accepted, w.box.Count(), name)
				w.settle(t)
				require.Len(t, w.wordsOf(t, f), 2*tc.accepted, name)
			}
		})
	}
}

func TestCallbacksGoWrongInEveryFormat(t *testing.T) {
	t.Parallel()
	always := sandbox.Spell{Percent: 100}
	for provider := range formats() {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			f := formats()[provider]
			end := f.ends[""]
			for name, tc := range map[string]struct {
				faults sandbox.Faults
				want   []string
			}{
				"twice":     {sandbox.Faults{CallbacksTwice: always}, []string{f.sent, f.sent, end, end}},
				"reordered": {sandbox.Faults{CallbacksReordered: always}, []string{end, f.sent}},
				"lost":      {sandbox.Faults{CallbacksLost: always}, []string{}},
				"early":     {sandbox.Faults{CallbacksEarly: always}, []string{f.sent, end}},
			} {
				w := newWorld(t, sandbox.Options{Faults: tc.faults, DeliveredPercent: 100})
				w.as(t, provider)
				w.send(t, f, 1, phone, "hi")
				if name == "early" {
					require.Equal(t, tc.want, w.wordsOf(t, f), "before the answer")
				}
				w.settle(t)
				require.Equal(t, tc.want, w.wordsOf(t, f), name)
			}
		})
	}
}

func TestEveryReasonHasACodeInEveryFormat(t *testing.T) {
	t.Parallel()
	for provider := range formats() {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			for class, want := range formats()[provider].refused {
				w := newWorld(t, sandbox.Options{Faults: sandbox.Faults{Refusals: []sandbox.RefusalShare{{Class: class, Percent: 100}}}})
				_, answer := w.send(t, w.as(t, provider), 1, phone, "hi")
				require.Contains(t, answer, want, class)
				require.Zero(t, w.box.Count())
				require.EqualValues(t, 1, w.box.Stats().Refused)
			}
			for class, want := range formats()[provider].ends {
				o := sandbox.Options{DeliveredPercent: 0.0001, Undelivered: []string{class}}
				if class == "" {
					o = sandbox.Options{DeliveredPercent: 100}
				}
				w := newWorld(t, o)
				f := w.as(t, provider)
				w.send(t, f, 1, phone, "hi")
				w.settle(t)
				require.Equal(t, []string{f.sent, want}, w.wordsOf(t, f), class)
			}
		})
	}
}

func TestAPhoneIsRefusedByEveryProviderAlike(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Faults: sandbox.Faults{Refusals: []sandbox.RefusalShare{{Class: "bad_number", Percent: 40}}}})
	for provider := range formats() {
		w.as(t, provider)
		for i := range 30 {
			w.send(t, formats()[provider], i+1, fmt.Sprintf("+1212555%04d", i), "hi")
		}
	}
	taken := map[string]int{}
	for _, r := range w.box.Accepted() {
		taken[r.To]++
	}
	require.NotEmpty(t, taken)
	require.Less(t, len(taken), 30)
	for to, n := range taken {
		require.Equal(t, 4, n, to)
	}
}

func TestAStopBlocksInEveryFormat(t *testing.T) {
	t.Parallel()
	for provider := range formats() {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{BlocksOptOuts: true})
			f := w.as(t, provider)
			w.mu.Lock()
			w.fails = 1
			w.mu.Unlock()
			_, err := w.box.Reply(phone, number, "Stop")
			require.NoError(t, err)
			w.settle(t)
			require.Len(t, w.box.Stops(), 1)
			require.Len(t, w.hooksAt("/inbound"), 1, "tried again after the 503")
			_, answer := w.send(t, f, 1, phone, "hi")
			require.Contains(t, answer, f.refused["opted_out"])
			require.Zero(t, w.box.Count())
		})
	}
}

func TestTheJournalReplaysEveryFormat(t *testing.T) {
	t.Parallel()
	for provider := range formats() {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "journal")
			w := newWorld(t, sandbox.Options{Journal: file, DeliveredPercent: 100, Callbacks: sandbox.Callbacks{Hold: true}})
			f := w.as(t, provider)
			w.send(t, f, 7, phone, "“hi”")

			again := newWorld(t, sandbox.Options{Journal: file, DeliveredPercent: 100})
			require.Equal(t, w.box.Accepted(), again.box.Accepted())
			again.settle(t)
			require.Equal(t, []string{f.sent, f.ends[""]}, w.wordsOf(t, f), "they go where the text said")
			third := newWorld(t, sandbox.Options{Journal: file, DeliveredPercent: 100})
			require.True(t, third.box.Idle(), "an answered callback is not made again")
		})
	}
}

func TestOnlyListedKeysMaySend(t *testing.T) {
	t.Parallel()
	for provider := range formats() {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Accounts: map[string]string{"AC1": "other"}})
			status, _ := w.send(t, w.as(t, provider), 1, phone, "hi")
			require.Equal(t, http.StatusUnauthorized, status)
			require.Zero(t, w.box.Count())
		})
	}
	w := newWorld(t, sandbox.Options{Accounts: map[string]string{"AC9": "key"}})
	status, _ := w.send(t, w.as(t, sandbox.Telnyx), 1, phone, "hi")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "AC9", w.box.Accepted()[0].Account)
}

func TestRequestsThatAreTooLargeOrNonsenseAreRefused(t *testing.T) {
	t.Parallel()
	for provider := range formats() {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{})
			f := w.as(t, provider)
			large := f.request(w, 1, phone, "hi") + strings.Repeat(" ", 8<<20)
			for _, body := range []string{large, `{"messages":[`, "", `{}`, `[1]`, `{"messages":"x"}`} {
				status, answer := w.doWith(t, http.MethodPost, f.path, body, f.header)
				require.GreaterOrEqual(t, status, 400, answer)
				require.Less(t, status, 500, answer)
			}
			require.Zero(t, w.box.Count())
		})
	}
}

func TestNumbersAreCheckedAndWrittenInOneForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	err := w.box.Register(sandbox.Number{Phone: "1", Provider: "pigeon", InboundURL: w.app, StatusURL: "nowhere"})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.ErrorContains(t, err, "provider")
	require.ErrorContains(t, err, "status_url")
	status, answer := w.do(t, http.MethodPut, "/sandbox/numbers/0019995550000",
		`{"provider":"cm","inbound_url":"`+w.app+`/in","status_url":"`+w.app+`/st"}`)
	require.Equal(t, http.StatusNoContent, status, answer)
	_, err = w.box.Reply(phone, "+19995550000", "hi")
	require.NoError(t, err)
}

func TestReasonsNobodyKnowsAreRefused(t *testing.T) {
	t.Parallel()
	_, err := sandbox.New(sandbox.Options{Undelivered: []string{"bored"}})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	_, err = sandbox.New(sandbox.Options{Faults: sandbox.Faults{Refusals: []sandbox.RefusalShare{{Class: "bored", Percent: 1}}}})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}
