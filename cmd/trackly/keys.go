package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"trackly/internal/store"
)

func keysCommand() *cobra.Command {
	reseal := &cobra.Command{
		Use: "reseal", Short: "Seal all credentials with keys.seal, so that keys.seal_old can go",
		Long: "Seal all credentials of providers and networks with keys.seal, so that keys.seal_old can go.\n\n" +
			"To rotate: move the key from keys.seal to keys.seal_old, make a new keys.seal, restart every process,\n" +
			"run this, and take keys.seal_old away. It may be stopped and run again.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd, func(st *store.Store) error {
				n, err := st.ResealRoutes(cmd.Context())
				if err != nil {
					return err
				}
				connections, err := st.ResealConnections(cmd.Context())
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d routes and %d connections sealed anew; keys.seal_old is not needed any more\n", n, connections)
				return err
			})
		},
	}
	root := &cobra.Command{Use: "keys", Short: "Manage the installation's keys"}
	root.AddCommand(reseal)
	return root
}
