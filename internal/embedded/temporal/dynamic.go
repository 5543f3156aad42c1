package temporal

import (
	"maps"

	"go.temporal.io/server/common/dynamicconfig"
)

// dynamicConfig is the server's live settings with the caller's on top.
func dynamicConfig(overrides map[string]any) dynamicconfig.Client {
	settings := oneMachine()
	maps.Copy(settings, overrides)
	c := dynamicconfig.StaticClient{}
	for k, v := range settings {
		c[dynamicconfig.MakeKey(k)] = v
	}
	return c
}

// oneMachine lifts limits that protect a shared cluster from one of its users. Here
// there is one user, and the machine's processor is the limit.
func oneMachine() map[string]any {
	return map[string]any{
		// A shard polls its transfer queue 20 times a second by default, so each step of a
		// workflow would take 48 ms on an idle machine.
		"history.transferProcessorMaxPollRPS": 1000,
		"history.timerProcessorMaxPollRPS":    1000,
		// More partitions than pollers leave tasks waiting for seconds.
		"matching.numTaskqueueReadPartitions":  1,
		"matching.numTaskqueueWritePartitions": 1,
		// The default of 128,000 workflows takes a gigabyte.
		"history.hostLevelCacheMaxSize": 8096,
		// A page that lists workflows would run into 10 a second first.
		"frontend.namespaceRPS.visibility":        10000,
		"frontend.namespaceRPS":                   200000,
		"frontend.rps":                            200000,
		"frontend.namespaceCount":                 100000,
		"frontend.persistenceMaxQPS":              200000,
		"history.rps":                             200000,
		"history.persistenceMaxQPS":               200000,
		"matching.rps":                            200000,
		"matching.persistenceMaxQPS":              200000,
		"system.visibilityPersistenceMaxReadQPS":  200000,
		"system.visibilityPersistenceMaxWriteQPS": 200000,
		// A search attribute added at this start is used at this start.
		"system.forceSearchAttributesCacheRefreshOnRead": true,
		// No question to a machine outside.
		"frontend.enableServerVersionCheck": false,
	}
}
