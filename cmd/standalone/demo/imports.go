package demo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"trackly/cmd/standalone/demo/people"
)

// imported is an import as the API shows it.
type imported struct {
	ID        string           `json:"id"`
	State     string           `json:"state"`
	Reason    string           `json:"reason"`
	RowsRead  int64            `json:"rows_read"`
	Added     int64            `json:"added"`
	Merged    int64            `json:"merged"`
	Refused   int64            `json:"refused"`
	ByReason  map[string]int64 `json:"refused_by_reason"`
	Percent   float64          `json:"percent"`
	PerSecond float64          `json:"rows_per_second"`
	Left      int64            `json:"seconds_left"`
	FileBytes int64            `json:"file_bytes"`
}

func (i imported) ended() bool {
	return i.State == "done" || i.State == "failed" || i.State == "cancelled"
}

// String is the import in a line.
func (i imported) String() string {
	left := ""
	if i.Left > 0 {
		left = fmt.Sprintf(", %d s left", i.Left)
	}
	return fmt.Sprintf("  %3.0f%%  %s rows read, %s added, %s merged, %s refused; %s rows a second%s", i.Percent, thousands(i.RowsRead),
		thousands(i.Added), thousands(i.Merged), thousands(i.Refused), thousands(int64(i.PerSecond)), left)
}

// importContacts uploads a file to each list and watches what becomes of it. The file's
// own columns become custom fields.
func (w World) importContacts(ctx context.Context, c client, lists []list) error {
	w.say("\nA file of contacts for each list, its own columns as custom fields:")
	for i, l := range lists {
		began := time.Now()
		imp, err := w.upload(ctx, c, l, i)
		if err == nil {
			imp, err = w.watchImport(ctx, c, imp)
		}
		if err != nil {
			return err
		}
		seconds := time.Since(began).Seconds()
		w.say("  %-8s imported %s of %s contacts in %.1f s, %s rows a second from upload to end; %s rows refused", l.Provider, thousands(imp.Added),
			thousands(imp.RowsRead), seconds, thousands(int64(float64(imp.RowsRead)/seconds)), thousands(imp.Refused))
		if i > 0 || imp.Refused == 0 {
			continue
		}
		for _, reason := range byCount(imp.ByReason) {
			w.say("            %6d  %s", imp.ByReason[reason], reason)
		}
		if err := w.keepRefused(ctx, c, l, imp); err != nil {
			return err
		}
	}
	return nil
}

// upload sends the list's file while it is being made.
func (w World) upload(ctx context.Context, c client, l list, i int) (imp imported, err error) {
	file, closeFile := w.file(i)
	defer closeFile()
	counted := &counted{from: file}
	done := make(chan struct{})
	go w.tellUpload(counted, done)
	defer close(done)
	err = c.upload(ctx, "/v1/lists/"+l.ID+"/imports?new_fields=create&file_name=contacts.csv", counted, &imp)
	return imp, err
}

// tellUpload says now and then how much has gone up, for files that take their time.
func (w World) tellUpload(file *counted, done chan struct{}) {
	tick := time.NewTicker(2 * lineEvery)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			w.say("  uploading: %d MB", file.n.Load()>>20)
		}
	}
}

// counted is a file and how much of it was read.
type counted struct {
	from io.Reader
	n    atomic.Int64
}

// Read implements io.Reader.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// watchImport shows an import's progress until it has come to its end.
func (w World) watchImport(ctx context.Context, c client, imp imported) (imported, error) {
	show := w.importMeter()
	for !imp.ended() {
		if err := pause(ctx, lookEvery); err != nil {
			return imp, err
		}
		next := imported{}
		if err := c.get(ctx, "/v1/imports/"+imp.ID, &next); err != nil {
			return imp, err
		}
		imp = next
		show(imp)
	}
	if imp.State != "done" {
		return imp, fmt.Errorf("the import is %s: %s", imp.State, imp.Reason)
	}
	return imp, nil
}

// keepRefused puts the refused rows where a spreadsheet finds them. They hold phones: only
// their owner may read them.
func (w World) keepRefused(ctx context.Context, c client, l list, imp imported) error {
	at := "/v1/imports/" + imp.ID + "/refusals.csv"
	if w.Data == "" {
		w.say("  The refused rows, with column, value and reason: GET %s", at)
		return nil
	}
	path := filepath.Join(w.Data, "refused-"+l.Provider+".csv")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) //nolint:gosec // a path of the operator's
	if err != nil {
		return err
	}
	err = c.download(ctx, at, f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	w.say("  The refused rows, with column, value and reason, are in %s; by API:\n    curl -H 'Authorization: Bearer trk_...' %s%s", path, c.base, at)
	return err
}

// othersSize is how many of the people are on the lists of the other providers too.
const othersSize = 1000

// file is the shipped one, or as many generated contacts as were asked for.
func (w World) file(i int) (io.Reader, func()) {
	size := w.Contacts
	if i > 0 {
		size = othersSize
	}
	if size == 0 {
		return bytes.NewReader(Contacts()), func() {}
	}
	r, to := io.Pipe()
	go func() { _ = to.CloseWithError(people.Write(to, size)) }()
	return r, func() { _ = r.Close() }
}
