package api_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/internal/testkit"
)

// A message's story tells each click: what is believed of it, and what its request said by
// itself when that was something else.
func TestAStoryTellsWhatIsBelievedOfClicks(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	w := newWorldWith(t, func(o *api.Options) { o.Store = testkit.Open(t, database) })
	store := testkit.Open(t, database)
	w.store = store
	w.account, w.key = w.newAccount()
	_, _, ids := w.sending(1)
	code, err := w.codes.Encode(int64(ids[0]), 1)
	require.NoError(t, err)
	story := func() []object {
		return w.do("GET", "/v1/messages/"+strconv.FormatInt(int64(ids[0]), 10)+"/why", nil).want(http.StatusOK).items("clicks")
	}
	require.Empty(t, story())

	testkit.Exec(t, database, `UPDATE messages SET state = 'sent', claimed_at = clock_timestamp(), sent_at = clock_timestamp()`)
	w.as("", "GET", "/"+code, nil, "User-Agent", phoneAgent)
	w.as("", "HEAD", "/"+code, nil, "User-Agent", phoneAgent)
	told := story()
	require.Len(t, told, 2)
	require.Equal(t, []any{"human", "nothing_against", true, nil}, []any{told[0]["verdict"], told[0]["reason"], told[0]["counts"], told[0]["own_verdict"]})

	revised, err := store.ReviseClicks(t.Context(), time.Now().Add(time.Second), 1000)
	require.NoError(t, err)
	require.EqualValues(t, 1, revised.Changed)
	told = story()
	require.Equal(t, []any{"bot", "too_soon", nil, "human", "nothing_against"},
		[]any{told[0]["verdict"], told[0]["reason"], told[0]["counts"], told[0]["own_verdict"], told[0]["own_reason"]})
	require.Equal(t, []any{"bot", "head_request", nil}, []any{told[1]["verdict"], told[1]["reason"], told[1]["own_verdict"]})
}
