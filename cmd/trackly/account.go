package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"trackly/internal/store"
	"trackly/models"
)

func accountCommand() *cobra.Command {
	var name, owner, email string
	create := &cobra.Command{
		Use: "create", Short: "Create an account with an owner and print its API key once",
		Example: `  trackly account create --name "Acme Leads" --owner "Ada" --email ada@example.com`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			account, member, err := models.NewAccount(name, owner, email)
			if err != nil {
				return err
			}
			key, text := models.NewAPIKey(account.ID, "first key")
			return withStore(cmd, func(st *store.Store) error {
				if err := st.AddAccount(cmd.Context(), account, member, key); err != nil {
					return err
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "account %s\nAPI key %s (shown only now)\n", account.ID, text)
				return err
			})
		},
	}
	create.Flags().StringVar(&name, "name", "", "name of the account")
	create.Flags().StringVar(&owner, "owner", "", "name of the owner")
	create.Flags().StringVar(&email, "email", "", "address of the owner")
	root := &cobra.Command{Use: "account", Short: "Manage accounts"}
	root.AddCommand(create)
	return root
}
