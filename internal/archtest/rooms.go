package archtest

import "strings"

const module = "trackly/"

// everything stands for all rooms but those that only tests and one command enter.
const everything = "*"

// room is a folder and what its files may import of this module. The first match in
// rooms wins, so a room within a room comes before it.
type room struct {
	path string
	may  []string
	why  string // shown to whoever breaks the rule
}

func rooms() []room {
	return []room{
		{"rules/", []string{"rules/", "internal/fault"}, "a rule is computed from its arguments alone"},
		{"models/", []string{"rules/", "internal/fault"}, "a noun knows rules, never where it is stored"},
		{"workflows/", []string{"activities", "models", "rules/"}, "a workflow names activities and holds ids"},
		{"activities/", []string{"models", "rules/", "internal/provider", "internal/handover", "internal/network", "internal/fault"}, "an activity meets the store through its own small interface"},
		{"workers/", []string{"workflows", "activities", "internal/fault"}, "workers register, they do not act"},
		{"api/", []string{"models", "rules/", "workflows", "internal/fault", "internal/handover", "internal/provider"}, "a handler meets store and engine through its own small interfaces"},
		{"config/", []string{"internal/fault"}, "settings open nothing"},

		{"internal/fault/", nil, "everybody imports fault"},
		{"internal/store/", []string{"models", "rules/", "internal/fault"}, "the store decides nothing"},
		{"internal/provider/sandbox/", []string{"internal/provider", "internal/fault", "rules/"}, "an adapter knows its provider only"},
		{"internal/provider/", []string{"internal/provider", "internal/fault"}, "an adapter knows its provider only"},
		{"internal/handover/", []string{"internal/provider", "models", "rules/", "internal/fault"}, "handing over knows no store"},
		{"internal/reach/", nil, "opening connections knows nothing of what is asked"},
		{"internal/network/", []string{"internal/fault"}, "asking a network knows no books"},
		{"internal/linkcheck/", []string{"internal/reach"}, "a check of domains knows no store"},
		{"internal/engine/", []string{"workflows", "models", "internal/fault"}, "the engine is the door to Temporal, nothing else"},
		{"internal/embedded/", []string{"internal/fault"}, "an embedded server knows nothing of the product"},
		{"internal/testkit/", []string{"internal/embedded/postgres", "internal/store", "internal/fault", "models", "rules/"}, "linking Temporal's server takes every test binary 10 seconds"},
		{"internal/archtest/", nil, "the plan stands outside the house"},
		{"internal/e2e/", []string{everything, "internal/embedded", "internal/testkit"}, "stories told on the real thing"},
		{"internal/app/", []string{everything}, "the composition root"},

		{"cmd/standalone/", []string{everything, "internal/embedded"}, "tests bring a database of their own kind"},
		{"cmd/", []string{everything}, "the lean binary carries no server"},
		{"bench/", []string{everything, "internal/embedded", "cmd/standalone/demo"}, "measured on what is shipped"},
		{"drill/", []string{everything, "internal/embedded", "cmd/standalone/demo"}, "measured on what is shipped"},
		{"docs/", []string{"models", "internal/fault"}, "a diagram shows the table the code obeys"},
	}
}

// guarded are rooms that everything leaves out.
func guarded() []string {
	return []string{"internal/testkit", "internal/embedded", "internal/archtest", "cmd"}
}

func (r room) allows(imported string) bool {
	if within(imported, r.path) {
		return true
	}
	for _, m := range r.may {
		if m == everything && !inAny(imported, guarded()) || m != everything && within(imported, m) {
			return true
		}
	}
	return false
}

func inAny(path string, rooms []string) bool {
	for _, r := range rooms {
		if within(path, r) {
			return true
		}
	}
	return false
}

// within reports whether path is the room or lies below it.
func within(path, room string) bool {
	room = strings.TrimSuffix(room, "/")
	return path == room || strings.HasPrefix(path, room+"/")
}
