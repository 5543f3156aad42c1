package sandbox

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
)

// entry is one line of the journal; exactly one field is set.
type entry struct {
	Accepted *Record `json:"accepted,omitempty"`
	Token    string  `json:"token,omitempty"` // of Accepted
	Finished string  `json:"finished,omitempty"`
	Stop     *Stop   `json:"stop,omitempty"`
	Start    *Stop   `json:"start,omitempty"`
	Shop     *Shop   `json:"shop,omitempty"`
	Deal     *deal   `json:"deal,omitempty"`
	Told     string  `json:"told,omitempty"` // an event of a deal
}

// journal is a file of entries. Each line or batch of lines is one write in append mode, so writers need
// no lock of ours, and what was written survives the death of the process (not that of
// the machine). A nil journal keeps nothing.
type journal struct{ file *os.File }

// openJournal gives every whole line of the file to replay and cuts off a torn one at
// the end, which was never answered for.
func openJournal(path string, replay func(entry)) (*journal, error) {
	good, err := readJournal(path, replay)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	if err := f.Truncate(good); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &journal{file: f}, nil
}

// readJournal gives the length of the part that could be read.
func readJournal(path string, replay func(entry)) (int64, error) {
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	return replayLines(f, replay)
}

func replayLines(r io.Reader, replay func(entry)) (good int64, err error) {
	in := bufio.NewReaderSize(r, 1<<16)
	for {
		raw, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return good, nil
		}
		if err != nil {
			return good, err
		}
		good += int64(len(raw))
		var e entry
		if json.Unmarshal(bytes.TrimSpace(raw), &e) == nil {
			replay(e)
		}
	}
}

func (j *journal) write(e entry) error {
	if j == nil {
		return nil
	}
	raw, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = j.file.Write(append(raw, '\n'))
	return err
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	return j.file.Close()
}

// replay puts one entry of an earlier life into the book.
func (s *Sandbox) replay(e entry) {
	switch {
	case e.Accepted != nil:
		e.Accepted.Token, e.Accepted.Provider = e.Token, or(e.Accepted.Provider, Twilio) // old journals know Twilio only
		s.book.add([]Record{*e.Accepted})
	case e.Finished != "":
		if t := s.book.byKey[e.Finished]; t != nil {
			t.finished = true
			status, code := s.fate(t)
			s.book.advance(t, status, code, t.At)
		}
	case e.Stop != nil:
		s.book.stopped(*e.Stop)
	case e.Start != nil:
		s.book.block(pair{e.Start.Phone, e.Start.Number}, false)
	case e.Shop != nil:
		s.market.open(*e.Shop)
	case e.Deal != nil:
		s.market.add(e.Deal)
	case e.Told != "":
		s.market.tell(e.Told)
	}
}
