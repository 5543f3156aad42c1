package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"trackly/api"
	"trackly/internal/store"
	"trackly/models"
)

func personCommand() *cobra.Command {
	root := &cobra.Command{Use: "person", Short: "Export or forget everything an account holds about a phone"}
	root.AddCommand(exportPersonCommand(), erasePersonCommand())
	return root
}

func exportPersonCommand() *cobra.Command {
	var account, phone string
	c := &cobra.Command{
		Use: "export", Short: "Write everything held about a phone as JSON",
		Example: `  trackly person export --account 0199... --phone +12025550123 > person.json`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd, func(st *store.Store) error {
				p, err := st.ExportPerson(cmd.Context(), models.AccountID(account), phone)
				if err != nil {
					return err
				}
				return api.WritePerson(cmd.OutOrStdout(), p)
			})
		},
	}
	c.Flags().StringVar(&account, "account", "", "id of the account")
	c.Flags().StringVar(&phone, "phone", "", "the person's phone, E.164")
	return c
}

func erasePersonCommand() *cobra.Command {
	var account string
	var e models.Erasure
	c := &cobra.Command{
		Use: "erase", Short: "Forget a person for good; proof of consent and opt-outs stays",
		Example: `  trackly person erase --account 0199... --phone +12025550123 --by ada --reason "asked by mail, ticket 812"`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd, func(st *store.Store) error {
				e.AccountID = models.AccountID(account)
				done, err := st.Erase(cmd.Context(), e)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(),
					"erased: %d subscriptions, %d texts to and %d texts of the person, %d clicks, %d refused rows; %d queued messages skipped\n",
					done.Subscriptions, done.Messages, done.Inbound, done.Clicks, done.Refusals, done.Skipped)
				return err
			})
		},
	}
	c.Flags().StringVar(&account, "account", "", "id of the account")
	c.Flags().StringVar(&e.Phone, "phone", "", "the person's phone, E.164")
	c.Flags().StringVar(&e.By, "by", "", "who decided it")
	c.Flags().StringVar(&e.Reason, "reason", "", "why; no name and no phone")
	return c
}
