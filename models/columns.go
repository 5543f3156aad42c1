package models

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Weekdays is a smallint[] column: 0 is Sunday.
type Weekdays []time.Weekday

// Value implements driver.Valuer.
func (w Weekdays) Value() (driver.Value, error) {
	parts := make([]string, len(w))
	for i, d := range w {
		parts[i] = strconv.Itoa(int(d))
	}
	return "{" + strings.Join(parts, ",") + "}", nil
}

// Scan implements sql.Scanner.
func (w *Weekdays) Scan(v any) error {
	*w = nil
	for _, p := range arrayOf(v) {
		n, err := strconv.Atoi(p)
		if err != nil {
			return fmt.Errorf("weekdays: %w", err)
		}
		*w = append(*w, time.Weekday(n))
	}
	return nil
}

// Texts is a text[] column of plain words: no commas, quotes or braces.
type Texts []string

// Value implements driver.Valuer.
func (t Texts) Value() (driver.Value, error) { return "{" + strings.Join(t, ",") + "}", nil }

// Scan implements sql.Scanner.
func (t *Texts) Scan(v any) error {
	*t = arrayOf(v)
	return nil
}

// arrayOf takes apart the text form of an array of plain words.
func arrayOf(v any) []string {
	raw := ""
	switch v := v.(type) {
	case string:
		raw = v
	case []byte:
		raw = string(v)
	}
	if raw = strings.Trim(raw, "{}"); raw == "" {
		return nil
	}
	return strings.Split(raw, ",")
}

// Pairs is a jsonb column of names and their values.
type Pairs map[string]string

// Value implements driver.Valuer.
func (p Pairs) Value() (driver.Value, error) {
	if len(p) == 0 {
		return "{}", nil // and never null, which the schema refuses
	}
	b, err := json.Marshal(map[string]string(p))
	return string(b), err
}

// Scan implements sql.Scanner.
func (p *Pairs) Scan(v any) error {
	*p = nil
	switch v := v.(type) {
	case string:
		return p.read([]byte(v))
	case []byte:
		return p.read(v)
	}
	return nil
}

func (p *Pairs) read(raw []byte) error {
	if string(raw) == "{}" {
		return nil
	}
	return json.Unmarshal(raw, (*map[string]string)(p))
}
