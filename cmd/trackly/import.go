package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"trackly/internal/fault"
)

// importFlags are what the user asks of an import.
type importFlags struct {
	api, keyFile, list, region, refused string
	dryRun, newFields, mobile, lookUp   bool
	mapping                             []string
}

func importCommand() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Import a file of contacts into a list, over the API",
		Long: "Uploads a file (- for standard input; gzip is unpacked there), shows what its columns mean, imports it and\n" +
			"waits for the report. The API key is taken from TRACKLY_API_KEY or from --key-file.",
		Example: "  trackly import contacts.csv --list 0199... --new-fields\n" +
			"  trackly import contacts.csv.gz --list 0199... --dry-run --map \"Cell=phone\" --map \"Age=custom:number\" --refused refused.csv",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, err := importKey(f.keyFile)
			if err != nil {
				return err
			}
			columns, err := importMapping(f.mapping)
			if err != nil {
				return err
			}
			i := importing{flags: f, columns: columns, client: apiClient{base: strings.TrimRight(f.api, "/"), key: key}, out: cmd.OutOrStdout(), live: cmd.ErrOrStderr()}
			return i.run(cmd.Context(), args[0], cmd.InOrStdin())
		},
	}
	address := os.Getenv("TRACKLY_API_URL")
	if address == "" {
		address = "http://127.0.0.1:8080"
	}
	flags := cmd.Flags()
	flags.StringVar(&f.list, "list", "", "id or name of the list")
	flags.StringVar(&f.api, "api", address, "address of the API, also TRACKLY_API_URL")
	flags.StringVar(&f.keyFile, "key-file", "", "file with the API key; without it TRACKLY_API_KEY is taken")
	flags.BoolVar(&f.dryRun, "dry-run", false, "only find out what would happen")
	flags.BoolVar(&f.newFields, "new-fields", false, "make custom fields of the columns nobody knows")
	flags.BoolVar(&f.mobile, "mobile-only", false, "refuse numbers that are known to be no mobiles")
	flags.BoolVar(&f.lookUp, "look-up", false, "ask for carrier and line type afterwards; it costs money")
	flags.StringVar(&f.region, "region", "US", "country in which numbers without a + are dialled")
	flags.StringArrayVar(&f.mapping, "map", nil, `"Header=meaning", "Header=custom:number" or "Header=custom:number:name"; repeatable`)
	flags.StringVar(&f.refused, "refused", "", "file to write the refused rows to")
	_ = cmd.MarkFlagRequired("list") // the flag exists
	return cmd
}

// importKey never comes from the command line, which every user of the machine can read.
func importKey(file string) (string, error) {
	key := os.Getenv("TRACKLY_API_KEY")
	if file != "" {
		raw, err := os.ReadFile(file) //nolint:gosec // the user names it
		if err != nil {
			return "", fault.Wrap(err, fault.Invalid, "the key file cannot be read")
		}
		key = string(raw)
	}
	if key = strings.TrimSpace(key); key == "" {
		return "", fault.New(fault.Invalid, "no API key: set TRACKLY_API_KEY, or give --key-file")
	}
	return key, nil
}

// importMapping reads the --map flags. A header may hold an equals sign; a meaning never
// does.
func importMapping(flags []string) ([]importColumn, error) {
	var columns []importColumn
	for _, f := range flags {
		at := strings.LastIndexByte(f, '=')
		if at < 0 {
			return nil, fault.New(fault.Invalid, "--map %q is not Header=meaning", f)
		}
		parts := append(strings.SplitN(f[at+1:], ":", 3), "", "")
		columns = append(columns, importColumn{Header: f[:at], Meaning: parts[0], Type: parts[1], Field: parts[2]})
	}
	return columns, nil
}

// importing is one import, from its file to its report.
type importing struct {
	flags   importFlags
	columns []importColumn
	client  apiClient
	out     io.Writer
	live    io.Writer // where progress is shown
}

func (i *importing) run(ctx context.Context, name string, stdin io.Reader) error {
	list, err := i.client.listNamed(ctx, i.flags.list)
	if err != nil {
		return err
	}
	imp, err := i.upload(ctx, list, name, stdin)
	if err != nil {
		if ctx.Err() != nil {
			return errors.New("interrupted: the upload is not whole, and nothing was imported")
		}
		return err
	}
	if imp, err = i.start(ctx, imp); err != nil {
		return err
	}
	if imp, err = i.watch(ctx, imp); err != nil {
		return err
	}
	return i.report(ctx, imp)
}

// start runs the import with the user's mapping. One that cannot start is cancelled: the
// next attempt uploads it again.
func (i *importing) start(ctx context.Context, imp importState) (importState, error) {
	id := imp.ID
	var started importState
	how := map[string]any{"dry_run": i.flags.dryRun}
	if len(i.columns) > 0 {
		how["columns"] = i.columns
	}
	err := i.client.post(ctx, "/v1/imports/"+id+"/start", how, &started)
	if err != nil {
		i.columnTable(imp)
		_ = i.client.post(context.WithoutCancel(ctx), "/v1/imports/"+id+"/cancel", map[string]any{"reason": "its columns could not be read"}, &imp)
		return started, fmt.Errorf("%w\nSay with --map what the columns are, for example --map \"Cell=phone\"", err)
	}
	for n := range min(len(started.Columns), len(imp.Columns)) {
		started.Columns[n].Samples = imp.Columns[n].Samples
	}
	i.columnTable(started)
	return started, nil
}
