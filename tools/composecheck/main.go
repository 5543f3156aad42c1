// Command composecheck reads a compose file as Docker would and checks what the product
// needs of it. It starts nothing and asks no registry for an image.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: composecheck docker-compose.yml")
		os.Exit(2)
	}
	project, err := load(context.Background(), os.Args[1])
	complaints := []string{}
	if err != nil {
		complaints = append(complaints, err.Error())
	} else {
		complaints = append(complaints, check(project)...)
	}
	for _, c := range complaints {
		fmt.Fprintln(os.Stderr, c)
	}
	if len(complaints) > 0 {
		os.Exit(1)
	}
	fmt.Printf("%s: %d services, nothing to complain about\n", os.Args[1], len(project.Services))
}

// load takes secrets from nowhere: the names must do, or the file asks for others.
func load(ctx context.Context, file string) (*types.Project, error) {
	o, err := cli.NewProjectOptions([]string{file}, cli.WithEnv([]string{
		"POSTGRES_PASSWORD=postgres-secret", "TRACKLY_KEYS_SEAL=seal-secret", "TRACKLY_KEYS_LINKS=links-secret",
	}))
	if err != nil {
		return nil, err
	}
	return o.LoadProject(ctx)
}
