// Command standalone is the whole product in one process on one machine: Postgres,
// Temporal with its web UI, API, workers and a sandbox provider. Production uses
// cmd/trackly instead.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the machine may have no zone files

	"github.com/spf13/cobra"
)

func main() {
	// Before anything starts: a signal that comes too early must not be lost.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := rootCommand().ExecuteContext(ctx)
	told := ctx.Err() != nil // asked for before stop, which ends the context too
	stop()
	if err != nil && !told {
		fmt.Fprintln(os.Stderr, "standalone:", err)
		os.Exit(1)
	}
}

func rootCommand() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:           "standalone",
		Short:         "Run the whole product on this machine, with a demo on empty data",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(cmd.Context()); err != nil {
				return err
			}
			return run(cmd.Context(), o, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	o.flags(cmd.Flags())
	return cmd
}
