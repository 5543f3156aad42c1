package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/models"
)

func aConnection() map[string]any {
	return map[string]any{"network": "tune", "name": "Acme Leads", "network_id": "Acme", "api_key": "k3yOfTheAffiliate", "zone": "America/New_York"}
}

//nolint:thelper // a step is a test of its own
func TestConnectionsToNetworks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	res := w.do("POST", "/v1/connections", aConnection(), "Idempotency-Key", "k")
	c := res.want(http.StatusCreated)
	path := "/v1/connections/" + c.str("id")
	require.Equal(t, path, res.Header().Get("Location"))
	require.Equal(t, "acme", c.str("network_id"))
	require.Equal(t, "up", c.str("state"))
	require.NotContains(t, res.Body.String(), "k3yOf")
	require.Equal(t, c.str("id"), w.do("POST", "/v1/connections", aConnection(), "Idempotency-Key", "k").want(http.StatusCreated).str("id"))

	w.step("its key is kept, and never shown", func(t *testing.T) {
		_, key, err := w.store.OpenConnection(t.Context(), w.account, models.ConnectionID(c.str("id")))
		require.NoError(t, err)
		require.Equal(t, "k3yOfTheAffiliate", key.Token)
		for _, p := range []string{path, "/v1/connections"} {
			got := w.do("GET", p, nil)
			got.want(http.StatusOK)
			require.NotContains(t, got.Body.String(), "k3yOf")
		}
		require.Len(t, w.do("GET", "/v1/connections", nil).want(http.StatusOK).items("items"), 1)
	})
	w.step("it is pulled when asked", func(t *testing.T) {
		w.do("POST", path+"/pull", nil).want(http.StatusAccepted)
		require.Equal(t, []models.ConnectionID{models.ConnectionID(c.str("id"))}, w.engine.pulls)
		w.engine.breaks(t)
		w.do("POST", path+"/pull", nil).want(http.StatusServiceUnavailable)
	})
	w.step("nonsense is refused with everything that is wrong", func(t *testing.T) {
		bad := w.do("POST", "/v1/connections", map[string]any{
			"network": "cake", "name": " ", "network_id": "a.example/#", "api_key": "short", "zone": "Mars", "base_url": "http://10.0.0.1",
		}).want(http.StatusUnprocessableEntity)
		require.GreaterOrEqual(t, len(bad.errors()), 6, bad.errors())
		inside := aConnection()
		inside["base_url"] = "http://127.0.0.1:9"
		require.Len(t, w.do("POST", "/v1/connections", inside).want(http.StatusUnprocessableEntity).errors(), 1, "this machine is nobody's to ask")
		local := newWorldWith(t, func(o *api.Options) { o.Local = true })
		local.do("POST", "/v1/connections", inside).want(http.StatusCreated)
	})
	w.step("nobody else's", func(t *testing.T) {
		_, key := w.newAccount()
		w.as(key, "GET", path, nil).want(http.StatusNotFound)
		w.as(key, "DELETE", path, nil).want(http.StatusNotFound)
		w.as(key, "POST", path+"/pull", nil).want(http.StatusNotFound)
		require.Empty(t, w.as(key, "GET", "/v1/connections", nil).want(http.StatusOK).items("items"))
	})
	w.step("one can be forgotten", func(t *testing.T) {
		w.do("DELETE", path, nil).want(http.StatusNoContent)
		w.do("DELETE", path, nil).want(http.StatusNotFound)
		w.do("GET", "/v1/connections/x", nil).want(http.StatusNotFound)
	})
}
