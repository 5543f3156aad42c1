package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

const lineEvery = 2 * time.Second // when the output is no terminal

// meter is a live bar on a terminal and a plain line now and then elsewhere.
type meter struct {
	out  io.Writer
	what string
	most int64 // -1: nobody knows
	unit string
	bar  *progressbar.ProgressBar
	last time.Time
}

// newMeter shows how much of most is done; the unit B is for bytes.
func newMeter(out io.Writer, what string, most int64, unit string) *meter {
	m := &meter{out: out, what: what, most: most, unit: unit, last: time.Now()}
	f, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return m
	}
	m.bar = progressbar.NewOptions64(most, progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(what), progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionFullWidth(), progressbar.OptionShowBytes(unit == "B"),
		progressbar.OptionSetPredictTime(unit == "B"))
	return m
}

// show moves the meter. more stands behind the number.
func (m *meter) show(n int64, more string) {
	if m.bar != nil {
		m.bar.Describe(m.what + " " + more)
		_ = m.bar.Set64(n)
		return
	}
	if time.Since(m.last) < lineEvery {
		return
	}
	m.last = time.Now()
	share := ""
	if m.most > 0 {
		share = fmt.Sprintf("%3d%% ", 100*n/m.most)
	}
	if m.unit == "B" {
		more = fmt.Sprintf("%d MB", n>>20)
	}
	_, _ = fmt.Fprintf(m.out, "%s %s%s\n", m.what, share, more)
}

func (m *meter) end() {
	if m.bar != nil {
		_ = m.bar.Finish()
		_, _ = fmt.Fprintln(m.out)
		m.bar = nil
	}
}
