package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

//nolint:thelper // a step is a test of its own
func TestEveryProvidersStatusReports(t *testing.T) {
	t.Parallel()
	for _, v := range vendors() {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			list, ids := w.at(v, 5)
			path := w.hook(list, "status")
			post := func(r *http.Request) int { return w.serve(r).Code }
			w.step("a delivered text is delivered, however often that is said", func(t *testing.T) {
				require.Equal(t, v.ok, post(v.report(t, path, "", ids[0])))
				require.Equal(t, v.ok, post(v.report(t, path, "", ids[0])))
				require.Equal(t, "delivered", w.state(ids[0]))
			})
			w.step("a block that is reported later opts the person out", func(t *testing.T) {
				require.Equal(t, v.ok, post(v.report(t, path, v.stop, ids[1])))
				m := w.message(ids[1])
				require.Equal(t, "undelivered", m["state"])
				require.Equal(t, "opted_out", m["reason"])
				require.Equal(t, v.stop, m["provider_code"])
				require.Equal(t, []string{"active", "opted_out", "active", "active", "active"}, w.statuses(list))
				silent := w.do("GET", "/v1/suppressions", nil).want(http.StatusOK).items("items")
				require.Len(t, silent, 1)
				require.Equal(t, "provider", silent[0]["source"])
			})
			w.step("a code nobody knows settles the message and is counted", func(t *testing.T) {
				require.Equal(t, v.ok, post(v.report(t, path, v.fancy, ids[2])))
				require.Equal(t, "undelivered", w.state(ids[2]))
				codes := w.do("GET", "/v1/unheard-codes", nil).want(http.StatusOK).items("items")
				require.Len(t, codes, 1)
				require.Equal(t, v.name, codes[0]["provider"])
				require.Equal(t, v.fancy, codes[0]["code"])
				require.Equal(t, "active", w.statuses(list)[2])
			})
			w.step("several reports in one post are all heard", func(t *testing.T) {
				if !v.several {
					return
				}
				require.Equal(t, v.ok, post(v.report(t, path, "", ids[3], ids[4])))
				require.Equal(t, "delivered", w.state(ids[3]))
				require.Equal(t, "delivered", w.state(ids[4]))
			})
			w.step("a forgery is 401 and changes nothing", func(t *testing.T) {
				if !v.signs {
					return
				}
				r := v.report(t, path, "", ids[4])
				v.forged(r)
				w.serve(r).want(http.StatusUnauthorized)
				require.Equal(t, "queued", w.state(ids[4]))
			})
			w.step("nonsense is 422 or 401, and too much 413", func(t *testing.T) {
				require.Contains(t, []int{401, 422}, post(posted(t, path, "%zz{")))
				w.serve(posted(t, path, strings.Repeat("x", 1<<20+1))).want(http.StatusRequestEntityTooLarge)
			})
		})
	}
}

//nolint:thelper // a step is a test of its own
func TestEveryProvidersInboundTexts(t *testing.T) {
	t.Parallel()
	for _, v := range vendors() {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			list, ids := w.at(v, 3)
			path := w.hook(list, "inbound")
			say := func(id string, i int, bodies ...string) {
				require.Equal(w.t, http.StatusOK, w.serve(v.text(w.t, path, id, phoneOf(i), bodies...)).Code)
			}
			w.step("a STOP is heard, and what is queued does not go out", func(t *testing.T) {
				say("m-1", 0, "Stop")
				require.Equal(t, []string{"opted_out", "active", "active"}, w.statuses(list))
				require.Equal(t, "skipped", w.state(ids[0]))
			})
			w.step("an old STOP that is posted again behind a START ends nothing", func(t *testing.T) {
				say("m-2", 0, "START")
				require.Equal(t, "active", w.statuses(list)[0])
				say("m-1", 0, "Stop")
				require.Equal(t, "active", w.statuses(list)[0])
				require.Len(t, w.do("GET", "/v1/inbound", nil).want(http.StatusOK).items("items"), 2)
				say("m-3", 0, "Stop")
				require.Equal(t, "opted_out", w.statuses(list)[0], "a new STOP is a new STOP")
			})
			w.step("several texts in one post are all heard", func(t *testing.T) {
				if v.name != "infobip" {
					return
				}
				say("m-4", 1, "hello", "what is this", "STOP")
				require.Equal(t, "opted_out", w.statuses(list)[1])
				said := w.do("GET", "/v1/inbound?phone=2125550101", nil).want(http.StatusOK).items("items")
				require.Equal(t, []string{"hello", "what is this", "STOP"}, bodiesOf(said))
			})
			w.step("a forged STOP is 401 and ends nothing", func(t *testing.T) {
				if !v.signs {
					return
				}
				r := v.text(t, path, "m-5", phoneOf(2), "STOP")
				v.forged(r)
				w.serve(r).want(http.StatusUnauthorized)
				require.Equal(t, "active", w.statuses(list)[2])
			})
			w.step("nonsense is 422 or 401, and too much 413", func(t *testing.T) {
				require.Contains(t, []int{401, 422}, w.serve(posted(t, path, "%zz{")).Code)
				w.serve(posted(t, path, strings.Repeat("x", 1<<20+1))).want(http.StatusRequestEntityTooLarge)
			})
		})
	}
}

func bodiesOf(all []object) (out []string) {
	for _, o := range all {
		out = append(out, o.str("body"))
	}
	return out
}
