package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
)

// brought is what a contact file says about a person, as the list must show it.
type brought struct{ First, Last, State, Fields string }

// importFile is a contact file and what must come of it.
type importFile struct {
	head    []byte // brought before, undisturbed: these people are on the list already
	body    []byte
	silent  []string           // phones that said STOP before the file came
	list    map[string]brought // everybody on the list afterwards
	stopped map[string]bool    // of those: opted out
	added   map[string]bool    // new by the file
	refused map[int]string     // reason by line
	want    counters
	reasons map[string]int64
}

// counters are those of an import's report.
type counters struct{ Rows, Refused, Added, Merged, OptedOut int64 }

const importHeader = "phone,first_name,last_name,state,consent_date,drill_plan,drill_score\n"

// Shares of a file's rows.
const (
	knownEvery = 20 // is on the list already
	muteEvery  = 97 // has said STOP
	badEvery   = 41 // cannot be used
)

// makeImport writes a file of so many rows. Half of its people are the file's before it.
func makeImport(number, rows int, random *rand.Rand) importFile {
	f := importFile{
		list: map[string]brought{}, stopped: map[string]bool{}, added: map[string]bool{}, refused: map[int]string{}, reasons: map[string]int64{},
	}
	head, body := bytes.NewBufferString(importHeader), bytes.NewBufferString(importHeader)
	seen := []int{}
	for row := range rows {
		line, who := row+2, number*rows/2+row
		if row%badEvery == badEvery-1 {
			text, reason := badRow(who, seen[random.IntN(len(seen))], random)
			body.WriteString(text)
			f.refused[line] = reason
			f.reasons[reason]++
			continue
		}
		seen = append(seen, who)
		p := personOf(who, number)
		body.WriteString(p.row(who))
		f.expect(head, who, row, p)
	}
	f.head, f.body = head.Bytes(), body.Bytes()
	f.want.Rows, f.want.Refused = int64(rows), int64(len(f.refused))
	return f
}

// expect says what becomes of a good row.
func (f *importFile) expect(head *bytes.Buffer, who, row int, p brought) {
	phone, known, mute := importPhone(who), row%knownEvery == 0, row%muteEvery == 0
	before := personOf(who, -1)
	if known {
		head.WriteString(before.row(who))
		f.list[phone] = p
	}
	switch {
	case mute:
		f.silent = append(f.silent, phone)
		f.want.OptedOut++
		if known {
			f.list[phone], f.stopped[phone] = before, true
		}
	case known:
		f.want.Merged++
	default:
		f.want.Added++
		f.list[phone], f.added[phone] = p, true
	}
}

// importPhone is a number of the US plan, a different one for each of six million people.
func importPhone(who int) string {
	areas := []string{"212", "213", "214", "312", "404", "503", "602", "713"}
	return fmt.Sprintf("+1%s%03d%04d", areas[who%len(areas)], 230+who/len(areas)/10_000, who/len(areas)%10_000)
}

// personOf gives somebody another name and other values in every file.
func personOf(who, file int) brought {
	states := []string{"TX", "CA", "NY", "IL", "GA", "OR", "AZ"}
	return brought{
		First: fmt.Sprintf("Ada%d", (who+file)%5000), Last: fmt.Sprintf("Lane%d", who), State: states[(who+file+7)%len(states)],
		Fields: fmt.Sprintf(`{"drill_plan": "plan %d", "drill_score": %d}`, (who+file+9)%9, (who*7+file+100)%1000),
	}
}

func (p brought) row(who int) string {
	var plan, score int
	_, _ = fmt.Sscanf(p.Fields, `{"drill_plan": "plan %d", "drill_score": %d}`, &plan, &score)
	return fmt.Sprintf("%s,%s,%s,%s,2026-01-0%d,plan %d,%d\n", importPhone(who), p.First, p.Last, p.State, 1+who%9, plan, score)
}

// badRow is a row that must be refused, and the reason.
func badRow(who, earlier int, random *rand.Rand) (text, reason string) {
	good := importPhone(who)
	switch random.IntN(6) {
	case 0:
		return "12345,Bo,Bad,TX,2026-01-01,plan 1,1\n", "bad_phone"
	case 1:
		return ",Bo,Bad,TX,2026-01-01,plan 1,1\n", "empty_phone"
	case 2:
		return good + ",Bo,Bad,Narnia,2026-01-01,plan 1,1\n", "bad_state"
	case 3:
		return good + ",Bo,Bad,TX,2026-01-01,plan 1,many\n", "bad_value"
	case 4:
		return good + ",Bo,Bad,TX\n", "ragged_row"
	}
	digits := importPhone(earlier)[2:]
	return fmt.Sprintf("(%s) %s-%s,Bo,Twice,TX,2026-01-01,plan 1,1\n", digits[:3], digits[3:6], digits[6:]), "duplicate_in_file"
}
