package temporal

import (
	"context"

	enumspb "go.temporal.io/api/enums/v1"
	namespacepb "go.temporal.io/api/namespace/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	sqliteschema "go.temporal.io/server/schema/sqlite"
	"google.golang.org/protobuf/types/known/durationpb"

	"trackly/internal/fault"
)

// createNamespace writes the namespace before the server runs, so that no client ever
// meets a server without it. The function belongs to another store by name only: it
// goes through the generic SQL layer. An existing namespace is left alone.
func createNamespace(o Options, s stores) error {
	ns, err := sqliteschema.NewNamespaceConfig(clusterName, o.Namespace, false, o.SearchAttributes)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "too many search attributes")
	}
	ns.Detail.Config.Retention = durationpb.New(Retention)
	if err := sqliteschema.CreateNamespaces(s.main, ns); err != nil {
		return fault.Wrap(err, fault.Broken, "create Temporal's namespace")
	}
	return nil
}

// updateNamespace brings a namespace made by an earlier release up to date.
func updateNamespace(ctx context.Context, c client.Client, o Options) error {
	if err := addSearchAttributes(ctx, c, o); err != nil {
		return fault.Wrap(err, fault.Broken, "add search attributes to Temporal's namespace")
	}
	found, err := c.WorkflowService().DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: o.Namespace})
	if err != nil {
		return fault.Wrap(err, fault.Broken, "describe Temporal's namespace")
	}
	if found.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration() == Retention {
		return nil
	}
	_, err = c.WorkflowService().UpdateNamespace(ctx, &workflowservice.UpdateNamespaceRequest{
		Namespace: o.Namespace,
		Config:    &namespacepb.NamespaceConfig{WorkflowExecutionRetentionTtl: durationpb.New(Retention)},
	})
	if err != nil {
		return fault.Wrap(err, fault.Broken, "set the retention of Temporal's namespace")
	}
	return nil
}

func addSearchAttributes(ctx context.Context, c client.Client, o Options) error {
	found, err := c.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: o.Namespace})
	if err != nil {
		return err
	}
	missing := map[string]enumspb.IndexedValueType{}
	for name, kind := range o.SearchAttributes {
		if _, ok := found.GetCustomAttributes()[name]; !ok {
			missing[name] = kind
		}
	}
	if len(missing) == 0 {
		return nil
	}
	_, err = c.OperatorService().AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
		Namespace: o.Namespace, SearchAttributes: missing,
	})
	return err
}
