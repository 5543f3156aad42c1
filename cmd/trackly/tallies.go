package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"trackly/internal/fault"
	"trackly/internal/store"
	"trackly/models"
)

// accountsAPage is how many accounts are read at once.
const accountsAPage = 100

func talliesCommand() *cobra.Command {
	var account string
	check := &cobra.Command{
		Use: "check", Short: "Compare everything reports are made of with the messages and events themselves",
		Long: "Compare everything reports are made of with the messages and events themselves.\n\n" +
			"Sending goes on meanwhile. It reads every message, and fails when something differs.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			found := 0
			err := eachAccount(cmd, account, func(st *store.Store, id models.AccountID) error {
				all, err := st.CheckTallies(cmd.Context(), id)
				found += len(all)
				for _, d := range all {
					_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, %s\n  reports say %+v\n  the rows say %+v\n", id, d.Day.Format(time.DateOnly), d.Cell, d.Report, d.Rows)
				}
				return err
			})
			if err != nil {
				return err
			}
			if found > 0 {
				return fault.New(fault.Conflict, "%d sums differ from the rows; `trackly tallies rebuild` makes them anew", found)
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "every sum is what the rows say")
			return err
		},
	}
	rebuild := &cobra.Command{
		Use: "rebuild", Short: "Make the tallies of reports anew from the messages and events",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return eachAccount(cmd, account, func(st *store.Store, id models.AccountID) error {
				if err := st.RebuildTallies(cmd.Context(), id); err != nil {
					return err
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: done\n", id)
				return err
			})
		},
	}
	root := &cobra.Command{Use: "tallies", Short: "Check and mend the sums that reports are made of"}
	root.PersistentFlags().StringVar(&account, "account", "", "one account's id (default all)")
	root.AddCommand(check, rebuild)
	return root
}

// eachAccount works on one account, or on all of them one after the other.
func eachAccount(cmd *cobra.Command, only string, do func(*store.Store, models.AccountID) error) error {
	return withStore(cmd, func(st *store.Store) error {
		if only != "" && !models.IsID(only) {
			return fault.New(fault.Invalid, "%q is not an account's id", only)
		}
		if only != "" {
			return do(st, models.AccountID(only))
		}
		for after := models.AccountID(""); ; {
			page, err := st.AccountIDs(cmd.Context(), after, accountsAPage)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, id := range page {
				if err := do(st, id); err != nil {
					return err
				}
				after = id
			}
		}
	})
}
