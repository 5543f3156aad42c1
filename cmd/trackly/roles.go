package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"trackly/config"
	"trackly/internal/app"
	"trackly/internal/store"
)

// openTimeout is how long a starting process waits for Postgres and the engine.
const openTimeout = 30 * time.Second

func apiCommand() *cobra.Command {
	return role("api", "Serve the HTTP API, webhooks and short links", (*app.App).Serve)
}

func workerCommand() *cobra.Command {
	return role("worker", "Run workflows and activities", (*app.App).Work)
}

// role is something the process can be until it is told to stop.
func role(use, short string, run func(*app.App, context.Context) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := loadConfig(cmd)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), openTimeout)
			a, err := app.Open(ctx, cfg, app.NewLogger(cmd.ErrOrStderr(), cfg.Log))
			cancel()
			if err != nil {
				return err
			}
			defer a.Close()
			return run(a, cmd.Context())
		},
	}
}

func loadConfig(cmd *cobra.Command) (config.Config, error) {
	file, err := cmd.Flags().GetString("config")
	if err != nil {
		return config.Config{}, err
	}
	return config.Load(file)
}

func migrateCommand() *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "Bring the database to this version's schema", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := loadConfig(cmd)
			if err != nil {
				return err
			}
			return store.Migrate(cmd.Context(), cfg.Database.URL.Reveal())
		},
	}
}
