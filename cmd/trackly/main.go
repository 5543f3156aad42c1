// Command trackly is the production binary: API, worker, migrations and small tools.
// It links neither the Temporal server nor anything that starts Postgres.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a container may have no zone files

	"github.com/spf13/cobra"
)

func main() {
	// Before anything starts: a signal that comes too early must not be lost.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := rootCommand().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "trackly:", err)
		os.Exit(1)
	}
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "trackly",
		Short:         "SMS marketing for affiliate marketers: campaigns that never text twice",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().String("config", "", "configuration file (YAML); TRACKLY_* in the environment lies over it")
	root.AddCommand(apiCommand(), workerCommand(), migrateCommand(), accountCommand(), personCommand(), openAPICommand(), importCommand(),
		segmentsCommand(), keysCommand(), talliesCommand())
	return root
}
