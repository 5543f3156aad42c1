// Command generate writes a CSV of made-up US contacts to its standard output, always the
// same one for the same number of rows. It is not part of the product; it makes the
// demo's file and, with -rows, large ones to measure an import with.
//
//	go run ./cmd/standalone/demo/generate > cmd/standalone/demo/contacts.csv
//	go run ./cmd/standalone/demo/generate -rows 1000000 > /tmp/million.csv
package main

import (
	"flag"
	"log/slog"
	"os"

	"trackly/cmd/standalone/demo/people"
)

// demoRows is the size of the file in the repository.
const demoRows = 10_000

func main() {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	rows := flag.Int("rows", demoRows, "contacts to write; about six in a thousand are broken")
	flag.Parse()
	if err := people.Write(os.Stdout, *rows); err != nil {
		log.Error("the contacts were not written", "error", err)
		os.Exit(1)
	}
}
