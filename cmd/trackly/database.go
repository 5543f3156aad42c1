package main

import (
	"github.com/spf13/cobra"

	"trackly/internal/app"
	"trackly/internal/store"
)

// withStore opens the database for a command.
func withStore(cmd *cobra.Command, do func(st *store.Store) error) error {
	cfg, err := loadConfig(cmd)
	if err != nil {
		return err
	}
	st, err := app.OpenStore(cmd.Context(), cfg, app.NewLogger(cmd.ErrOrStderr(), cfg.Log))
	if err != nil {
		return err
	}
	defer st.Close()
	return do(st)
}
