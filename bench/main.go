// Command bench measures what the product promises about speed, every figure beside a
// baseline measured in the same run on the same machine, alternating. It prints a table
// and writes build/bench.json. It is measurement: nothing of it ships, and no test
// waits for its clock.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // the machine may have no zone files
)

// options are what the command line says.
type options struct {
	only    string
	quick   bool
	rounds  int
	out     string
	dir     string
	profile string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run is a whole measurement, or one of the processes it starts of itself.
func run(ctx context.Context, args []string) error {
	if len(args) == 1 && strings.HasPrefix(args[0], "serve-") {
		return serveChild(ctx, args[0])
	}
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.StringVar(&o.only, "only", "", "names of figures, separated by commas (default all)")
	f.BoolVar(&o.quick, "quick", false, "smaller sizes and one round: does it work, not how fast is it")
	f.IntVar(&o.rounds, "rounds", 3, "rounds of each figure; the table shows medians")
	f.StringVar(&o.out, "out", "build/bench.json", "file for the figures")
	f.StringVar(&o.dir, "dir", "", "folder on the disk to measure on (default a temporary one)")
	f.StringVar(&o.profile, "profile", "", "folder for processor profiles and statement statistics of the product")
	if err := f.Parse(args); err != nil {
		return err
	}
	return o.measure(ctx, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
}

func (o options) measure(ctx context.Context, log *slog.Logger) error {
	figures, err := chosen(o.only)
	if err != nil {
		return err
	}
	m, err := openMachine(ctx, o, log)
	if err != nil {
		return err
	}
	defer m.close()
	var results []Result
	for _, f := range figures {
		_, _ = fmt.Fprintf(os.Stderr, "measuring %s\n", f.name)
		r, err := f.measure(ctx, m)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		r.Name = f.name
		results = append(results, r)
		_, _ = fmt.Fprintf(os.Stderr, "  %s\n", r)
	}
	table(os.Stdout, results)
	return write(o.out, results)
}

func write(path string, results []Result) error {
	raw, err := json.MarshalIndent(results, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(raw, '\n'), 0o644) //nolint:gosec // figures are for everybody
}
