// Command drill kills the product while it works and counts what that did to people:
// texts sent twice, texts lost, texts after a STOP, rows of contact files lost or taken
// twice, clicks and conversions lost or counted twice. It runs the real binaries against
// the sandbox provider, whose exact record is the truth that the database is held
// against. It measures no speed (bench does) and it repairs nothing.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	_ "time/tzdata" // the machine may have no zone files
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	o, err := readOptions(os.Args[1:])
	var sum summary
	if err == nil {
		sum, err = drill(ctx, o, os.Stdout)
	}
	stop()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "drill:", err)
		os.Exit(1)
	case !sum.clean():
		fmt.Fprintln(os.Stderr, "drill: the promise was broken; the processes' logs are in", o.logs)
		os.Exit(1)
	}
}

// options say what to drill, and where its traces go.
type options struct {
	rounds     []round
	contacts   int
	pace       int // contacts of the stage that measures a list's pace; 0 leaves it out
	imports    []errand
	importRows int // of each import
	waves      []wave
	seed       uint64
	build      string // folder for the binaries
	logs       string // folder for the processes' logs
	report     string // file for the figures
}

func readOptions(args []string) (options, error) {
	f := flag.NewFlagSet("drill", flag.ContinueOnError)
	rounds := f.Int("rounds", 20, "campaigns to send, each with at least one kill; 0 leaves them out")
	contacts := f.Int("contacts", 4000, "contacts of each campaign")
	pace := f.Int("pace", 1600, "contacts of the stage that measures a list's pace, each texted three times; 0 leaves it out")
	imports := f.Int("imports", 10, "files to import, each with a kill; 0 leaves them out")
	importRows := f.Int("import-rows", 60_000, "rows of each import")
	clicks := f.Int("clicks", 10, "kills while links are tapped and sales are told; 0 leaves them out")
	seed := f.Uint64("seed", 1, "the same seed plans the same kills and faults")
	kinds := f.String("kinds", "", "kill only these, with commas: worker, workers, api, postgres, temporal, standalone")
	build := f.String("build", "build", "folder for binaries, logs and the report")
	if err := f.Parse(args); err != nil {
		return options{}, err
	}
	if *rounds < 0 || *rounds > 500 || *contacts < 10 || *contacts > 1_000_000 {
		return options{}, fmt.Errorf("want 0 to 500 rounds of 10 to 1,000,000 contacts")
	}
	if *imports < 0 || *imports > 100 || *importRows < 1000 || *importRows > 100_000 {
		return options{}, fmt.Errorf("want 0 to 100 imports of 1,000 to 100,000 rows")
	}
	if *pace < 0 || *pace > 0 && *pace < 500 || *pace > 100_000 {
		return options{}, fmt.Errorf("want 500 to 100,000 contacts for the pace, or 0")
	}
	if *clicks < 0 || *clicks > 100 {
		return options{}, fmt.Errorf("want 0 to 100 kills while links are tapped")
	}
	plan, err := planRounds(*rounds, *seed, *kinds)
	if err != nil {
		return options{}, err
	}
	waves, err := planWaves(*clicks, *seed, *kinds)
	if err != nil {
		return options{}, err
	}
	files, err := planImports(*imports, *seed, *kinds)
	return options{
		rounds: plan, imports: files, importRows: *importRows, waves: waves, contacts: *contacts, pace: *pace, seed: *seed, build: filepath.Join(*build, "drill-bin"),
		logs: filepath.Join(*build, "drill-logs"), report: filepath.Join(*build, "drill.json"),
	}, err
}
