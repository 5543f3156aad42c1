package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// subscribed is a row of the list.
type subscribed struct {
	Phone  string
	Status string
	brought
}

// importSeen is what the database says after an import.
type importSeen struct {
	Subscriptions []subscribed
	Consents      map[string]int // of the import: how many each phone has
	Refused       map[int]string
	Counters      counters
	Reasons       map[string]int64
	OtherLists    int64 // as counted
	OnOtherLists  int64 // as it is
	Imports       int   // of the list, besides the one that prepared it
	Leftovers     []string
}

// importVerdict counts broken promises.
type importVerdict struct {
	Lost         int      `json:"lost"`          // good rows without a subscription
	Doubled      int      `json:"doubled"`       // second imports, consents or subscriptions
	WrongValues  int      `json:"wrong_values"`  // subscriptions that are not as the file has them
	Revived      int      `json:"revived"`       // said STOP, and are on the list all the same
	WrongRefusal int      `json:"wrong_refusal"` // rows refused for nothing, or not refused
	WrongCounter int      `json:"wrong_counters"`
	Leftovers    int      `json:"leftovers"` // tables and pieces of files
	Findings     []string `json:"findings,omitempty"`
}

func (v *importVerdict) find(count *int, n int, format string, args ...any) {
	if n > 0 {
		*count += n
		v.Findings = append(v.Findings, fmt.Sprintf("%d: ", n)+fmt.Sprintf(format, args...))
	}
}

func (v importVerdict) clean() bool {
	return v.Lost+v.Doubled+v.WrongValues+v.Revived+v.WrongRefusal+v.WrongCounter+v.Leftovers == 0
}

// judgeImport holds the database against the file.
func judgeImport(f importFile, s importSeen) (v importVerdict) {
	v.judgeList(f, s)
	v.judgeConsents(f, s)
	wrong := 0
	for line := range mergeKeys(f.refused, s.Refused) {
		if f.refused[line] != s.Refused[line] {
			wrong++
		}
	}
	v.find(&v.WrongRefusal, wrong, "lines are refused wrongly")
	if s.Counters != f.want {
		v.find(&v.WrongCounter, 1, "the import counts %+v, the file says %+v", s.Counters, f.want)
	}
	if !maps.Equal(s.Reasons, f.reasons) {
		v.find(&v.WrongCounter, 1, "reasons are counted as %v, the file says %v", s.Reasons, f.reasons)
	}
	if s.OtherLists != s.OnOtherLists {
		v.find(&v.WrongCounter, 1, "%d are counted on other lists, %d are there", s.OtherLists, s.OnOtherLists)
	}
	v.find(&v.Doubled, s.Imports-1, "imports more than were asked for")
	v.find(&v.Leftovers, len(s.Leftovers), "left behind: %s", strings.Join(s.Leftovers, ", "))
	return v
}

func (v *importVerdict) judgeList(f importFile, s importSeen) {
	seen := make(map[string]int, len(s.Subscriptions))
	wrong, revived, strange := 0, 0, 0
	for _, sub := range s.Subscriptions {
		seen[sub.Phone]++
		want, known := f.list[sub.Phone]
		switch {
		case !known && slices.Contains(f.silent, sub.Phone), f.stopped[sub.Phone] && sub.Status != "opted_out":
			revived++
		case !known:
			strange++
		case !f.stopped[sub.Phone] && sub.Status != "active", sub.brought != want:
			wrong++
		}
	}
	lost, twice := 0, 0
	for phone := range f.list {
		switch n := seen[phone]; {
		case n == 0:
			lost++
		case n > 1:
			twice += n - 1
		}
	}
	v.find(&v.Lost, lost, "people of the file are not on the list")
	v.find(&v.Doubled, twice, "people are on the list again")
	v.find(&v.WrongValues, wrong, "people have other values than the file's")
	v.find(&v.WrongValues, strange, "people are on the list and in no good row")
	v.find(&v.Revived, revived, "people are on the list after a STOP")
}

// judgeConsents wants one proof for everybody who is new, and none for the others.
func (v *importVerdict) judgeConsents(f importFile, s importSeen) {
	missing, more := 0, 0
	for phone := range mergeKeys(f.added, s.Consents) {
		want := 0
		if f.added[phone] {
			want = 1
		}
		missing, more = missing+max(want-s.Consents[phone], 0), more+max(s.Consents[phone]-want, 0)
	}
	v.find(&v.Lost, missing, "new people without a proof of consent")
	v.find(&v.Doubled, more, "proofs of consent too many")
}

func mergeKeys[K comparable, A, B any](a map[K]A, b map[K]B) map[K]bool {
	all := make(map[K]bool, len(a)+len(b))
	for k := range a {
		all[k] = true
	}
	for k := range b {
		all[k] = true
	}
	return all
}

// seen reads what the import has left.
func (w *world) seen(ctx context.Context, list, id string) (s importSeen, err error) {
	err = patiently(ctx, apiPatience, apiPause, func(ctx context.Context) (bool, error) {
		s = importSeen{Consents: map[string]int{}, Refused: map[int]string{}}
		for _, read := range []func(context.Context, string, string, *importSeen) error{
			w.readList, w.readReport, w.readProofs, w.readRefused, w.readLeftovers,
		} {
			if err := read(ctx, list, id, &s); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	return s, err
}

func (w *world) readList(ctx context.Context, list, _ string, s *importSeen) error {
	rows, err := w.db.Query(ctx, `SELECT c.phone, s.status, s.first_name, s.last_name, s.state, s.fields::text
		FROM subscriptions s JOIN contacts c ON c.id = s.contact_id WHERE s.list_id = $1`, list)
	if err == nil {
		s.Subscriptions, err = pgx.CollectRows(rows, pgx.RowToStructByPos[subscribed])
	}
	return err
}

func (w *world) readReport(ctx context.Context, list, id string, s *importSeen) error {
	var reasons []byte
	c := &s.Counters
	err := w.db.QueryRow(ctx, `SELECT rows_read, refused, added, merged, opted_out, reasons, other_lists,
			(SELECT count(*) - 1 FROM imports WHERE list_id = $1),
			(SELECT count(*) FROM subscriptions u WHERE u.list_id = $1 AND u.status = 'active' AND EXISTS (
			        SELECT FROM subscriptions o WHERE o.account_id = u.account_id AND o.contact_id = u.contact_id AND o.list_id <> $1))
		FROM imports WHERE id = $2`, list, id).
		Scan(&c.Rows, &c.Refused, &c.Added, &c.Merged, &c.OptedOut, &reasons, &s.OtherLists, &s.Imports, &s.OnOtherLists)
	if err != nil {
		return err
	}
	return json.Unmarshal(reasons, &s.Reasons)
}

func (w *world) readProofs(ctx context.Context, _, id string, s *importSeen) error {
	rows, err := w.db.Query(ctx, `SELECT c.phone, count(*) FROM consents o JOIN contacts c ON c.id = o.contact_id
		WHERE o.import_id = $1 GROUP BY c.phone`, id)
	if err != nil {
		return err
	}
	var phone string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&phone, &n}, func() error {
		s.Consents[phone] = n
		return nil
	})
	return err
}

func (w *world) readRefused(ctx context.Context, _, id string, s *importSeen) error {
	rows, err := w.db.Query(ctx, `SELECT line, reason FROM import_refusals WHERE import_id = $1`, id)
	if err != nil {
		return err
	}
	var line int
	var reason string
	_, err = pgx.ForEachRow(rows, []any{&line, &reason}, func() error {
		s.Refused[line] = reason
		return nil
	})
	return err
}

// readLeftovers looks for what only a running import may have. The drill runs one at a time.
func (w *world) readLeftovers(ctx context.Context, _, _ string, s *importSeen) error {
	rows, err := w.db.Query(ctx, `SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relname LIKE 'import\_rows\_%'
		UNION ALL SELECT 'piece ' || number || ' of ' || import_id FROM import_chunks`)
	if err == nil {
		s.Leftovers, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	return err
}
