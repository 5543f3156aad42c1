package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// check gives every complaint about a project that the specification accepts.
func check(p *types.Project) (out []string) {
	for _, name := range []string{"api", "worker", "migrate", "postgres", "temporal", "temporal-ui"} {
		if _, ok := p.Services[name]; !ok {
			out = append(out, "service "+name+" is missing")
		}
	}
	for _, name := range slices.Sorted(slices.Values(p.ServiceNames())) {
		out = append(out, checkService(p, p.Services[name])...)
	}
	return out
}

func checkService(p *types.Project, s types.ServiceConfig) (out []string) {
	complain := func(format string, args ...any) {
		out = append(out, "service "+s.Name+": "+fmt.Sprintf(format, args...))
	}
	for dep, how := range s.DependsOn {
		other, ok := p.Services[dep]
		switch {
		case !ok:
			complain("waits for %s, which does not exist", dep)
		case how.Condition == types.ServiceConditionHealthy && other.HealthCheck == nil:
			complain("waits for %s to be healthy, which nobody checks", dep)
		case how.Condition == types.ServiceConditionCompletedSuccessfully && other.Restart == "unless-stopped":
			complain("waits for %s to end, which restarts for ever", dep)
		}
	}
	for _, port := range s.Ports {
		if port.HostIP != "127.0.0.1" {
			complain("port %s is open to other machines", port.Published)
		}
	}
	if s.Image == "" || (!strings.Contains(s.Image, ":") || strings.HasSuffix(s.Image, ":latest")) {
		complain("image %q names no version", s.Image)
	}
	if (s.Name == "api" || s.Name == "worker") && s.HealthCheck == nil {
		complain("nobody checks its health")
	}
	for key, value := range s.Environment {
		if value == nil {
			complain("%s has no value", key)
		}
	}
	return out
}
