package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

// TestAStrangerSeesNothing walks every operation of the OpenAPI document with the key of
// another account. A new route is walked too; one this test has no id for fails it.
//
//nolint:thelper // a step is a test of its own
func TestAStrangerSeesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.oneOfEach()
	_, stranger := w.newAccount()
	doc := document(t, w)
	require.NotEmpty(t, doc.Paths)
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for verb, op := range doc.Paths[path] {
			method := strings.ToUpper(verb)
			if !strings.Contains(path, "{") && method != http.MethodGet {
				continue // makes something of the stranger's own
			}
			w.step(method+" "+path, func(t *testing.T) {
				body := op.sample(doc)
				if method == http.MethodGet {
					w.do(method, fill(t, path, ids), nil, "Accept", "*/*").isOK()
				}
				if shared(path) {
					return
				}
				got := w.as(stranger, method, fill(t, path, ids), body)
				if path == "/v1/reports.csv" {
					require.Regexp(t, `(?m)^[0.,]+$`, got.Body.String(), "a stranger reads the owner's sums")
					return
				}
				if !strings.Contains(path, "{") {
					require.Empty(t, got.want(http.StatusOK)["items"], "a stranger reads the owner's")
					return
				}
				got.want(http.StatusNotFound)
				for _, id := range []string{"nonsense", "0", "-1", "99999999999999999999", "%00", "01a20a95-5865-7af5-8805-7e8f7159fc7%27"} {
					w.as(w.key, method, fill(t, path, map[string]string{"*": id}), body).want(http.StatusNotFound)
				}
			})
		}
	}
}

// shared are paths with a name that every account may use: a provider's, or one of its
// own making.
func shared(path string) bool {
	return path == "/v1/providers/{name}/codes" || path == "/v1/pace-groups/{name}" || path == "/v1/rates/{currency}"
}

func (a answer) isOK() {
	a.t.Helper()
	require.Equal(a.t, http.StatusOK, a.Code, a.Body)
}

// oneOfEach makes one of everything and gives the ids by the paths that take them.
func (w *world) oneOfEach() map[string]string {
	w.t.Helper()
	list, campaign, messages := w.sending(2)
	imp := w.do("GET", "/v1/lists/"+string(list)+"/imports", nil).want(http.StatusOK).items("items")[0]
	contact := w.do("GET", "/v1/lists/"+string(list)+"/contacts", nil).want(http.StatusOK).items("items")[0]
	w.do("PUT", "/v1/pace-groups/main", map[string]any{"messages_per_second": 5}).want(http.StatusOK)
	require.Equal(w.t, http.StatusOK, w.webhook(w.hook(list, "inbound"), inboundForm("SM77", "+12125550999", "STOP")).Code)
	said := w.do("GET", "/v1/inbound", nil).want(http.StatusOK).items("items")[0]
	silent := w.do("GET", "/v1/suppressions", nil).want(http.StatusOK).items("items")[0]
	require.NoError(w.t, w.store.AddEvent(w.t.Context(), models.Event{AccountID: w.account, Kind: models.EventReview, Severity: models.Info, Text: "x"}))
	require.NoError(w.t, w.store.CountUnheard(w.t.Context(), w.account, "twilio", map[string]int{"1": 1}))
	offer := w.do("POST", "/v1/offers", anOffer()).want(http.StatusCreated).str("id")
	told := w.do("POST", "/v1/conversions", map[string]any{"offer_id": offer, "transaction_id": "T"}).want(http.StatusOK).str("id")
	w.do("PUT", "/v1/rates/EUR", map[string]any{"rate": "1.08"}).want(http.StatusOK)
	connection := w.do("POST", "/v1/connections", aConnection()).want(http.StatusCreated).str("id")
	link := w.do("POST", "/v1/links", map[string]any{"url": "https://elsewhere.example/"}).want(http.StatusCreated).str("id")
	domain, err := w.store.AddLinkDomain(w.t.Context(), models.Once{}, models.LinkDomain{
		ID: models.NewID[models.DomainID](), AccountID: w.account, ListID: list, Rank: 1, URL: "https://go.example", State: models.DomainNew,
	})
	require.NoError(w.t, err)
	return map[string]string{
		"/v1/connections/{id}": connection, "/v1/links/{id}": link, "{domain}": string(domain.ID), "/v1/offers/{id}": offer, "/v1/conversions/{id}": told, "/v1/rates/{currency}": "EUR",
		"/v1/lists/{id}": string(list), "/v1/campaigns/{id}": string(campaign), "/v1/creatives/{id}": string(w.creative()),
		"/v1/imports/{id}": imp.str("id"), "/v1/messages/{id}": fmt.Sprint(messages[0]), "{contact_id}": contact.str("id"),
		"/v1/inbound/{id}": said.str("id"), "/v1/suppressions/{id}": silent.str("id"), "/v1/providers/{name}": "twilio",
		"/v1/pace-groups/{name}": "main", "/v1/fields/{name}": "plan", "{rank}": "1",
		"/v1/audiences/{id}": w.audience("static", texans()), "/v1/audiences/{id}/why": w.audience("static", texans()) + "/why?contact_id=" + contact.str("id"),
	}
}

// fill puts ids into a path.
func fill(t *testing.T, path string, ids map[string]string) string {
	t.Helper()
	if all, ok := ids["*"]; ok {
		path = strings.ReplaceAll(path, "{rank}", "1")
		return regexp.MustCompile(`\{[a-z_]+\}`).ReplaceAllLiteralString(path, all)
	}
	patterns := slices.SortedFunc(maps.Keys(ids), func(a, b string) int { return len(b) - len(a) }) // the closest first
	for _, pattern := range patterns {
		head, _, _ := strings.Cut(pattern, "{")
		path = strings.Replace(path, pattern, head+ids[pattern], 1)
	}
	require.NotContains(t, path, "{", "give oneOfEach one of these")
	return path
}

type openAPI struct {
	OpenAPI    string                          `json:"openapi"`
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Schemas map[string]schema `json:"schemas"`
	} `json:"components"`
}

type operation struct {
	OperationID string `json:"operationId"`
	Summary     string `json:"summary"`
	RequestBody struct {
		Content map[string]struct {
			Schema schema `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`
}

type schema struct {
	Ref        string            `json:"$ref"`
	Required   []string          `json:"required"`
	Properties map[string]schema `json:"properties"`
}

// sample is a body with everything that is required, all of it texts.
func (o operation) sample(doc openAPI) any {
	if _, ok := o.RequestBody.Content["application/gzip"]; ok {
		return "phone\n+12125550101\n"
	}
	s := o.RequestBody.Content["application/json"].Schema
	s = doc.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	body := map[string]any{}
	for _, name := range s.Required {
		body[name] = "x"
	}
	return body
}

func document(t *testing.T, w *world) openAPI {
	t.Helper()
	raw, err := w.server.OpenAPI()
	require.NoError(t, err)
	var doc openAPI
	require.NoError(t, json.Unmarshal(raw, &doc))
	return doc
}

func TestTheDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	doc := document(t, w)
	require.Equal(t, "3.1.0", doc.OpenAPI)
	seen := map[string]bool{}
	for path, verbs := range doc.Paths {
		for verb, op := range verbs {
			require.NotEmpty(t, op.Summary, "%s %s", verb, path)
			require.False(t, seen[op.OperationID], op.OperationID)
			seen[op.OperationID] = true
			writes := verb == "post" || verb == "put" || verb == "patch"
			require.Equal(t, writes, len(op.RequestBody.Content) > 0, "%s %s", verb, path)
		}
	}
	require.NotContains(t, doc.Components.Schemas, "ErrorModel")
	require.Contains(t, doc.Components.Schemas, "Problem")
	served := w.as("", "GET", "/openapi.json", nil)
	raw, err := w.server.OpenAPI()
	require.NoError(t, err)
	require.Equal(t, string(raw), served.Body.String())
}
