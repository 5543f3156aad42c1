package temporal

import (
	"time"

	"github.com/google/uuid"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/temporal"
)

// clusterName is written into the database; it must never change.
const clusterName = "active"

const archivalOff = "disabled"

// serverConfig is what Temporal would read from its YAML file.
func serverConfig(p ports, s stores) *config.Config {
	c := &config.Config{
		Persistence: s.config(),
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10, MasterClusterName: clusterName, CurrentClusterName: clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{clusterName: {
				Enabled: true, InitialFailoverVersion: 1, RPCAddress: address(p.frontend), ClusterID: uuid.NewString(),
			}},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		PublicClient:        config.PublicClient{HostPort: address(p.frontend)},
		Services:            map[string]config.Service{},
	}
	c.Global.Membership = config.Membership{MaxJoinDuration: 30 * time.Second, BroadcastAddress: ip}
	c.Archival.History.State, c.Archival.Visibility.State = archivalOff, archivalOff
	c.NamespaceDefaults.Archival.History.State = archivalOff
	c.NamespaceDefaults.Archival.Visibility.State = archivalOff
	for name, port := range p.byService() {
		c.Services[string(name)] = config.Service{RPC: config.RPC{GRPCPort: port, BindOnIP: ip}}
	}
	return c
}

func (p ports) byService() map[primitives.ServiceName]int {
	return map[primitives.ServiceName]int{
		primitives.FrontendService: p.frontend, primitives.HistoryService: p.history,
		primitives.MatchingService: p.matching, primitives.WorkerService: p.worker,
	}
}

// staticHosts replaces the gossip by which the servers of a cluster find each other,
// and its four ports. It also means one process for ever.
func (p ports) staticHosts() map[primitives.ServiceName]static.Hosts {
	hosts := map[primitives.ServiceName]static.Hosts{}
	for name, port := range p.byService() {
		hosts[name] = static.SingleLocalHost(address(port))
	}
	return hosts
}

func newServer(o Options, p ports, s stores, log bridge) (temporal.Server, error) {
	return temporal.NewServer(
		temporal.WithConfig(serverConfig(p, s)),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(p.staticHosts()),
		temporal.WithLogger(log),
		temporal.WithAuthorizer(authorization.NewNoopAuthorizer()),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper {
			return authorization.NewNoopClaimMapper()
		}),
		temporal.WithDynamicConfigClient(dynamicConfig(o.Dynamic)),
	)
}
