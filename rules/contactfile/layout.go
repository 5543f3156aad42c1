package contactfile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"trackly/internal/fault"
	"trackly/rules/field"
)

// Layout is what a file looks like, before anybody has corrected it.
type Layout struct {
	Encoding  Encoding
	Delimiter string // one of , ; | and a tab
	Columns   []Column
}

// Propose looks at the first HeadBytes of a file (a shorter head is the whole file) and
// says what its columns probably mean. region is the country in which numbers without
// a + are dialled ("US" when empty); known are the account's custom fields. The columns
// may lack a phone, or have two: Options.Settle complains of that, and the uploader can
// correct it. An error is fault.Invalid and says why the file can be no file of contacts.
func Propose(head []byte, region string, known field.Set) (Layout, error) {
	o := Options{Region: region, Known: known}.filled()
	whole := len(head) < HeadBytes
	s, err := open(bytes.NewReader(head[:min(len(head), HeadBytes)]), o.MaxLine, whole)
	if err != nil {
		return Layout{}, err
	}
	columns, err := s.propose(o)
	if err != nil {
		return Layout{}, err
	}
	return Layout{Encoding: s.letters.encoding, Delimiter: string(s.delimiter), Columns: columns}, nil
}

// propose reads the header line and the rows behind it, without taking them away.
func (s *source) propose(o Options) ([]Column, error) {
	c := csvReader(newGuard(bytes.NewReader(s.head), 1+s.skipped, o.MaxLine), s.delimiter)
	l := s.letters
	headers, err := headersOf(c, o.Region, &l)
	if err != nil {
		return nil, err
	}
	columns := make([]Column, len(headers))
	for i, h := range headers {
		columns[i] = meant(h, o.Known)
	}
	look(columns, samplesOf(c, len(columns), &l), o.Region)
	return columns, nil
}

// headersOf reads the header line.
func headersOf(c *csv.Reader, region string, l *letters) ([]string, error) {
	headers, err := c.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, fault.New(fault.Invalid, "the file is empty")
	case errors.Is(err, csv.ErrQuote), errors.Is(err, csv.ErrBareQuote):
		return nil, fault.New(fault.Invalid, "the header line has a quotation mark in the wrong place")
	case err != nil:
		return nil, err
	}
	headers = slices.Clone(headers) // the reader writes over them
	for i, h := range headers {
		if text, ok := l.read(h); ok {
			h = text
		}
		headers[i] = trimmed(h)
	}
	return headers, plausible(headers, region)
}

// sampled is how many cells of a column are looked at.
const sampled = 500

// samplesOf gives the first cells of every column that are not empty. Rows that cannot
// be read say nothing; what is wrong with them is told when the file is read.
func samplesOf(c *csv.Reader, columns int, l *letters) [][]string {
	samples := make([][]string, columns)
	for missing := columns; missing > 0; {
		cells, err := c.Read()
		if _, bad := errors.AsType[*csv.ParseError](err); bad {
			continue
		}
		if err != nil {
			break
		}
		if ragged(cells, columns) {
			continue
		}
		for i := range columns {
			if cell, ok := l.read(plain(cells[i])); ok && cell != "" && len(samples[i]) < sampled {
				samples[i] = append(samples[i], strings.Clone(cell)) // the rest of the line need not be kept
				if len(samples[i]) == sampled {
					missing--
				}
			}
		}
	}
	return samples
}

// mostShown is how many different values of a column are shown to the uploader.
const mostShown = 3

func examples(samples []string) (shown []string) {
	for _, s := range samples {
		if s = cut(s, maxShownValue); !slices.Contains(shown, s) {
			shown = append(shown, s)
		}
		if len(shown) == mostShown {
			break
		}
	}
	return shown
}
