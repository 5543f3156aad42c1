package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"trackly/internal/fault"
)

const (
	lookEvery  = 500 * time.Millisecond
	mostMisses = 60 // answers that may fail in a row: the server may be starting again
)

// watch shows the import's progress until it has come to its end. An interruption ends
// the watching and not the import.
func (i *importing) watch(ctx context.Context, imp importState) (importState, error) {
	m := newMeter(i.live, map[bool]string{true: "dry run", false: "importing"}[i.flags.dryRun], 1000, "")
	defer m.end()
	misses := 0
	for !imp.ended() {
		m.show(int64(imp.Percent*10), imp.pace())
		select {
		case <-ctx.Done():
			m.end()
			return imp, i.goesOn(imp)
		case <-time.After(lookEvery):
		}
		next := importState{}
		if err := i.client.get(ctx, "/v1/imports/"+imp.ID, &next); err != nil {
			if misses++; misses < mostMisses && ctx.Err() == nil {
				continue
			}
			if ctx.Err() == nil {
				return imp, err
			}
			continue
		}
		misses, imp = 0, next
	}
	m.show(int64(imp.Percent*10), imp.pace())
	return imp, nil
}

func (s importState) pace() string {
	left := ""
	if s.Left != nil {
		left = fmt.Sprintf(", %s left", time.Duration(*s.Left)*time.Second)
	}
	return fmt.Sprintf("%d rows read, %d added, %d merged, %d refused, %.0f rows/s%s", s.RowsRead, s.Added, s.Merged, s.Refused, s.PerSecond, left)
}

func (i *importing) goesOn(imp importState) error {
	at := i.client.base + "/v1/imports/" + imp.ID
	return fmt.Errorf("not watching any more; the import goes on on the server.\n"+
		"  see it:     curl -H \"Authorization: Bearer $TRACKLY_API_KEY\" %s\n"+
		"  cancel it:  curl -H \"Authorization: Bearer $TRACKLY_API_KEY\" -X POST %s/cancel", at, at)
}

// columnTable shows what becomes of every column.
func (i *importing) columnTable(imp importState) {
	_, _ = fmt.Fprintf(i.out, "%d columns, %s, between them %s\n", len(imp.Columns), imp.Encoding, between(imp.Delimiter))
	w := tabwriter.NewWriter(i.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "  header\tbecomes\tfound by\tfor example")
	for _, c := range imp.Columns {
		becomes := c.Meaning
		if c.Meaning == "custom" {
			becomes = "field " + c.Field + " (" + c.Type + ")"
		}
		_, _ = fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", cell(c.Header), becomes, cmp.Or(c.Found, "-"), cell(strings.Join(c.Samples, " | ")))
	}
	_ = w.Flush()
}

func between(delimiter string) string {
	if delimiter == "\t" {
		return "a tab"
	}
	return delimiter
}

// cell is foreign text in one line of a table.
func cell(s string) string {
	const most = 48
	s = harmless(strings.ReplaceAll(s, "\n", " "))
	if r := []rune(s); len(r) > most {
		s = string(r[:most-1]) + "…"
	}
	return cmp.Or(s, "-")
}

// report prints what became of the rows, and fails when the import did.
func (i *importing) report(ctx context.Context, imp importState) error {
	_, _ = fmt.Fprintf(i.out, "\n%9d  rows read\n%9d  added\n%9d  merged\n%9d  opted out\n%9d  refused\n",
		imp.RowsRead, imp.Added, imp.Merged, imp.OptedOut, imp.Refused)
	for _, reason := range slices.SortedFunc(maps.Keys(imp.Reasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(imp.Reasons[b], imp.Reasons[a]), cmp.Compare(a, b))
	}) {
		_, _ = fmt.Fprintf(i.out, "%15d  %s\n", imp.Reasons[reason], reason)
	}
	if imp.OtherLists > 0 {
		_, _ = fmt.Fprintf(i.out, "%d of them are on other lists of the account too.\n", imp.OtherLists)
	}
	if err := i.saveRefused(ctx, imp); err != nil {
		return err
	}
	if imp.State == "failed" || imp.State == "cancelled" {
		return fault.New(fault.Conflict, "the import is %s: %s. %s", imp.State, harmless(imp.Reason), imp.Next)
	}
	_, _ = fmt.Fprintf(i.out, "%s: %s\n", imp.State, imp.Next)
	return nil
}

// saveRefused writes the refused rows to the file that was asked for. It holds phones:
// only its owner may read it.
func (i *importing) saveRefused(ctx context.Context, imp importState) error {
	if i.flags.refused == "" || imp.Refused == 0 {
		return nil
	}
	res, err := i.client.send(ctx, http.MethodGet, "/v1/imports/"+imp.ID+"/refusals.csv", "", nil)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	f, err := os.OpenFile(i.flags.refused, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "the file for the refused rows cannot be written")
	}
	_, err = io.Copy(f, res.Body)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fault.Wrap(err, fault.Broken, "the refused rows could not be written")
	}
	_, _ = fmt.Fprintf(i.out, "%d refused rows are in %s\n", imp.Refused, i.flags.refused)
	return nil
}
