package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"trackly/internal/fault"
)

// importColumn is a column as the API reads and writes it.
type importColumn struct {
	Header  string   `json:"header"`
	Meaning string   `json:"meaning"`
	Field   string   `json:"field,omitempty"`
	Type    string   `json:"type,omitempty"`
	Found   string   `json:"found_by,omitempty"`
	Samples []string `json:"samples,omitempty"`
}

// importState is an import as the API shows it.
type importState struct {
	ID         string           `json:"id"`
	State      string           `json:"state"`
	Reason     string           `json:"reason"`
	Next       string           `json:"next"`
	Encoding   string           `json:"encoding"`
	Delimiter  string           `json:"delimiter"`
	Columns    []importColumn   `json:"columns"`
	RowsRead   int64            `json:"rows_read"`
	Valid      int64            `json:"valid"`
	Added      int64            `json:"added"`
	Merged     int64            `json:"merged"`
	OptedOut   int64            `json:"opted_out"`
	Refused    int64            `json:"refused"`
	OtherLists int64            `json:"other_lists"`
	Reasons    map[string]int64 `json:"refused_by_reason"`
	Percent    float64          `json:"percent"`
	PerSecond  float64          `json:"rows_per_second"`
	Left       *int64           `json:"seconds_left"`
}

func (s importState) ended() bool {
	switch s.State {
	case "done", "checked", "failed", "cancelled":
		return true
	}
	return false
}

// upload sends the file as it is read.
func (i *importing) upload(ctx context.Context, list, name string, stdin io.Reader) (importState, error) {
	var imp importState
	file, size, err := importFile(name, stdin)
	if err != nil {
		return imp, err
	}
	defer func() { _ = file.Close() }()
	query := url.Values{"start": {"false"}, "region": {i.flags.region}}
	for flag, set := range map[string]bool{"mobile_only": i.flags.mobile, "look_up": i.flags.lookUp} {
		query.Set(flag, strconv.FormatBool(set))
	}
	if i.flags.newFields {
		query.Set("new_fields", "create")
	}
	if name != "-" {
		query.Set("file_name", filepath.Base(name))
	}
	m := newMeter(i.live, "uploading", size, "B")
	defer m.end()
	res, err := i.client.send(ctx, http.MethodPost, "/v1/lists/"+url.PathEscape(list)+"/imports?"+query.Encode(), "application/octet-stream", &metered{from: file, meter: m})
	if err != nil {
		return imp, err
	}
	defer func() { _ = res.Body.Close() }()
	if err := json.NewDecoder(io.LimitReader(res.Body, mostAnswer)).Decode(&imp); err != nil {
		return imp, fault.Wrap(err, fault.Broken, "the answer to the upload cannot be read")
	}
	return imp, nil
}

// importFile opens the file; its size is -1 when nobody knows.
func importFile(name string, stdin io.Reader) (io.ReadCloser, int64, error) {
	if name == "-" {
		return io.NopCloser(stdin), -1, nil
	}
	f, err := os.Open(name) //nolint:gosec // the user names it
	if err != nil {
		return nil, 0, fault.Wrap(err, fault.Invalid, "the file cannot be opened")
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		_ = f.Close()
		return nil, 0, fault.New(fault.Invalid, "%s is no file", name)
	}
	size := info.Size()
	if !info.Mode().IsRegular() {
		size = -1
	}
	return f, size, nil
}

// metered shows how much was read.
type metered struct {
	from  io.Reader
	meter *meter
	n     int64
}

// Read implements io.Reader.
func (r *metered) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.n += int64(n)
	r.meter.show(r.n, "")
	return n, err
}
