package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider/sandbox"
)

func TestAStopIsNotedOnceItIsAcknowledged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{BlocksOptOuts: true})
	w.fails = 2
	_, err := w.box.Reply(phone, number, " stop ")
	require.NoError(t, err)
	w.settle(t)
	require.Len(t, w.box.Stops(), 1)
	require.Equal(t, phone, w.box.Stops()[0].Phone)

	status, answer := w.text(t, phone, "hi")
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, answer, "21610")
	_, err = w.box.Reply(phone, number, "START")
	require.NoError(t, err)
	w.settle(t)
	status, _ = w.text(t, phone, "hi")
	require.Equal(t, http.StatusCreated, status)
}

func TestAStopThatIsNotAcknowledgedIsNotNoted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Callbacks: sandbox.Callbacks{Retries: -1}})
	w.fails = 1
	_, err := w.box.Reply(phone, number, "STOP")
	require.NoError(t, err)
	w.settle(t)
	require.Empty(t, w.box.Stops())
	require.EqualValues(t, 1, w.box.Stats().InboundFailed)
}

func TestUnblockedSandboxesLetTheSendersMistakeThrough(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	_, err := w.box.Reply(phone, number, "STOP")
	require.NoError(t, err)
	w.settle(t)
	status, _ := w.text(t, phone, "hi")
	require.Equal(t, http.StatusCreated, status)
	require.True(t, w.box.AcceptedTo(phone)[0].At.After(w.box.Stops()[0].At))
}

func TestOnlyRegisteredNumbersCanBeTexted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	_, err := w.box.Reply(phone, "+19995550000", "hi")
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	status, _ := w.do(t, http.MethodPut, "/sandbox/numbers/+19995550000", `{"account_sid":"AC1","token":"t","inbound_url":"`+w.app+`/second"}`)
	require.Equal(t, http.StatusNoContent, status)
	form := url.Values{"number": {"+19995550000"}, "body": {"hello"}}
	status, _ = w.do(t, http.MethodPost, "/phones/"+phone, form.Encode())
	require.Equal(t, http.StatusNoContent, status)
	w.settle(t)
	require.Len(t, w.hooksAt("/second"), 1)
	require.Equal(t, "hello", w.hooksAt("/second")[0].form.Get("Body"))
}

func TestPeopleClickLinksWithAPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100})
	people := func(base string) sandbox.People {
		return sandbox.People{On: true, LinkBase: base, Click: func(body string) float64 {
			if strings.Contains(body, "deal") {
				return 100
			}
			return 0
		}}
	}
	lively := newWorld(t, sandbox.Options{DeliveredPercent: 100, People: people(w.app)})
	lively.text(t, phone, "A deal: go.example.com/abc1234.")
	lively.text(t, phone, "Boring: go.example.com/xyz1234")
	lively.settle(t)
	clicks := w.hooksAt("/abc1234")
	require.Len(t, clicks, 1)
	require.Equal(t, "go.example.com", clicks[0].host, "the list's own domain is asked for")
	require.Contains(t, clicks[0].agent, "Mobile")
	require.Empty(t, w.hooksAt("/xyz1234"))
	require.EqualValues(t, 1, lively.box.Stats().Clicks)
}

func TestMessengersFetchPreviewsWhateverPeopleDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100})
	lively := newWorld(t, sandbox.Options{DeliveredPercent: 100, People: sandbox.People{On: true, LinkBase: w.app, Bots: []sandbox.BotShare{{Kind: sandbox.AppleMessages, Percent: 100}}}})
	lively.text(t, phone, "Look: go.example.com/abc1234")
	lively.settle(t)
	require.Len(t, w.hooksAt("/abc1234"), 1)
	require.Contains(t, w.hooksAt("/abc1234")[0].agent, "facebookexternalhit")
	require.EqualValues(t, 1, lively.box.Stats().Bots)
	require.Zero(t, lively.box.Stats().Clicks)
}

func TestPeopleOfOneNumberCanBeSilenced(t *testing.T) {
	t.Parallel()
	o := sandbox.Options{DeliveredPercent: 100, People: sandbox.People{On: true, StopPercent: 100}}
	loud, quiet := newWorld(t, o), newWorld(t, o)
	require.NoError(t, quiet.box.Register(sandbox.Number{Phone: number, InboundURL: quiet.app + "/inbound", People: "off"}))
	for _, w := range []*world{loud, quiet} {
		w.text(t, phone, "hi")
		w.settle(t)
	}
	require.Len(t, loud.box.Stops(), 1)
	require.Empty(t, quiet.hooksAt("/inbound"))
}

func TestEveryAcknowledgedTextIsHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Callbacks: sandbox.Callbacks{Retries: -1}})
	_, err := w.box.Reply(phone, number, "take me off your list")
	require.NoError(t, err)
	w.settle(t)
	w.fails = 1
	_, err = w.box.Reply(phone, number, "STOP")
	require.NoError(t, err)
	w.settle(t)
	require.Empty(t, w.box.Stops())
	require.Len(t, w.box.Heard(), 1, "not the one whose webhook failed")
	require.Equal(t, "take me off your list", w.box.Heard()[0].Body)
	require.False(t, w.box.Heard()[0].At.IsZero())
}
