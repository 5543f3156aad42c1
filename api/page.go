package api

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/models"
)

// Paging says which page is wanted.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"200" doc:"next_cursor of the page before; leave out for the first page."`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"How many items at most."`
}

// Page is one page of something.
type Page[T any] struct {
	Items      []T    `json:"items" nullable:"false" doc:"In the order they were made, oldest first."`
	NextCursor string `json:"next_cursor,omitempty" doc:"Ask with this for the next page; absent on the last one."`
}

const cursorMark = "1."

// toCursor hides what a page is ordered by, so that it can change.
func toCursor(last string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorMark + last))
}

func fromCursor(cursor string) (string, bool) {
	if cursor == "" {
		return "", true
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	last, ours := strings.CutPrefix(string(raw), cursorMark)
	return last, err == nil && ours
}

// afterID reads a cursor over ids.
func afterID[T ~string](p Paging) (T, error) {
	last, ok := fromCursor(p.Cursor)
	if !ok || (last != "" && !models.IsID(last)) {
		return "", badCursor()
	}
	return T(last), nil
}

// afterNumber reads a cursor over numbers.
func afterNumber[T ~int64](p Paging) (T, error) {
	last, ok := fromCursor(p.Cursor)
	if !ok {
		return 0, badCursor()
	}
	if last == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(last, 10, 64)
	if err != nil || n < 0 {
		return 0, badCursor()
	}
	return T(n), nil
}

func badCursor() error {
	var bad fault.Problems
	bad.Add("query.cursor", "is not a cursor of this server")
	return bad.Err("the request")
}

// pageOf makes a page of limit+1 rows or fewer: the row too many is how it is known
// that there are more.
func pageOf[R, T any](rows []R, limit int, view func(R) T, key func(R) string) *reply[Page[T]] {
	p := Page[T]{Items: make([]T, 0, min(len(rows), limit))}
	if len(rows) > limit {
		rows = rows[:limit]
		p.NextCursor = toCursor(key(rows[limit-1]))
	}
	for _, r := range rows {
		p.Items = append(p.Items, view(r))
	}
	return &reply[Page[T]]{Body: p}
}

// numberOf reads an id that is a number; anything else belongs to nobody.
func numberOf[T ~int64](id, what string) (T, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != id {
		return 0, fault.New(fault.NotFound, "no such %s", what)
	}
	return T(n), nil
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}
