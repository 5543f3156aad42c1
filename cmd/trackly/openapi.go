package main

import (
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"trackly/api"
)

func openAPICommand() *cobra.Command {
	return &cobra.Command{
		Use: "openapi", Short: "Print the OpenAPI 3.1 document of the HTTP API", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			server, err := api.New(api.Options{Log: slog.New(slog.DiscardHandler), Now: time.Now})
			if err != nil {
				return err
			}
			text, err := server.OpenAPI()
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(text)
			return err
		},
	}
}
